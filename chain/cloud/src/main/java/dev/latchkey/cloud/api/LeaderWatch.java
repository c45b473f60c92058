package dev.latchkey.cloud.api;

import dev.latchkey.cloud.raft.Member;
import dev.latchkey.cloud.raft.Membership;
import dev.latchkey.cloud.raft.RaftFault;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * Looks after leaders that were asked for something. Thread-safe. One that hangs or is cut off may not answer for long,
 * and leads no more: what was asked of it is given up, so that who waits for it comes again, to the next one.
 */
final class LeaderWatch {
    private static final long EVERY_MILLIS = 100;

    private final Membership membership;
    private final Executor workers;

    LeaderWatch(Membership membership, Executor workers) {
        this.membership = membership;
        this.workers = workers;
    }

    /** Cancels a question as soon as whom it was put to is not known to lead the group any more. */
    void watch(CompletableFuture<?> asked, Member leader, String group) {
        CompletableFuture.delayedExecutor(EVERY_MILLIS, TimeUnit.MILLISECONDS, workers)
                .execute(() -> {
                    if (asked.isDone()) {
                        return;
                    }
                    if (leads(leader, group)) {
                        watch(asked, leader, group);
                    } else {
                        asked.cancel(true);
                    }
                });
    }

    private boolean leads(Member leader, String group) {
        try {
            return membership.leader(group).filter(leader::equals).isPresent();
        } catch (RaftFault e) {
            return false; // the log is closed
        }
    }
}
