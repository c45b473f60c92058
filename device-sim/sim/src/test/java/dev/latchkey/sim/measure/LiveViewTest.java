package dev.latchkey.sim.measure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.console.Screen;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

final class LiveViewTest {
    private static final long MILLI = 1_000_000;

    private final TestTime time = new TestTime();
    private final Meter meter = time.meter();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @Test
    void theBlockSaysPhaseRatesLatenciesAndErrors() {
        halfASending();

        assertThat(LiveLines.block(meter.timeline(), meter.recent()))
                .extracting(Screen.Line::text)
                .containsExactly(
                        "  send  [##########..............]  44%  800/1,800 opened  4 s  5 s left",
                        "                       total      rate       p50       p90       p99",
                        "  joined                   2             50.1 ms   50.1 ms   50.1 ms",
                        "  sent                 1,002     251/s",
                        "  acknowledged         1,000     250/s   20.1 ms   20.1 ms   20.1 ms",
                        "  opened                 800     200/s   30.0 ms   30.0 ms   30.0 ms",
                        "  1 in flight  up 0 B/s  down 0 B/s  0.50 CPUs  100 MB",
                        "  1 error: timeout? 1");
    }

    @Test
    void theBlockFitsEightyColumns() {
        meter.phase("x".repeat(30), Meter.OPENED, 1_000_000_000);
        for (int i = 0; i < 10; i++) {
            meter.fault("kind" + i);
            meter.event("event " + "e".repeat(i * 5), MILLI);
        }
        meter.sent();
        List<Screen.Line> lines = LiveLines.block(meter.timeline(), meter.recent());
        assertThat(lines).hasSizeLessThanOrEqualTo(10);
        assertThat(lines.get(lines.size() - 1).text())
                .isEqualTo("  10 errors: kind0 1, kind1 1, kind2 1, kind3 1, ...");
        assertThat(lines.subList(1, lines.size()))
                .allSatisfy(line -> assertThat(line.text()).hasSizeLessThan(80));
    }

    @Test
    void elsewhereItIsALineAndNoneWhenNothingChanged() {
        halfASending();
        Screen screen = Screen.plain(new PrintStream(out, true, StandardCharsets.UTF_8));
        try (LiveView view = LiveView.of(screen, meter)) {
            view.show();
            view.show();
        }
        assertThat(out.toString(StandardCharsets.UTF_8).lines())
                .containsExactly("  send  44%  800/1,800 opened  sent 251/s  acknowledged 250/s  opened 200/s"
                        + "  in flight 1  send to opened p50 30.0 ms, p99 30.0 ms  1 error: timeout? 1");
    }

    @Test
    void aClosedViewLeavesNothingOnTheTerminal() {
        halfASending();
        Screen screen = Screen.terminal(new PrintStream(out, true, StandardCharsets.UTF_8), 80);
        LiveView view = LiveView.of(screen, meter);
        view.show();
        view.close();
        view.show();
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("1,002").endsWith("\r\u001b[8A\u001b[J");
    }

    /** Four seconds in which 1,002 were sent, 1,000 acknowledged, 800 opened. */
    private void halfASending() {
        meter.wire(() -> WireCounts.NONE);
        meter.event("joined", 50 * MILLI);
        meter.event("joined", 50 * MILLI);
        meter.phase("send", Meter.OPENED, 1800);
        for (int second = 0; second < 4; second++) {
            for (int i = 0; i < 250; i++) {
                meter.sent();
                meter.acknowledged(20 * MILLI);
                if (i < 200) {
                    meter.opened(30 * MILLI);
                }
            }
            if (second == 3) {
                meter.sent();
                meter.sent();
                meter.failed("timeout\u2603");
            }
            time.passes(1);
        }
    }
}
