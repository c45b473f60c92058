package dev.latchkey.cloud.api;

import dev.latchkey.cloud.chain.Bell;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The open streams of a node, which are woken now and then and end when the node stops. Thread-safe. */
public final class Streams implements AutoCloseable {
    private final Set<Bell> bells = ConcurrentHashMap.newKeySet();
    private volatile boolean open = true;

    /** Whether streams go on. */
    boolean isOpen() {
        return open;
    }

    void add(Bell bell) {
        bells.add(bell);
    }

    void remove(Bell bell) {
        bells.remove(bell);
    }

    /** Streams that wait for messages. */
    public int waiting() {
        return bells.size();
    }

    /** Wakes all streams, so that those with nothing to say send a sign of life. */
    public void tick() {
        bells.forEach(Bell::ring);
    }

    /** Ends all streams at their next turn, and wakes them for it. */
    @Override
    public void close() {
        open = false;
        tick();
    }
}
