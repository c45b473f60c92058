package dev.latchkey.device;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Lets so many tasks be under way at once; the others wait in order. One that asks to be alone waits for those before it
 * and holds up those after it. Used from the device's lane.
 */
final class Window {
    private final int size;
    private final Lane lane;
    private final Queue<Waiting> waiting = new ArrayDeque<>();
    private int underWay;
    private boolean occupied;

    /** A task that waits, and whether it must be the only one. */
    private record Waiting(boolean alone, Runnable begin) {}

    Window(int size, Lane lane) {
        this.size = size;
        this.lane = lane;
    }

    <T> CompletableFuture<T> enter(Supplier<CompletableFuture<T>> task) {
        return enter(false, task);
    }

    /** Runs a task while no other one is under way. */
    <T> CompletableFuture<T> alone(Supplier<CompletableFuture<T>> task) {
        return enter(true, task);
    }

    private <T> CompletableFuture<T> enter(boolean alone, Supplier<CompletableFuture<T>> task) {
        CompletableFuture<T> outcome = new CompletableFuture<>();
        waiting.add(new Waiting(alone, () -> run(alone, task, outcome)));
        admit();
        return outcome;
    }

    private <T> void run(boolean alone, Supplier<CompletableFuture<T>> task, CompletableFuture<T> outcome) {
        underWay++;
        occupied = alone;
        Failures.begun(task)
                .whenCompleteAsync(
                        (value, failure) -> {
                            underWay--;
                            occupied = false;
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
        while (!waiting.isEmpty() && hasRoom(waiting.peek())) {
            waiting.remove().begin().run();
        }
    }

    private boolean hasRoom(Waiting next) {
        return next.alone() ? underWay == 0 : underWay < size && !occupied;
    }
}
