package dev.latchkey.gateway.admin;

import dev.latchkey.console.Table;
import dev.latchkey.console.Units;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Values of the admin endpoint as people read them: their names end with the unit. A gateway of another version may leave
 * some out or send others; what is missing is a dash. Stateless.
 */
final class Shown {
    static final String NONE = "-";

    private Shown() {}

    /** A moment as its time, a span with its unit, bytes as a size, truth as yes or no, nothing as a dash. */
    static String text(Map<?, ?> values, String name) {
        return text(name, values.get(name));
    }

    static String text(String name, Object value) {
        if (value == null || "".equals(value)) {
            return NONE;
        }
        if (value instanceof Long number) {
            if (number < 0) { // a height before the first
                return NONE;
            }
            if (isMoment(name)) {
                return Instant.ofEpochSecond(number / 1_000).toString();
            }
            if (name.endsWith("-ms")) {
                return Units.text(Duration.ofMillis(number));
            }
            return name.endsWith("bytes") ? Units.bytes(number) : Units.count(number);
        }
        if (value instanceof List<?> list) {
            return list.isEmpty()
                    ? NONE
                    : String.join(" ", list.stream().map(String::valueOf).toList());
        }
        if (value instanceof Map<?, ?> map) {
            List<String> parts = new ArrayList<>();
            map.forEach((key, one) -> parts.add(label((String) key) + " " + text((String) key, one)));
            return String.join(", ", parts);
        }
        return value instanceof Boolean truth ? (truth ? "yes" : "no") : printable(String.valueOf(value));
    }

    /** How long ago a moment of the gateway's clock was, by this machine's; a dash for none. */
    static String ago(Map<?, ?> values, String name, long nowMillis) {
        if (!(values.get(name) instanceof Long moment)) {
            return NONE;
        }
        long seconds = (nowMillis - moment) / 1_000;
        return seconds <= 0 ? "now" : Units.text(Duration.ofSeconds(seconds)) + " ago";
    }

    /** A number, 0 if there is none. */
    static long number(Map<?, ?> values, String name) {
        return values.get(name) instanceof Long number ? number : 0;
    }

    static boolean truth(Map<?, ?> values, String name) {
        return Boolean.TRUE.equals(values.get(name));
    }

    static List<?> list(Map<?, ?> values, String name) {
        return values.get(name) instanceof List<?> list ? list : List.of();
    }

    /** The maps in a list, whatever else is in it. */
    static List<Map<?, ?>> rows(Map<?, ?> values, String name) {
        List<Map<?, ?>> rows = new ArrayList<>();
        for (Object one : list(values, name)) {
            if (one instanceof Map<?, ?> row) {
                rows.add(row);
            }
        }
        return rows;
    }

    /** The values with these names, one a line; those that are not there are left out. */
    static void facts(Map<?, ?> values, List<String> names, PrintStream out) {
        Table table = new Table();
        for (String name : names) {
            if (values.containsKey(name)) {
                table.row(label(name), " " + text(values, name));
            }
        }
        table.print(out);
    }

    /** What a table shows of each row: the columns' names are those of the values. */
    static void table(List<Map<?, ?>> rows, List<String> names, PrintStream out) {
        Table table = new Table(names.stream().map(Shown::label).toArray(String[]::new));
        rows.forEach(
                row -> table.row(names.stream().map(name -> text(row, name)).toArray()));
        table.print(out);
    }

    /** "ticket-until-ms" is "ticket until". */
    static String label(String name) {
        return (name.endsWith("-ms") ? name.substring(0, name.length() - 3) : name).replace('-', ' ');
    }

    private static boolean isMoment(String name) {
        return name.endsWith("-since-ms")
                || name.endsWith("-until-ms")
                || name.endsWith("-request-ms")
                || name.equals("since-ms");
    }

    /** What a gateway says moves no cursor. */
    private static String printable(String text) {
        return text.replaceAll("\\p{Cntrl}", "?");
    }
}
