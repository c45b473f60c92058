package dev.latchkey.senml;

/** The bytes are not a SenML pack within our limits, or the pack does not resolve; the text says what rule broke. */
public final class MalformedPackException extends Exception {
    private static final long serialVersionUID = 1L;

    MalformedPackException(String rule) {
        super(rule);
    }

    MalformedPackException(String rule, Throwable cause) {
        super(rule, cause);
    }
}
