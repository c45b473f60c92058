package dev.latchkey.cose;

/** The bytes are not the COSE structure that was expected; the text is static and names the rule. */
public final class MalformedCoseException extends Exception {
    private static final long serialVersionUID = 1L;

    public MalformedCoseException(String message) {
        super(message);
    }

    public MalformedCoseException(String message, Throwable cause) {
        super(message, cause);
    }
}
