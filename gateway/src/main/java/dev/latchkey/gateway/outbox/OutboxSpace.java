package dev.latchkey.gateway.outbox;

/** What the queues of all chains take on disk together, and may take. Changed by the store's thread only. */
public final class OutboxSpace {
    private final long maxBytes;
    private volatile long bytes;

    /**
     * Makes an empty space.
     *
     * @param maxBytes bound on the rows of all queues
     */
    public OutboxSpace(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** What all queues take, in bytes. */
    public long bytes() {
        return bytes;
    }

    boolean fits(int more) {
        return bytes + more <= maxBytes;
    }

    /** Counts bytes that were taken or, if negative, given back. */
    void take(int more) {
        bytes += more;
    }
}
