package dev.latchkey.transaction;

/** The bytes are not a transaction, record, voucher or policy of the ledger's formats; the text names the rule. */
public final class MalformedTransactionException extends Exception {
    private static final long serialVersionUID = 1L;

    public MalformedTransactionException(String message) {
        super(message);
    }

    public MalformedTransactionException(String message, Throwable cause) {
        super(message, cause);
    }
}
