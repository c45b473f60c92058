package dev.latchkey.sim.fleet;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;

/** Lets so many through at a time; the others wait in order. Safe for use by many threads. */
final class Gate {
    // Guarded by this.
    private final Queue<CompletableFuture<Void>> waiting = new ArrayDeque<>();
    private int free;
    private boolean admitting;

    Gate(int atATime) {
        this.free = atATime;
    }

    CompletableFuture<Void> enter() {
        synchronized (this) {
            if (free > 0) {
                free--;
                return CompletableFuture.completedFuture(null);
            }
            CompletableFuture<Void> turn = new CompletableFuture<>();
            waiting.add(turn);
            return turn;
        }
    }

    /** Whoever is let in may leave at once, and the next one too: one call lets in all, whatever calls come meanwhile. */
    void leave() {
        synchronized (this) {
            free++;
            if (admitting) {
                return;
            }
            admitting = true;
        }
        for (CompletableFuture<Void> next = next(); next != null; next = next()) {
            next.complete(null);
        }
    }

    private synchronized CompletableFuture<Void> next() {
        CompletableFuture<Void> next = free > 0 ? waiting.poll() : null;
        if (next == null) {
            admitting = false;
        } else {
            free--;
        }
        return next;
    }
}
