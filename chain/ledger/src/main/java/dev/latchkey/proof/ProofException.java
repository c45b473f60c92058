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
        /** Genesis does not begin this chain, or is not signed by those it names. */
        BAD_GENESIS,
        /** A policy does not follow from the one before. */
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
