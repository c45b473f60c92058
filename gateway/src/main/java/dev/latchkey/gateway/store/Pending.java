package dev.latchkey.gateway.store;

import java.util.concurrent.CompletableFuture;

/** A unit of change on its way through the writing thread, and what becomes of it. For one thread at a time. */
final class Pending<T> {
    private final Work<T> work;
    private final CompletableFuture<T> future = new CompletableFuture<>();
    private T result;
    private RuntimeException failure;

    Pending(Work<T> work) {
        this.work = work;
    }

    CompletableFuture<T> future() {
        return future;
    }

    void run(Draft draft) {
        draft.begin();
        try {
            result = work.run(draft);
        } catch (StoreFault e) {
            throw e;
        } catch (RuntimeException e) {
            failure = e;
            draft.undo();
        }
    }

    void tell() {
        if (failure != null) {
            future.completeExceptionally(failure);
        } else {
            future.complete(result);
        }
    }
}
