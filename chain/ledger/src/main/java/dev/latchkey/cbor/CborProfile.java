package dev.latchkey.cbor;

/** How much freedom the writer of received bytes had. Every limit holds in both; see {@link Cbor}. */
public enum CborProfile {
    /** Core deterministic encoding, RFC 8949, section 4.2.1: one value has one encoding. What everything of ours is. */
    DETERMINISTIC,

    /**
     * As others write SenML packs (RFC 8428): map keys may stand in any order, but not twice, and floating-point
     * numbers may be longer than they need to be. All else is as in {@link #DETERMINISTIC}. Never for bytes that are
     * hashed again after decoding: the same value has many encodings.
     */
    BOUNDED
}
