package dev.latchkey.envelope;

/** The session seals nothing more; open a new one. */
public final class SessionEndedException extends Exception {
    private static final long serialVersionUID = 1L;

    SessionEndedException(String why) {
        super(why);
    }

    SessionEndedException(String why, Throwable cause) {
        super(why, cause);
    }
}
