package dev.latchkey.checkpoint;

/** The bytes are not a checkpoint. */
public final class MalformedCheckpointException extends Exception {
    private static final long serialVersionUID = 1L;

    MalformedCheckpointException(String message) {
        super(message);
    }

    MalformedCheckpointException(String message, Throwable cause) {
        super(message, cause);
    }
}
