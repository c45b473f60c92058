package dev.latchkey.gateway.uplink;

import dev.latchkey.gateway.outbox.Outbox;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/**
 * When messages that the cloud refused for now go up again: some at a time, at once when the last ones found room, else
 * after a time that doubles. For the uploader's thread.
 */
final class Deferral {
    private static final int MOST = 512;
    /** A full mailbox does not become empty sooner than its reader reads. */
    private static final Duration LONGEST = Duration.ofMinutes(15);

    private final Outbox outbox;
    private final Backoff backoff;
    private long dueNanos = System.nanoTime();
    /** How many there were when some were tried, and the last sequence that those got; 0 if that is known to be over. */
    private long before;

    private long triedUpTo;

    Deferral(Outbox outbox, CloudTiming timing) {
        this.outbox = outbox;
        Duration first = timing.longestRetry();
        this.backoff = new Backoff(first, first.compareTo(LONGEST) > 0 ? first : LONGEST);
    }

    /** Puts some back into the queue if it is time for it. */
    void turn(long retentionHours) throws IOException {
        settle();
        if (triedUpTo > 0 || outbox.deferred() == 0 || untilDue() > 0) {
            return;
        }
        dueNanos = System.nanoTime() + backoff.next().toNanos();
        before = outbox.deferred();
        try {
            outbox.again(MOST, System.currentTimeMillis() - TimeUnit.HOURS.toMillis(retentionHours))
                    .join();
        } catch (CompletionException e) {
            throw new IOException("what was refused for now could not be queued again", e);
        }
        triedUpTo = outbox.next() - 1;
    }

    /** Looks whether those that were tried last have all been answered. */
    private void settle() {
        if (triedUpTo > 0 && outbox.acknowledged() >= triedUpTo) {
            if (outbox.deferred() < before) {
                backoff.reset();
                dueNanos = System.nanoTime();
            }
            triedUpTo = 0;
        }
    }

    /** How long the uploader may wait for something new, when everything it was told is on the disk. */
    Duration patience(Duration longest) {
        settle();
        if (triedUpTo > 0 || outbox.deferred() == 0) {
            return longest;
        }
        return Duration.ofNanos(Math.max(1_000_000, Math.min(longest.toNanos(), untilDue())));
    }

    private long untilDue() {
        return dueNanos - System.nanoTime();
    }
}
