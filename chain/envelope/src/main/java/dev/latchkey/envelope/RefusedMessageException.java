package dev.latchkey.envelope;

/**
 * A message that is not what its sender may send or its reader may open. To the outside all of these look the same:
 * the text is one and static. The {@link Reason} is for the reader's own counters and never leaves it.
 */
public class RefusedMessageException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Which check failed, in the order in which they are made. */
    public enum Reason {
        /** Not the bytes of an opener or a reading. */
        MALFORMED,
        /** The opener names another chain or height than the reader looked up. */
        OTHER_CHAIN,
        /** The opener lists another signing key than the sender's. */
        OTHER_SENDER,
        /** The signature does not verify. */
        SIGNATURE,
        /** The reader is not among the recipients, or is there twice. */
        NOT_ADDRESSED,
        /** The ephemeral key is no point on the curve. */
        EPHEMERAL_KEY,
        /** The wrapped key or the ciphertext does not open. */
        NOT_OPENED,
        /** The reading belongs to another session. */
        OTHER_SESSION,
        /** The session was dropped after too many readings that did not open. */
        SESSION_DROPPED,
        /** What was sealed is no pack that stands for itself in the sender's name. */
        PACK,
        /** A measurement from the future. */
        FUTURE,
        /** This Partial IV was opened before. */
        SEEN
    }

    /** @serial which check failed */
    private final Reason reason;

    RefusedMessageException(Reason reason) {
        super("message refused");
        this.reason = reason;
    }

    RefusedMessageException(Reason reason, Throwable cause) {
        super("message refused", cause);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
