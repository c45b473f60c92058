package dev.latchkey.coap;

import java.util.HashMap;
import java.util.Map;

/** The block-wise uploads that one peer has begun and not finished; safe for use by many threads. */
final class Uploads {
    /** As long as the block-wise layer keeps an upload that does not go on. */
    private static final long LIFETIME_NANOS = 60_000_000_000L;

    private final int limit;
    private final Map<String, Long> lastBlockAt = new HashMap<>(); // guarded by this

    Uploads(int limit) {
        this.limit = limit;
    }

    /** Whether a further block to this target may be taken. */
    synchronized boolean admit(String target, long nowNanos) {
        if (!lastBlockAt.containsKey(target) && lastBlockAt.size() >= limit) {
            lastBlockAt.values().removeIf(last -> nowNanos - last > LIFETIME_NANOS);
            if (lastBlockAt.size() >= limit) {
                return false;
            }
        }
        lastBlockAt.put(target, nowNanos);
        return true;
    }

    synchronized void finish(String target) {
        lastBlockAt.remove(target);
    }
}
