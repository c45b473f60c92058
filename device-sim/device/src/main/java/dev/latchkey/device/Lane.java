package dev.latchkey.device;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * Runs tasks one after the other on threads that are shared with others; safe for use by many threads. A task may wait
 * for a disk, never for the network.
 */
final class Lane implements Executor {
    private final Executor threads;
    // Guarded by this.
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private boolean running;
    private volatile Thread current;

    Lane(Executor threads) {
        this.threads = threads;
    }

    /** @throws RejectedExecutionException when the threads have ended; what was taken before that is run all the same */
    @Override
    public void execute(Runnable task) {
        synchronized (this) {
            if (running) {
                waiting.add(task);
                return;
            }
            running = true;
            waiting.add(task);
        }
        try {
            threads.execute(this::runNext);
        } catch (RejectedExecutionException e) {
            boolean more;
            synchronized (this) {
                waiting.remove(task);
                more = !waiting.isEmpty();
                running = more;
            }
            if (more) {
                runNext();
            }
            throw e;
        }
    }

    /** Whether the caller is a task of this lane. */
    boolean isHere() {
        return current == Thread.currentThread();
    }

    private void runNext() {
        Runnable task;
        synchronized (this) {
            task = waiting.remove();
        }
        current = Thread.currentThread();
        try {
            task.run();
        } finally {
            current = null;
            boolean more;
            synchronized (this) {
                more = !waiting.isEmpty();
                running = more;
            }
            if (more) {
                goOn();
            }
        }
    }

    private void goOn() {
        try {
            threads.execute(this::runNext);
        } catch (RejectedExecutionException e) {
            // The threads end: this one is the last that can.
            runNext();
        }
    }
}
