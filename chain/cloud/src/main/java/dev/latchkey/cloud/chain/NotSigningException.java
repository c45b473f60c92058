package dev.latchkey.cloud.chain;

/** The node orders the chain but does not sign checkpoints of it; the message says why. */
public final class NotSigningException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NotSigningException(String reason) {
        super(reason);
    }
}
