package dev.latchkey.console;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.util.Locale;

/**
 * One setting as it stands, for whoever shows it. Immutable.
 *
 * @param key its whole key, such as {@code cloud.first-retry}
 * @param kind what a value looks like: text, number, switch, duration, size, address, list
 * @param value as it could stand in a settings file: {@code 30 s}, {@code ["a:1"]}, {@code null}
 * @param standard the default, written alike
 * @param origin where the value comes from
 * @param explanation what the reference says about it, on one line; empty where it says nothing
 */
public record Setting(String key, Kind kind, String value, String standard, Origin origin, String explanation) {
    /** What a value is. */
    public enum Kind {
        TEXT,
        NUMBER,
        SWITCH,
        DURATION,
        SIZE,
        ADDRESS,
        LIST;

        static Kind of(ConfigValue standard) {
            if (standard instanceof ConfigList) {
                return LIST;
            }
            if (standard.valueType() == ConfigValueType.NUMBER) {
                return NUMBER;
            }
            if (standard.valueType() == ConfigValueType.BOOLEAN) {
                return SWITCH;
            }
            String text = String.valueOf(standard.unwrapped());
            if (text.matches("[0-9]+ ?(ns|us|ms|s|m|h|d|days?)")) {
                return DURATION;
            }
            if (text.matches("[0-9]+ ?([KMGT]i?)?B")) {
                return SIZE;
            }
            return text.matches("\\S*:[0-9]{1,5}") ? ADDRESS : TEXT;
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Where a value comes from; each kind goes over those before it. */
    public enum Origin {
        DEFAULT("default"),
        FILE("file"),
        /** Changed while the program ran, and kept. */
        CHANGED("changed"),
        ENVIRONMENT("environment"),
        COMMAND_LINE("command line");

        static final String ON_COMMAND_LINE = "command line";
        private static final String IN_ENVIRONMENT = "LATCHKEY_";
        private final String text;

        Origin(String text) {
            this.text = text;
        }

        static Origin of(ConfigOrigin origin, String changes) {
            if (origin.filename() != null) {
                return origin.filename().equals(changes) ? CHANGED : FILE;
            }
            if (origin.description().startsWith(ON_COMMAND_LINE)) {
                return COMMAND_LINE;
            }
            return origin.description().startsWith(IN_ENVIRONMENT) ? ENVIRONMENT : DEFAULT;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /** Whether who runs the program has fixed the value for this run, so that nothing in a file counts. */
    public boolean fixed() {
        return origin == Origin.ENVIRONMENT || origin == Origin.COMMAND_LINE;
    }

    /**
     * What somebody wrote as a value, as one line of a settings file can hold it and nothing beside it.
     *
     * @throws UsageFault if it is no value
     */
    public static String value(String key, String written) {
        ConfigValue value = SettingsFile.value(key, written);
        return value.render(ConfigRenderOptions.concise());
    }

    static Setting of(String key, ConfigValue value, ConfigValue standard, String changes) {
        return new Setting(
                key,
                Kind.of(standard),
                text(value),
                text(standard),
                Origin.of(value.origin(), changes),
                String.join(" ", standard.origin().comments()).strip().replaceAll("\\s+", " "));
    }

    /** As it could stand in a settings file, on one line; what needs no quotes for a reader gets none. */
    static String text(ConfigValue value) {
        String rendered = value.render(ConfigRenderOptions.concise());
        boolean plain = value.valueType() == ConfigValueType.STRING
                && String.valueOf(value.unwrapped()).matches("[A-Za-z0-9][A-Za-z0-9 ._/-]*[A-Za-z0-9]")
                && !String.valueOf(value.unwrapped()).contains("//")
                && !String.valueOf(value.unwrapped()).matches("(true|false|null|yes|no|on|off|include).*");
        return plain ? String.valueOf(value.unwrapped()) : rendered;
    }
}
