package dev.latchkey.cloud.explore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.console.Screen;
import dev.latchkey.console.Table;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ShownTest {
    private static final String HASH = "0123456789abcdef".repeat(4);

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final PrintStream print = new PrintStream(out, true, StandardCharsets.UTF_8);

    private String table(Screen screen) {
        new Shown(screen).table(hashes -> new Table().row("hash", new Table.Left(hashes.of(HASH))));
        return out.toString(StandardCharsets.UTF_8).stripTrailing();
    }

    @Test
    void aTerminalGetsAsMuchOfAHashAsFits() {
        assertThat(table(Screen.terminal(print, 80))).endsWith("hash  " + HASH);
        assertThat(table(Screen.terminal(print, 50))).endsWith("hash  " + HASH.substring(0, 32));
        assertThat(table(Screen.terminal(print, 20))).endsWith("hash  " + HASH.substring(0, 12));
    }

    @Test
    void aPipeGetsAllOfIt() {
        assertThat(table(Screen.plain(print))).isEqualTo("hash  " + HASH);
    }

    @Test
    void onlyPrintableAsciiIsWritten() {
        assertThat(Shown.plain("a\u001b[2J\u009b\u202e\u00e9z")).isEqualTo("a?[2J???z");
    }
}
