package dev.latchkey.gateway.directory;

import java.util.Arrays;
import java.util.Optional;

/**
 * One attribute of a link or of an endpoint; immutable.
 *
 * @param value without quotation marks and escapes; empty if it is only there, as "obs"
 * @param quoted whether it is written between quotation marks
 */
public record Attribute(String name, Optional<String> value, boolean quoted) {
    /** One with a value. */
    public static Attribute quoted(String name, String value) {
        return new Attribute(name, Optional.of(value), true);
    }

    /**
     * Whether a filter finds it: the value or one of its words, separated by spaces, is the wanted one, or begins with it
     * before a trailing * (RFC 6690, section 4.1).
     */
    boolean matches(String filter, String wanted) {
        return name.equals(filter)
                && (accepts(wanted, value.orElse(""))
                        || Arrays.stream(value.orElse("").split(" ")).anyMatch(word -> accepts(wanted, word)));
    }

    static boolean accepts(String wanted, String value) {
        return wanted.endsWith("*") ? value.startsWith(wanted.substring(0, wanted.length() - 1)) : value.equals(wanted);
    }

    /** As it stands in a link: {@code ;rt="temperature"}. */
    String text() {
        if (value.isEmpty()) {
            return ";" + name;
        }
        return quoted
                ? ";" + name + "=\"" + value.get().replace("\\", "\\\\").replace("\"", "\\\"") + "\""
                : ";" + name + "=" + value.get();
    }
}
