package dev.latchkey.gateway.outbox;

import dev.latchkey.gateway.store.DiskRoom;

/** What the queues of all chains take on disk together, and may take. Changed by the store's thread only. */
public final class OutboxSpace {
    private volatile long maxBytes;
    private final DiskRoom disk;
    private volatile long bytes;

    /**
     * Makes an empty space.
     *
     * @param maxBytes bound on the rows of all queues
     * @param disk where they lie
     */
    public OutboxSpace(long maxBytes, DiskRoom disk) {
        this.maxBytes = maxBytes;
        this.disk = disk;
    }

    /** What all queues take, in bytes. */
    public long bytes() {
        return bytes;
    }

    /** What they may take from now on; what is there stays, however much it is. */
    public void limit(long otherMaxBytes) {
        maxBytes = otherMaxBytes;
    }

    /** What all queues may take, in bytes. */
    public long maxBytes() {
        return maxBytes;
    }

    boolean fits(int more) {
        return bytes + more <= maxBytes && disk.forMessages();
    }

    /** Counts bytes that were taken or, if negative, given back. */
    void take(int more) {
        bytes += more;
    }
}
