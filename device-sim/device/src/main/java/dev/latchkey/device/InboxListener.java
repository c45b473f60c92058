package dev.latchkey.device;

/** Takes what arrives, one thing after the other, on the device's lane: it returns soon and does not wait. */
@FunctionalInterface
public interface InboxListener {
    /**
     * A pack arrived. It is noted on disk as delivered before this is called, so no pack is handed over twice; one
     * that a crash caught at this very moment is not handed over again.
     */
    void received(Received pack);

    /** A message was not delivered and is dropped; not told of one that was delivered before. */
    default void unopened(Unopened message) {}
}
