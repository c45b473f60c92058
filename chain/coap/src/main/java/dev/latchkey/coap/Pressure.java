package dev.latchkey.coap;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * How many datagrams wait for a thread, and whether the server keeps up; safe for use by many threads. Beyond a bound the
 * receiver waits: what then comes fills the socket's buffer and is dropped by the kernel, which costs next to nothing,
 * where a datagram that is read and queued costs the more the less there is to give. CoAP's clients repeat what was lost
 * later and later; some of them are told to come again, so that they keep silent for longer.
 */
final class Pressure {
    /** A pause as long as this ends an overload. */
    private static final long GAP_NANOS = 250_000_000L;

    /** What passes sooner is no overload but a burst, and is worked off. */
    private static final long PATIENCE_NANOS = 500_000_000L;

    /**
     * How often the receiver looks for room, for each datagram that may wait: it looks when half of them wait, so that these
     * take several times as long, and each look costs two changes of threads.
     */
    private static final long LOOK_NANOS_EACH = 1_000L;

    /** How many are told to come again, at some 30 us each: more would be more of the load than of its cure. */
    private static final int TOLD_PER_SECOND = 500;

    private final int most;
    private final long lookNanos;
    private final LongSupplier nanoTime;
    private final AtomicInteger waiting = new AtomicInteger();
    private final TokenBucket told;
    /** Written by the receiver only. */
    private volatile long since;
    /** Written by the receiver only. */
    private volatile long lastHeld;

    /**
     * @param most datagrams that may wait
     */
    Pressure(int most) {
        this(most, System::nanoTime);
    }

    Pressure(int most, LongSupplier nanoTime) {
        this.most = most;
        this.lookNanos = LOOK_NANOS_EACH * most;
        this.nanoTime = nanoTime;
        this.told = new TokenBucket(TOLD_PER_SECOND, TOLD_PER_SECOND, nanoTime.getAsLong());
        this.lastHeld = nanoTime.getAsLong() - 2 * GAP_NANOS;
    }

    /** An executor that counts what waits in another. */
    Executor counting(Executor executor) {
        return task -> {
            waiting.incrementAndGet();
            try {
                executor.execute(() -> {
                    waiting.decrementAndGet();
                    task.run();
                });
            } catch (RejectedExecutionException e) {
                waiting.decrementAndGet();
                throw e;
            }
        };
    }

    /** Called by the receiver before it takes a datagram: returns when there is room for it. */
    void awaitRoom(BooleanSupplier running) {
        if (waiting.get() < most) {
            return;
        }
        long now = nanoTime.getAsLong();
        if (now - lastHeld > GAP_NANOS) {
            since = now;
        }
        while (waiting.get() > most / 2 && running.getAsBoolean()) {
            LockSupport.parkNanos(lookNanos);
        }
        lastHeld = nanoTime.getAsLong();
    }

    /** Whether the receiver has had to wait again and again for some time. */
    boolean isHigh(long now) {
        return now - lastHeld < GAP_NANOS && now - since > PATIENCE_NANOS;
    }

    /** Whether one more may be told to come again later. */
    boolean mayTell(long now) {
        return told.tryTake(now);
    }
}
