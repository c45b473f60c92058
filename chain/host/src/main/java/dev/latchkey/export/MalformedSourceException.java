package dev.latchkey.export;

/** What should hold a chain holds something else, or ends too early. */
public final class MalformedSourceException extends Exception {
    private static final long serialVersionUID = 1L;

    /** @param message what is wrong, for people */
    public MalformedSourceException(String message) {
        super(message);
    }

    /** @param message what is wrong, for people */
    public MalformedSourceException(String message, Throwable cause) {
        super(message, cause);
    }
}
