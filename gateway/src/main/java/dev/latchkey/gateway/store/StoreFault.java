package dev.latchkey.gateway.store;

/** A read or a synced write failed: what the disk holds is unknown until the store is opened again. */
public final class StoreFault extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StoreFault(String message, Throwable cause) {
        super(message, cause);
    }
}
