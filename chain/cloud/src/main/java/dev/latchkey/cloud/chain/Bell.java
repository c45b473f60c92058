package dev.latchkey.cloud.chain;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Wakes everybody who waits for something to change. Thread-safe. Who waits takes {@link #next} first, then looks, then
 * waits: so no change falls between. Who rings completes the stages on his own thread; dependents belong on another.
 */
public final class Bell {
    private final AtomicReference<CompletableFuture<Void>> next = new AtomicReference<>(new CompletableFuture<>());

    /** A stage that completes at the next ring. */
    public CompletableFuture<Void> next() {
        return next.get();
    }

    /** Wakes all that wait. */
    public void ring() {
        next.getAndSet(new CompletableFuture<>()).complete(null);
    }
}
