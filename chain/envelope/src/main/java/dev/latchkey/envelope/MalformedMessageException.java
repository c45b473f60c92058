package dev.latchkey.envelope;

/** The bytes are not those of an opener or a reading. */
public final class MalformedMessageException extends RefusedMessageException {
    private static final long serialVersionUID = 1L;

    MalformedMessageException() {
        super(Reason.MALFORMED);
    }

    MalformedMessageException(Throwable cause) {
        super(Reason.MALFORMED, cause);
    }
}
