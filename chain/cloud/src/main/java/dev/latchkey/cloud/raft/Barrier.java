package dev.latchkey.cloud.raft;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * What a read waits for, on any member of a group, that must not be older than anything that any member acknowledged
 * before. Thread-safe. However many wait, one round at a time is under way.
 *
 * <p>A round is an empty entry: once it is committed, whoever had it appended led at that moment, and what was acknowledged
 * earlier lies before it in the log. Ratis has reads without an entry. They do not do: a leader that was cut off answers
 * them at once, from what the others confirmed for the same commit index before (3.3.0, {@code ReadIndexHeartbeats}).
 */
public final class Barrier {
    /** How long a member may take to apply what the others have. */
    private static final long CATCH_UP_SECONDS = 10;

    private final RaftNode raft;
    private final String group;
    private final Marker leaders;
    private CompletableFuture<Void> running = CompletableFuture.completedFuture(null); // this and next guarded by this
    private CompletableFuture<Void> next;

    /** Has an empty entry appended by the member that leads a group. */
    @FunctionalInterface
    public interface Marker {
        /** Asks for it, once; completes with its index when it is committed. */
        CompletionStage<Long> mark(Member leader, String group);
    }

    /** The barrier of a group, as this node passes it. */
    public Barrier(RaftNode raft, String group, Marker leaders) {
        this.raft = raft;
        this.group = group;
        this.leaders = leaders;
    }

    /**
     * Completes when everything that any member acknowledged before this call is applied here, or with a {@link RaftFault} if
     * that cannot be found out now. Completes on whatever thread, so dependents belong on another one.
     */
    public CompletionStage<Void> pass() {
        CompletableFuture<Void> mine;
        CompletableFuture<Void> before;
        synchronized (this) {
            if (next != null) {
                return next.copy();
            }
            mine = new CompletableFuture<>();
            next = mine;
            before = running;
        }
        CompletionStage<Void> passed = mine.copy();
        before.whenComplete((done, fault) -> begin(mine));
        return passed;
    }

    private void begin(CompletableFuture<Void> round) {
        synchronized (this) {
            running = round;
            next = null;
        }
        try {
            mark().thenCompose(index -> raft.applied(group, index).orTimeout(CATCH_UP_SECONDS, TimeUnit.SECONDS))
                    .whenComplete((done, fault) -> {
                        if (fault == null) {
                            round.complete(null);
                        } else {
                            round.completeExceptionally(new RaftFault("what is newest cannot be found out", fault));
                        }
                    });
        } catch (RuntimeException e) {
            round.completeExceptionally(e);
        }
    }

    private CompletionStage<Long> mark() {
        if (raft.isReady(group)) {
            return raft.mark(group);
        }
        String self = raft.membership().self();
        Optional<Member> leader =
                raft.membership().leader(group).filter(found -> !found.id().equals(self));
        return leader.isPresent()
                ? leaders.mark(leader.get(), group)
                : CompletableFuture.failedFuture(new RaftFault("nobody is known to lead the group", null));
    }
}
