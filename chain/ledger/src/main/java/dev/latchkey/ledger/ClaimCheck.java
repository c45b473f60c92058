package dev.latchkey.ledger;

import dev.latchkey.cose.EcVerifier;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Checks many signatures on the caller's thread and, as far as it lends a hand, on an executor. The caller works through
 * the list itself, so a busy executor costs speed and never progress.
 */
final class ClaimCheck {
    private static final int WORTH_SHARING = 4;

    private final List<SignatureClaim> claims;
    private final EcVerifier verifier;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicBoolean failed = new AtomicBoolean();

    private ClaimCheck(List<SignatureClaim> claims, EcVerifier verifier) {
        this.claims = claims;
        this.verifier = verifier;
    }

    /** Whether every claim holds. One that stands in the list again, as a voucher of many joins does, is checked once. */
    static boolean allHold(List<SignatureClaim> all, EcVerifier verifier, Executor helpers) {
        List<SignatureClaim> claims = List.copyOf(new LinkedHashSet<>(all));
        ClaimCheck check = new ClaimCheck(claims, verifier);
        if (claims.size() < WORTH_SHARING) {
            check.work();
            return !check.failed.get();
        }
        int hands = Math.min(Runtime.getRuntime().availableProcessors() - 1, claims.size() / WORTH_SHARING);
        CompletableFuture<?>[] shared = new CompletableFuture<?>[hands];
        for (int i = 0; i < hands; i++) {
            shared[i] = lend(check, helpers);
        }
        check.work();
        for (CompletableFuture<?> helper : shared) {
            helper.cancel(false);
        }
        check.awaitStarted();
        return !check.failed.get();
    }

    private final AtomicInteger running = new AtomicInteger();

    private static CompletableFuture<?> lend(ClaimCheck check, Executor helpers) {
        try {
            return CompletableFuture.runAsync(check::work, helpers);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.completedFuture(null);
        }
    }

    private void work() {
        running.incrementAndGet();
        try {
            for (int i = next.getAndIncrement(); i < claims.size() && !failed.get(); i = next.getAndIncrement()) {
                if (!claims.get(i).holds(verifier)) {
                    failed.set(true);
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
