package dev.latchkey.sim.fleet;

import java.time.Duration;
import java.util.Arrays;

/** Measured durations and their percentiles, exact; safe for use by many threads. */
public final class Latencies {
    private static final int FIRST_SIZE = 1_024;

    // Guarded by this.
    private long[] nanos = new long[FIRST_SIZE];
    private int count;

    synchronized void add(long durationNanos) {
        if (count == nanos.length) {
            nanos = Arrays.copyOf(nanos, 2 * count);
        }
        nanos[count++] = durationNanos;
    }

    public synchronized int count() {
        return count;
    }

    /**
     * The duration that this part of all measured ones does not exceed (nearest rank).
     *
     * @param part 0.5 for the median
     * @throws IllegalStateException if nothing was measured
     */
    public synchronized Duration percentile(double part) {
        if (count == 0) {
            throw new IllegalStateException("nothing was measured");
        }
        long[] sorted = Arrays.copyOf(nanos, count);
        Arrays.sort(sorted);
        int rank = (int) Math.ceil(part * count);
        return Duration.ofNanos(sorted[Math.max(1, rank) - 1]);
    }
}
