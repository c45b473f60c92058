package dev.latchkey.device;

import dev.latchkey.envelope.Confirmation;

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

    /** What this device sent did not reach a recipient, and will not. */
    default void returned(Returned readings) {}

    /**
     * The mailbox lost messages before they were read: their retention ended, or it had too many bytes. Told by a {@link
     * Consumer}, when it begins behind them.
     *
     * @param messages how many were lost since the mailbox exists
     * @param newest the sequence of the newest of them
     */
    default void lost(long messages, long newest) {}

    /**
     * A sender's signed digest was checked. {@link Confirmation.Verdict#MISSING}: its gateway acknowledged readings that have
     * not arrived; what proves that the sender said so is kept in the device's directory, {@code missing/}. Told again, as
     * settled, when the last of them arrives. {@link Confirmation.Verdict#DISPUTED}: another member of the session sealed
     * readings in its name.
     */
    default void digest(DigestReport report) {}

    /**
     * The gateway knows this device's keys no more: the member was suspended or revoked, has left, or its keys were changed
     * without it. The device goes on asking, ever more seldom, since a member who is suspended may be resumed, and tells it
     * each time; who does not want to wait closes the device, not from here but from a thread of his own.
     *
     * @param why of kind {@link DeviceException.Kind#NOT_ACTIVE}
     */
    default void shutOut(DeviceException why) {}
}
