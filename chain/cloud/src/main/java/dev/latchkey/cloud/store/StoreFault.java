package dev.latchkey.cloud.store;

/** The store failed, or holds what this version cannot read. */
public final class StoreFault extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StoreFault(String message, Throwable cause) {
        super(message, cause);
    }

    /** What was there is gone, for instance. */
    public StoreFault(String message) {
        super(message);
    }
}
