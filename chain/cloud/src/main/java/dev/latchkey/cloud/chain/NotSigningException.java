package dev.latchkey.cloud.chain;

/** The node orders the chain but does not sign checkpoints of it; {@link CheckpointLine#alarm} says why. */
public final class NotSigningException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NotSigningException() {
        super("this node does not sign checkpoints of the chain");
    }
}
