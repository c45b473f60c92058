package dev.latchkey.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class TableTest {
    @Test
    void alignsTextLeftAndQuantitiesRight() {
        Table table = new Table("what", "value", "took")
                .row("readings opened", 1461, Duration.ofMillis(1234))
                .row("bytes each", Units.bytes(86), Duration.ofNanos(45_600))
                .row("share", 0.98765, "none");

        assertThat(table.lines())
                .containsExactly(
                        "what             value     took",
                        "---------------  -----  -------",
                        "readings opened  1,461   1.23 s",
                        "bytes each        86 B  45.6 us",
                        "share             0.99  none");
    }

    @Test
    void standsLeftWhatIsToldTo() {
        Table table = new Table("setting", "value");
        table.row("threads", new Table.Left("4")).row("listen", new Table.Left("127.0.0.1:5684"));
        assertThat(table.lines().get(2)).isEqualTo("threads  4");
    }

    @Test
    void needsNoHead() {
        assertThat(new Table().row("members", 20).row("height", 7).lines())
                .containsExactly("members  20", "height    7");
        assertThat(new Table().lines()).isEmpty();
    }

    @Test
    void refusesARowOfAnotherLength() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Table("a").row(1, 2));
        assertThatIllegalArgumentException().isThrownBy(() -> new Table().row(1).row(1, 2));
    }
}
