package dev.latchkey.sim.fleet;

import java.util.Iterator;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * Does the same with many things, a bounded number of them at a time; safe for use by many threads. The first failure
 * is the outcome, and nothing is begun after it.
 */
public final class Window<T> {
    private final Iterator<T> items;
    private final Function<T, CompletableFuture<?>> work;
    private final CompletableFuture<Void> outcome = new CompletableFuture<>();
    // Guarded by this.
    private int running;

    private Window(Iterable<T> items, Function<T, CompletableFuture<?>> work) {
        this.items = items.iterator();
        this.work = work;
    }

    /** @return completes when all are done, or fails with the first failure */
    public static <T> CompletableFuture<Void> over(
            Iterable<T> items, int atATime, Function<T, CompletableFuture<?>> work) {
        Window<T> window = new Window<>(items, work);
        for (int i = 0; i < atATime && window.begin(); i++) {
            // Begins the next one.
        }
        window.endIfDone();
        return window.outcome;
    }

    /** Whether there was something to begin. */
    private boolean begin() {
        T item;
        synchronized (this) {
            if (outcome.isDone() || !items.hasNext()) {
                return false;
            }
            item = items.next();
            running++;
        }
        work.apply(item).whenComplete((done, failure) -> ended(failure));
        return true;
    }

    private void ended(Throwable failure) {
        synchronized (this) {
            running--;
        }
        if (failure != null) {
            outcome.completeExceptionally(failure);
            return;
        }
        begin();
        endIfDone();
    }

    private void endIfDone() {
        boolean done;
        synchronized (this) {
            done = running == 0 && !items.hasNext();
        }
        if (done) {
            outcome.complete(null);
        }
    }
}
