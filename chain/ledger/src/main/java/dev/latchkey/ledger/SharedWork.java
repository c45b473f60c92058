package dev.latchkey.ledger;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntPredicate;

/**
 * A list worked through on the caller's thread and, as far as it lends a hand, on an executor. The caller works itself, so
 * a busy executor costs speed and never progress.
 */
final class SharedWork {
    private static final int WORTH_SHARING = 4;

    private final int count;
    private final IntPredicate step;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger done = new AtomicInteger();
    private final AtomicInteger running = new AtomicInteger();
    private final AtomicBoolean stopped = new AtomicBoolean();

    private SharedWork(int count, IntPredicate step) {
        this.count = count;
        this.step = step;
    }

    /**
     * Takes every step once, on whatever thread, and returns when none is under way any more.
     *
     * @param count how many steps there are
     * @param step the step of an index; false stops the rest
     * @return whether every step was taken and none returned false
     * @throws IllegalStateException if a step broke down on a thread of the executor; one that breaks down on the caller's
     *     reaches it as it is
     */
    static boolean all(int count, IntPredicate step, Executor helpers) {
        SharedWork work = new SharedWork(count, step);
        int hands = Math.min(Runtime.getRuntime().availableProcessors() - 1, count / WORTH_SHARING);
        CompletableFuture<?>[] lent = new CompletableFuture<?>[hands];
        for (int i = 0; i < hands; i++) {
            lent[i] = lend(work, helpers);
        }
        try {
            work.help();
        } finally {
            for (CompletableFuture<?> helper : lent) {
                helper.cancel(false);
            }
            work.awaitStarted();
        }
        if (!work.stopped.get() && work.done.get() != count) {
            throw new IllegalStateException("a step of shared work broke down");
        }
        return !work.stopped.get();
    }

    private static CompletableFuture<?> lend(SharedWork work, Executor helpers) {
        try {
            return CompletableFuture.runAsync(work::help, helpers);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.completedFuture(null);
        }
    }

    private void help() {
        running.incrementAndGet();
        try {
            for (int i = next.getAndIncrement(); i < count && !stopped.get(); i = next.getAndIncrement()) {
                if (step.test(i)) {
                    done.incrementAndGet();
                } else {
                    stopped.set(true);
                }
            }
        } finally {
            synchronized (this) {
                running.decrementAndGet();
                notifyAll();
            }
        }
    }

    private synchronized void awaitStarted() {
        boolean interrupted = false;
        while (running.get() > 0) {
            try {
                wait();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
