package dev.latchkey.cloud.audit;

/** The first thing that is wrong with a chain. */
public final class AuditFault extends Exception {
    private static final long serialVersionUID = 1L;

    private final long height;
    private final String reason;

    AuditFault(long height, String reason) {
        super("a chain is faulty");
        this.height = height;
        this.reason = reason;
    }

    AuditFault(long height, String reason, Throwable cause) {
        super("a chain is faulty", cause);
        this.height = height;
        this.reason = reason;
    }

    /** Height of the block that is faulty, or that the faulty checkpoint is of. */
    public long height() {
        return height;
    }

    /** What is wrong, in words that do not change: {@code parent}, {@code transaction: voucher-used-up}. */
    public String reason() {
        return reason;
    }

    @Override
    public String getMessage() {
        return "height " + height + ": " + reason;
    }
}
