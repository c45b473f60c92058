package dev.latchkey.coap;

import java.util.HashMap;
import java.util.Map;

/** The bodies of one peer, in one direction, of which some blocks have passed and others not; safe for use by many threads. */
final class Transfers {
    private final int limit;
    private final long patienceNanos;
    private final Map<String, Long> lastBlockAt = new HashMap<>(); // guarded by this

    Transfers(ServerLimits.Transfers limits) {
        this.limit = limits.perPeer();
        this.patienceNanos = limits.patience().toNanos();
    }

    /** Whether a further block of this body may be kept. */
    synchronized boolean admit(String target, long nowNanos) {
        if (!lastBlockAt.containsKey(target) && lastBlockAt.size() >= limit && open(nowNanos) >= limit) {
            return false;
        }
        lastBlockAt.put(target, nowNanos);
        return true;
    }

    /** A further block has passed. */
    synchronized void goesOn(String target, long nowNanos) {
        lastBlockAt.computeIfPresent(target, (key, last) -> nowNanos);
    }

    synchronized void finish(String target) {
        lastBlockAt.remove(target);
    }

    /** How many are open. Those that do not go on are forgotten, as the block-wise layer does. */
    synchronized int open(long nowNanos) {
        lastBlockAt.values().removeIf(last -> nowNanos - last > patienceNanos);
        return lastBlockAt.size();
    }
}
