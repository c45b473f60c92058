package dev.latchkey.coap;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;

class PressureTest {
    private static final long MILLI = 1_000_000L;

    private final Queue<Runnable> tasks = new ArrayDeque<>();
    /** Near the overflow of nanoTime, which is arbitrary. */
    private long now = Long.MAX_VALUE - 100 * MILLI;

    private final Pressure pressure = new Pressure(4, () -> now);
    private final Executor executor = pressure.counting(tasks::add);

    /** Fills the queue and lets the receiver wait until half of it has run; how often it looked. */
    private int hold() {
        while (tasks.size() < 4) {
            executor.execute(() -> {});
        }
        int[] looks = {0};
        pressure.awaitRoom(() -> {
            tasks.remove().run();
            looks[0]++;
            return true;
        });
        return looks[0];
    }

    @Test
    void lastsUntilHalfOfWhatWaitsHasRun() {
        assertThat(hold()).isEqualTo(2);
        pressure.awaitRoom(() -> {
            throw new AssertionError("there is room");
        });
    }

    @Test
    void endsWithTheServer() {
        for (int i = 0; i < 9; i++) {
            executor.execute(() -> {});
        }
        pressure.awaitRoom(() -> false);
        assertThat(tasks).hasSize(9);
    }

    @Test
    void aBurstIsNoOverload() {
        hold();
        assertThat(pressure.isHigh(now)).isFalse();
        now += 600 * MILLI;
        assertThat(pressure.isHigh(now)).isFalse();
        hold();
        assertThat(pressure.isHigh(now)).isFalse();
    }

    @Test
    void isHighWhileTheReceiverWaitsAgainAndAgain() {
        for (int i = 0; i <= 6; i++) {
            hold();
            now += 100 * MILLI;
        }
        assertThat(pressure.isHigh(now)).isTrue();
        now += 300 * MILLI;
        assertThat(pressure.isHigh(now)).isFalse();
    }

    @Test
    void tellsSoManyInASecond() {
        int told = 0;
        for (int i = 0; i < 10_000; i++) {
            told += pressure.mayTell(now) ? 1 : 0;
        }
        assertThat(told).isBetween(500, 510);
    }
}
