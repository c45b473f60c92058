package dev.latchkey.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class ScreenTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final AtomicLong nanos = new AtomicLong(5);

    @Test
    void plainOutputHasAtMostOneLineASecond() {
        Screen screen = screen(false);
        try (ProgressBar bar = screen.progress("readings", 1000)) {
            for (int i = 0; i < 1000; i++) {
                nanos.addAndGet(4_000_000);
                bar.step();
            }
        }

        assertThat(shown())
                .containsExactly(
                        "  readings  25%  250/1,000  250/s  3 s left",
                        "  readings  50%  500/1,000  250/s  2 s left",
                        "  readings  75%  750/1,000  250/s  1 s left",
                        "  readings  100%  1,000/1,000  250/s",
                        "  readings  1,000/1,000  250/s  in 4 s");
    }

    @Test
    void aTerminalKeepsTheBarBelowOtherLines() {
        Screen screen = screen(true);
        ProgressBar bar = screen.progress("joins", 20);
        nanos.addAndGet(100_000_000);
        bar.step(10);
        screen.phase("cloud is away");
        bar.close();

        String line = "  joins  [############............]  50%  10/20  100/s  1 s left";
        assertThat(out.toString(StandardCharsets.UTF_8))
                .isEqualTo("\r\033[K" + line + "\r\033[K* cloud is away" + System.lineSeparator() + line
                        + "\r\033[K  joins  10/20  100/s  in 100 ms" + System.lineSeparator());
    }

    @Test
    void anUnknownTotalHasNoEstimate() {
        ProgressBar bar = screen(false).progress("blocks", 0);
        nanos.addAndGet(2_000_000_000);
        bar.step(3);

        assertThat(shown()).containsExactly("  blocks  3  1.50/s");
    }

    @Test
    void theRateFollowsTheRecentPast() {
        ProgressBar bar = screen(false).progress("x", 100_000);
        for (int second = 0; second < 60; second++) {
            nanos.addAndGet(1_000_000_000);
            bar.step(second < 30 ? 1000 : 10);
        }

        assertThat(shown().get(59)).contains("  1").doesNotContain("1,000/s");
        assertThat(bar.done()).isEqualTo(30 * 1010);
    }

    @Test
    void aBlockIsRedrawnInPlaceBelowOtherLines() {
        Screen screen = screen(true);
        screen.block(lines("a", "b"));
        screen.line("news");
        screen.block(lines("c"));
        screen.block(List.of());
        screen.line("end");

        String nl = System.lineSeparator();
        assertThat(out.toString(StandardCharsets.UTF_8))
                .isEqualTo("\r\033[Ka" + nl + "b" + nl // nothing was there
                        + "\r\033[2A\033[Jnews" + nl + "a" + nl + "b" + nl
                        + "\r\033[2A\033[Jc" + nl
                        + "\r\033[1A\033[J"
                        + "end" + nl);
    }

    @Test
    void aBlockStandsAboveTheBar() {
        Screen screen = screen(true);
        ProgressBar bar = screen.progress("joins", 0);
        screen.block(lines("a"));
        nanos.addAndGet(1_000_000_000);
        bar.step(10);
        screen.block(lines("b"));
        bar.close();

        String nl = System.lineSeparator();
        assertThat(out.toString(StandardCharsets.UTF_8))
                .isEqualTo("\r\033[Ka" + nl + "\r\033[K  joins  10  10/s"
                        + "\r\033[1A\033[Jb" + nl + "  joins  10  10/s"
                        + "\r\033[1A\033[J  joins  10  10/s  in 1 s" + nl + "b" + nl);
    }

    @Test
    void aBlockFitsTheTerminalAndLeavesNoColour() {
        Screen screen = new Screen(new PrintStream(out, true, StandardCharsets.UTF_8), true, true, 20, nanos::get);
        screen.block(List.of(new Screen.Line("x".repeat(50) + "\033[2J", Screen.Tone.BAD)));

        assertThat(out.toString(StandardCharsets.UTF_8))
                .isEqualTo("\r\033[K\033[31m" + "x".repeat(19) + "\033[0m" + System.lineSeparator());
        assertThat(new Screen.Line("a\033[2J\n", Screen.Tone.BAD).text()).isEqualTo("a?[2J?");
    }

    @Test
    void plainOutputHasNoBlock() {
        screen(false).block(lines("a"));
        assertThat(out.size()).isZero();
    }

    @Test
    void colourIsLeftOutWhereItIsNotWanted() {
        assertThat(Screen.coloured(Map.of())).isTrue();
        assertThat(Screen.coloured(Map.of("NO_COLOR", ""))).isTrue();
        assertThat(Screen.coloured(Map.of("NO_COLOR", "1"))).isFalse();
    }

    private static List<Screen.Line> lines(String... texts) {
        return Stream.of(texts)
                .map(text -> new Screen.Line(text, Screen.Tone.STRONG))
                .toList();
    }

    private Screen screen(boolean terminal) {
        return new Screen(new PrintStream(out, true, StandardCharsets.UTF_8), terminal, false, 80, nanos::get);
    }

    private List<String> shown() {
        return out.toString(StandardCharsets.UTF_8).lines().toList();
    }
}
