package dev.latchkey.cose;

/** The bytes are not a compressed P-256 COSE_Key of the one form that the ledger accepts, or not a point of the curve. */
public final class MalformedKeyException extends Exception {
    private static final long serialVersionUID = 1L;

    MalformedKeyException(String message) {
        super(message);
    }
}
