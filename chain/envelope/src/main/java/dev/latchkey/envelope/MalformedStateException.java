package dev.latchkey.envelope;

/** Stored session state is missing, damaged or of a newer version: do not resume, open a new session. */
public final class MalformedStateException extends Exception {
    private static final long serialVersionUID = 1L;

    MalformedStateException(String why) {
        super(why);
    }

    MalformedStateException(String why, Throwable cause) {
        super(why, cause);
    }
}
