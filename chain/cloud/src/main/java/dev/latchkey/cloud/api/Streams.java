package dev.latchkey.cloud.api;

import dev.latchkey.cloud.chain.Bell;
import dev.latchkey.cloud.http.Refusal;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The open streams of a node, which are woken now and then. They end when the node stops, and when it has not known a leader
 * for some time: a node that is cut off would go on to say that it lives, and keep its readers from those who have news.
 * Thread-safe.
 */
public final class Streams implements AutoCloseable {
    /** An election is over sooner than this many turns. */
    private static final int MAX_TURNS_UNLED = 2;

    private final Set<Bell> bells = ConcurrentHashMap.newKeySet();
    private volatile boolean open = true;
    private volatile int unled;

    /** Whether streams go on. */
    boolean isOpen() {
        return open && unled < MAX_TURNS_UNLED;
    }

    /** Refuses a stream that is to go on, where none do. */
    void requireOpen() {
        if (!isOpen()) {
            throw Refusal.notReady();
        }
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

    /**
     * Wakes all streams, so that those with nothing to say send a sign of life. Called by one thread.
     *
     * @param led whether this node knows who leads
     */
    public void tick(boolean led) {
        unled = led ? 0 : Math.min(unled + 1, MAX_TURNS_UNLED);
        ring();
    }

    private void ring() {
        bells.forEach(Bell::ring);
    }

    /** Ends all streams at their next turn, and wakes them for it. */
    @Override
    public void close() {
        open = false;
        ring();
    }
}
