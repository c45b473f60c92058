package dev.latchkey.device;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** Lets so many tasks be under way at once; the others wait in order. Used from the device's lane. */
final class Window {
    private final int size;
    private final Lane lane;
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private int underWay;

    Window(int size, Lane lane) {
        this.size = size;
        this.lane = lane;
    }

    <T> CompletableFuture<T> enter(Supplier<CompletableFuture<T>> task) {
        CompletableFuture<T> outcome = new CompletableFuture<>();
        waiting.add(() -> run(task, outcome));
        admit();
        return outcome;
    }

    private <T> void run(Supplier<CompletableFuture<T>> task, CompletableFuture<T> outcome) {
        underWay++;
        Failures.begun(task)
                .whenCompleteAsync(
                        (value, failure) -> {
                            underWay--;
                            admit();
                            if (failure == null) {
                                outcome.complete(value);
                            } else {
                                outcome.completeExceptionally(Failures.cause(failure));
                            }
                        },
                        lane);
    }

    private void admit() {
        while (underWay < size && !waiting.isEmpty()) {
            waiting.remove().run();
        }
    }
}
