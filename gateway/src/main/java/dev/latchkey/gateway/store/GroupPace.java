package dev.latchkey.gateway.store;

import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * When the store's next group begins. A synced write costs the processor the more units could have shared it: some 80 us
 * for the file system, the disk's interrupt and two changes of threads. On a disk that syncs in 300 us a stream of readings
 * made 1,100 groups of twelve a second, and a sixth of a core went into them. So while many units come, groups begin at
 * least {@link #BETWEEN_NANOS} apart; what comes alone waits for nothing. For one thread.
 */
final class GroupPace {
    /** What a unit then waits at most, beside the write itself. */
    static final long BETWEEN_NANOS = 2_000_000;

    /** From so many units in a group on the next one waits: whoever sends one at a time is not held up. */
    static final int MANY = 16;

    private final LongSupplier nanoTime;
    private long beganAt;
    private boolean many;

    GroupPace() {
        this(System::nanoTime);
    }

    GroupPace(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Nanoseconds until the next group may begin; 0 for at once. */
    long left() {
        return many ? Math.max(0, BETWEEN_NANOS - (nanoTime.getAsLong() - beganAt)) : 0;
    }

    /** Returns when the next group may begin. */
    void await() {
        for (long left = left(); left > 0; left = left()) {
            LockSupport.parkNanos(this, left);
        }
    }

    /** A group of so many units begins. */
    void began(int units) {
        beganAt = nanoTime.getAsLong();
        many = units >= MANY;
    }
}
