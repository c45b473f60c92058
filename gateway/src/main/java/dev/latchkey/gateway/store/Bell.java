package dev.latchkey.gateway.store;

import java.time.Duration;

/**
 * Wakes a thread that works at its own pace; safe for use by many threads. Whoever waits says which ring it has heard,
 * so that none is missed between looking for work and lying down.
 */
public final class Bell {
    private static final long NANOS_PER_MILLI = 1_000_000;

    private long rings; // guarded by this

    /** Something has happened. */
    public synchronized void ring() {
        rings++;
        notifyAll();
    }

    /** How often it has rung. */
    public synchronized long rings() {
        return rings;
    }

    /** Waits until it has rung more often than this, or the time is over. */
    public synchronized void await(long heard, Duration longest) throws InterruptedException {
        long deadline = System.nanoTime() + longest.toNanos();
        long left = longest.toNanos();
        while (rings == heard && left > 0) {
            wait(left / NANOS_PER_MILLI + 1);
            left = deadline - System.nanoTime();
        }
    }
}
