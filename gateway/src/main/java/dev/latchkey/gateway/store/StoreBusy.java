package dev.latchkey.gateway.store;

/** The queue of the writing thread is full; nothing was taken. */
public final class StoreBusy extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StoreBusy() {
        super("the store's queue is full", null, false, false);
    }
}
