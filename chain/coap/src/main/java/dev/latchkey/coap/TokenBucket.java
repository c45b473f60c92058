package dev.latchkey.coap;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Lets a lasting rate and a burst on top of it through (the generic cell rate algorithm, ITU-T I.371); lock-free, safe
 * for use by many threads. Its state is the instant at which the bucket is full again.
 */
final class TokenBucket {
    private static final long SECOND = 1_000_000_000L;

    private final long interval;
    private final long tolerance;
    private final AtomicLong fullAt;

    TokenBucket(int perSecond, int burst, long nowNanos) {
        this.interval = SECOND / perSecond;
        this.tolerance = interval * burst;
        this.fullAt = new AtomicLong(nowNanos);
    }

    /** Whether one more may pass now, by System.nanoTime. */
    boolean tryTake(long nowNanos) {
        return tryTake(nowNanos, interval, tolerance);
    }

    /** The same by another rate and burst than it was made with, which may have changed since. */
    boolean tryTake(long nowNanos, int perSecond, int burst) {
        long between = SECOND / perSecond;
        return tryTake(nowNanos, between, between * burst);
    }

    private boolean tryTake(long nowNanos, long between, long ahead) {
        while (true) {
            long full = fullAt.get();
            long from = full - nowNanos < 0 ? nowNanos : full;
            if (from - nowNanos > ahead) {
                return false;
            }
            if (fullAt.compareAndSet(full, from + between)) {
                return true;
            }
        }
    }
}
