package dev.latchkey.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

final class LogRingTest {
    private static final Logger LOG = LoggerFactory.getLogger("dev.latchkey.test.Ringing");

    @Test
    void keepsTheNewestAndCountsAll() {
        AtomicInteger told = new AtomicInteger();
        try (LogRing ring = LogRing.open(2, told::incrementAndGet)) {
            LOG.warn("one");
            LOG.atError()
                    .addKeyValue("chain", "seattle")
                    .setCause(new IllegalStateException("why"))
                    .log("two\nlines\u001b");
            LOG.warn("three");

            assertThat(told).hasValue(3);
            assertThat(ring.last()).isEqualTo(3);
            assertThat(ring.entries(0, "trace"))
                    .extracting(LogRing.Entry::number, LogRing.Entry::level, LogRing.Entry::logger, LogRing.Entry::text)
                    .containsExactly(
                            tuple(
                                    2L,
                                    "error",
                                    "Ringing",
                                    "two | lines? chain=\"seattle\" | java.lang.IllegalStateException: why"),
                            tuple(3L, "warn", "Ringing", "three"));
            assertThat(ring.entries(2, "warn")).hasSize(1);
            assertThat(ring.entries(0, "error")).hasSize(1);
            assertThatThrownBy(() -> ring.entries(0, "loud")).isInstanceOf(UsageFault.class);
        }
    }

    @Test
    void cutsWhatIsTooLongAndEndsWhenClosed() {
        LogRing ring = LogRing.open(5, () -> {});
        LOG.warn("x".repeat(LogRing.MAX_TEXT + 1));
        ring.close();
        LOG.warn("later");
        assertThat(ring.entries(0, "warn")).hasSize(1);
        assertThat(ring.entries(0, "warn").get(0).text()).hasSize(LogRing.MAX_TEXT);
    }
}
