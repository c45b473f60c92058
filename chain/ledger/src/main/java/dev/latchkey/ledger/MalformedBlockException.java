package dev.latchkey.ledger;

/** The bytes are not a block, header or entry of the ledger's formats. */
public final class MalformedBlockException extends Exception {
    private static final long serialVersionUID = 1L;

    public MalformedBlockException(String message) {
        super(message);
    }

    public MalformedBlockException(String message, Throwable cause) {
        super(message, cause);
    }
}
