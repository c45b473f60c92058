package dev.latchkey.gateway.replica;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/** Counts what happened in the last sixty seconds, to the second; safe for use by many threads. */
final class LastMinute {
    private static final int SECONDS = 60;

    // Guarded by this.
    private final long[] counts = new long[SECONDS];
    private long newest = Long.MIN_VALUE;

    /** Once more, now. */
    synchronized void add(long nanoTime) {
        advance(nanoTime);
        counts[slot(newest)]++;
    }

    /** How often in the sixty seconds up to now. */
    synchronized long sum(long nanoTime) {
        advance(nanoTime);
        return Arrays.stream(counts).sum();
    }

    private void advance(long nanoTime) {
        long second = TimeUnit.NANOSECONDS.toSeconds(nanoTime);
        for (long passed = Math.max(newest + 1, second - SECONDS + 1); passed <= second; passed++) {
            counts[slot(passed)] = 0;
        }
        newest = Math.max(newest, second);
    }

    private static int slot(long second) {
        return (int) Math.floorMod(second, (long) SECONDS);
    }
}
