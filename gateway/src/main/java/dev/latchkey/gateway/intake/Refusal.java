package dev.latchkey.gateway.intake;

/** Why a message or ticket is not taken; nothing of it was stored. The code goes over the wire. */
public enum Refusal {
    /** Not the one encoding of such a message. */
    MALFORMED("malformed"),
    /** Neither an opener nor a reading. */
    UNSUPPORTED_FORMAT("unsupported-format"),
    /** Larger than any message may be. */
    TOO_LARGE("too-large"),
    /** Signed or sealed by somebody else than the DTLS peer. */
    WRONG_SENDER("wrong-sender"),
    /** A signature that does not verify. */
    BAD_SIGNATURE("bad-signature"),
    /** Another chain than the sender's. */
    WRONG_CHAIN("wrong-chain"),
    /** The sender has no valid serve ticket here, so the cloud would not take the message from this gateway. */
    NO_TICKET("no-ticket"),
    /** A ticket for another gateway, another member, or a time that is over or too far away. */
    BAD_TICKET("bad-ticket"),
    /** The height of an opener is not the newest of the last hour. */
    STALE_HEIGHT("stale-height"),
    /** A recipient of an opener is no member whose key is current in a served chain. */
    UNKNOWN_RECIPIENT("unknown-recipient"),
    /** An opener that lists its own author: nobody is left to carry it to. */
    SELF_ADDRESSED("self-addressed"),
    /** No session of the sender's begins with these bytes. */
    UNKNOWN_SESSION("unknown-session"),
    /** A member of the session changed its keys or is no longer active. */
    SESSION_ENDED("session-ended"),
    /** The first bytes of the session's id are in use by a live session of one of its members. */
    SESSION_ID_TAKEN("session-id-taken"),
    /** A provisional member is in the session, and another member of it is not served at this gateway. */
    NOT_SERVED_HERE("not-served-here"),
    /** The Partial IV, or the first one of a digest, was used before, with other bytes. */
    COUNTER_REUSED("counter-reused"),
    /** An administrator has the outbox emptied; nothing new is taken meanwhile. */
    DRAINING("draining"),
    /** The outbox is full. */
    OVERLOADED("overloaded");

    private final String code;

    Refusal(String code) {
        this.code = code;
    }

    /** The code on the wire. */
    public String code() {
        return code;
    }
}
