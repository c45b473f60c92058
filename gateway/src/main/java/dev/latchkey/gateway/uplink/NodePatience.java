package dev.latchkey.gateway.uplink;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

/**
 * How long one of several nodes may take until its answer begins. Thread-safe. A node that hangs is left soon; where all
 * are slow, the patience doubles up to the longest, so that an answer comes at last.
 */
final class NodePatience {
    private final Duration first;
    private final Duration longest;
    private final AtomicReference<Duration> now;

    /** For a number of nodes; a single one is waited for as long as for any answer. */
    NodePatience(CloudTiming timing, int nodes) {
        longest = timing.answer();
        first = nodes > 1 && timing.node().compareTo(longest) < 0 ? timing.node() : longest;
        now = new AtomicReference<>(first);
    }

    Duration now() {
        return now.get();
    }

    /** An answer came. */
    void met() {
        now.set(first);
    }

    /** None came in time. Several that waited equally long count once. */
    void missed(Duration waited) {
        Duration doubled = waited.multipliedBy(2);
        Duration next = doubled.compareTo(longest) < 0 ? doubled : longest;
        now.updateAndGet(current -> current.equals(waited) ? next : current);
    }
}
