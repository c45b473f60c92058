package dev.latchkey.coap;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.function.BooleanSupplier;

/**
 * Lets one thing at a time happen in each of many lanes, in their order; safe for use by many threads. A client's
 * block-wise transfers of one resource need it: the second would end the first (RFC 7959, sections 2.4 and 2.5).
 */
final class Lanes {
    /** What waits behind the one that happens; no entry, nothing happens. */
    private final Map<String, Queue<BooleanSupplier>> waiting = new HashMap<>(); // guarded by this

    /**
     * Starts it now or when all before it in this lane have left.
     *
     * @param start false if there is nothing to do any more: the next may start at once
     */
    void enter(String lane, BooleanSupplier start) {
        synchronized (this) {
            Queue<BooleanSupplier> before = waiting.get(lane);
            if (before != null) {
                before.add(start);
                return;
            }
            waiting.put(lane, new ArrayDeque<>());
        }
        if (!start.getAsBoolean()) {
            leave(lane);
        }
    }

    /** To be called once by each that was started. */
    void leave(String lane) {
        Optional<BooleanSupplier> next = next(lane);
        while (next.isPresent() && !next.get().getAsBoolean()) {
            next = next(lane);
        }
    }

    private synchronized Optional<BooleanSupplier> next(String lane) {
        Optional<BooleanSupplier> next = Optional.ofNullable(waiting.get(lane).poll());
        if (next.isEmpty()) {
            waiting.remove(lane);
        }
        return next;
    }
}
