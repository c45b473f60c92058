package dev.latchkey.gateway.job;

import dev.latchkey.gateway.intake.Intake;
import dev.latchkey.gateway.outbox.Outboxes;
import dev.latchkey.gateway.store.Store;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletionException;

/**
 * Takes no new readings and openers (5.03 draining, with Max-Age) and waits until the cloud has what was taken before.
 * Once it is done the gateway stays so until {@link #off}, or until it is started anew; a drain that is cancelled or
 * fails has it take readings again.
 */
public final class Drain implements JobWork {
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);

    private final Intake intake;
    private final Outboxes outboxes;
    private final Store store;

    public Drain(Intake intake, Outboxes outboxes, Store store) {
        this.intake = intake;
        this.outboxes = outboxes;
        this.store = store;
    }

    @Override
    public String run(Progress progress) throws IOException, JobCancelledException, InterruptedException {
        boolean drained = false;
        try {
            intake.drain(true);
            // What was taken before the flag was seen is queued before this unit.
            store.submitWaiting(draft -> null).join();
            long most = outboxes.depth();
            progress.message("waiting for the cloud to take what is queued");
            for (long left = most; left > 0; left = outboxes.depth()) {
                most = Math.max(most, left);
                progress.total(most);
                progress.done(most - left);
                progress.pause(BETWEEN_LOOKS);
            }
            progress.total(most);
            progress.done(most);
            progress.check();
            drained = true;
            return "the cloud has everything; no readings are taken until drain is switched off or the gateway restarts";
        } catch (CompletionException e) {
            throw new IOException("the store failed", e);
        } finally {
            if (!drained) {
                off();
            }
        }
    }

    /** Takes readings again. */
    void off() {
        intake.drain(false);
    }
}
