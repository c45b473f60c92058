package dev.latchkey.ledger;

/** A stored state is damaged, of another version, or not the state of the block it is said to be of. */
public final class MalformedSnapshotException extends Exception {
    private static final long serialVersionUID = 1L;

    public MalformedSnapshotException(String message) {
        super(message);
    }

    public MalformedSnapshotException(String message, Throwable cause) {
        super(message, cause);
    }
}
