package dev.latchkey.cloud.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RatesTest {
    private final AtomicLong nanos = new AtomicLong();
    private final Rates rates = new Rates(10, 2, nanos::get);
    private final Client member = new Client("member", true);
    private final Client stranger = new Client("10.0.0.1", false);

    private int passed(Client client, int tries) {
        int passed = 0;
        for (int i = 0; i < tries; i++) {
            passed += rates.take(client) == 0 ? 1 : 0;
        }
        return passed;
    }

    @Test
    void twoSecondsWorthPassAtOnceAndThenWhatTheRateAllows() {
        assertThat(passed(member, 100)).isEqualTo(20);
        assertThat(passed(stranger, 100)).isEqualTo(4);
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
        assertThat(passed(member, 100)).isEqualTo(10);
        assertThat(passed(stranger, 100)).isEqualTo(2);
        nanos.addAndGet(TimeUnit.HOURS.toNanos(1));
        assertThat(passed(stranger, 100)).as("no more is saved up").isEqualTo(4);
    }

    @Test
    void oneClientDoesNotCostAnother() {
        passed(stranger, 100);
        assertThat(passed(new Client("10.0.0.2", false), 100)).isEqualTo(4);
        assertThat(passed(new Client("10.0.0.1", true), 1)).isEqualTo(1);
    }

    @Test
    void whoIsRefusedIsToldWhenToComeAgain() {
        Rates slow = new Rates(1, 1, nanos::get);
        assertThat(slow.take(stranger) + slow.take(stranger)).isZero();
        int seconds = slow.take(stranger);
        assertThat(seconds).isEqualTo(1);
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
        assertThat(slow.take(stranger)).isZero();
    }
}
