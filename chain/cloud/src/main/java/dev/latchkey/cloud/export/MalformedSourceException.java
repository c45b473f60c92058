package dev.latchkey.cloud.export;

/** What should hold a chain holds something else, or ends too early. */
public final class MalformedSourceException extends Exception {
    private static final long serialVersionUID = 1L;

    MalformedSourceException(String message) {
        super(message);
    }

    MalformedSourceException(String message, Throwable cause) {
        super(message, cause);
    }
}
