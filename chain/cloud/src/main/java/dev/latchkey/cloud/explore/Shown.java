package dev.latchkey.cloud.explore;

import dev.latchkey.console.Json;
import dev.latchkey.console.Screen;
import dev.latchkey.console.Table;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Where results go: tables that fit the terminal, or one JSON object. What a server said is never written as it came: all
 * but printable ASCII becomes a question mark. For one thread.
 */
final class Shown {
    /** Hexadecimal digits of a hash, longest first; a terminal gets the longest that fit. */
    private static final List<Integer> DIGITS = List.of(64, 32, 16, 12, 8);

    private final Screen screen;
    private final int columns;

    Shown(Screen screen) {
        this.screen = screen;
        this.columns = screen.terminal() ? screen.columns() : Integer.MAX_VALUE;
    }

    /** How hashes are written in one table. */
    record Hashes(int digits) {
        /** As many digits of it as there is room for. */
        String of(Object hash) {
            String text = plain(String.valueOf(hash));
            return text.length() <= digits ? text : text.substring(0, digits);
        }
    }

    /** Only printable ASCII. */
    static String plain(String text) {
        return text.replaceAll("[^ -~]", "?");
    }

    void line(String text) {
        screen.line(plain(text));
    }

    /** A table in which hashes are as long as the terminal's width allows. */
    void table(Function<Hashes, Table> table) {
        List<String> lines = List.of();
        for (int digits : DIGITS) {
            lines = table.apply(new Hashes(digits)).lines();
            if (lines.stream().allMatch(line -> line.length() <= columns)) {
                break;
            }
        }
        lines.forEach(this::line);
    }

    /** One object and nothing else; JSON's escapes keep a terminal safe. */
    static void json(Map<String, Object> values) {
        System.out.println(Json.text(values));
    }

    Screen screen() {
        return screen;
    }
}
