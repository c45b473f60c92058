package dev.latchkey.cloud.explore;

import dev.latchkey.proof.ProofException;
import java.util.Locale;

/** A node shows something that it does not prove, or that contradicts what was proved. */
final class FalseProofException extends Exception {
    private static final long serialVersionUID = 1L;

    FalseProofException(String what) {
        super(what);
    }

    FalseProofException(String what, Throwable cause) {
        super(what, cause);
    }

    /** What was to be proved, and why it is not. */
    static FalseProofException of(String what, ProofException cause) {
        String reason = cause.reason().name().toLowerCase(Locale.ROOT).replace('_', '-');
        return new FalseProofException(what + ": " + reason, cause);
    }
}
