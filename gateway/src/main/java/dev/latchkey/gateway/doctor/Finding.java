package dev.latchkey.gateway.doctor;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * What one check found.
 *
 * @param check what was looked at
 * @param found what is so
 * @param advice what to do about it; empty when all is well
 */
public record Finding(String check, Level level, String found, String advice) {
    /** How good that is. */
    public enum Level {
        OK,
        /** It runs, but not as well as it could. */
        WARN,
        /** It will not run, or not for long. */
        FAIL;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static Finding ok(String check, String found) {
        return new Finding(check, Level.OK, found, "");
    }

    static Finding warn(String check, String found, String advice) {
        return new Finding(check, Level.WARN, found, advice);
    }

    static Finding fail(String check, String found, String advice) {
        return new Finding(check, Level.FAIL, found, advice);
    }

    Map<String, Object> values() {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("check", check);
        values.put("level", level.toString());
        values.put("found", found);
        values.put("advice", advice);
        return values;
    }
}
