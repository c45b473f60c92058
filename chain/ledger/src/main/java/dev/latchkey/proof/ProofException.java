package dev.latchkey.proof;

/** A proof does not prove what it should. */
public final class ProofException extends Exception {
    private static final long serialVersionUID = 1L;

    /** What is wrong. */
    public enum Reason {
        /** The bytes are not of the expected format. */
        MALFORMED,
        /** It is about another chain. */
        OTHER_CHAIN,
        /** It was made under another policy than the one at hand. */
        OTHER_POLICY,
        /** Fewer valid signatures than the policy asks for. */
        TOO_FEW_SIGNATURES,
        /** A signature by a known key does not verify. */
        BAD_SIGNATURE,
        /** The path does not lead to the root. */
        WRONG_ROOT,
        /** It proves something about another name, height or transaction. */
        WRONG_SUBJECT,
        /** It proves that the name has no record. */
        ABSENT,
        /** A record does not follow from the one before it. */
        BROKEN_HISTORY,
        /** The newer of two checkpoints is of a lower height. */
        SHRUNK,
        /** Two checkpoints contradict each other. */
        FORKED,
        /** Two checkpoints do not contradict each other, or no key signed both. */
        NO_CONTRADICTION,
        /** The signatures are older than was demanded. */
        STALE,
        /** Fewer fresh cosignatures than were demanded. */
        TOO_FEW_WITNESSES,
        /** Genesis does not begin this chain, or is not signed by those it names. */
        BAD_GENESIS,
        /** A policy does not follow from the one before, or evidence proves nothing new. */
        BAD_POLICY
    }

    private final Reason reason;

    ProofException(Reason reason) {
        super("a proof failed: " + reason);
        this.reason = reason;
    }

    ProofException(Reason reason, Throwable cause) {
        super("a proof failed: " + reason, cause);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
