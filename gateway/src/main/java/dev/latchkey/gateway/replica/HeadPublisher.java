package dev.latchkey.gateway.replica;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.checkpoint.Checkpoint;
import dev.latchkey.checkpoint.MalformedCheckpointException;
import dev.latchkey.checkpoint.SignedCheckpoint;
import dev.latchkey.cose.EcVerifier;
import dev.latchkey.gateway.store.ChainRows;
import dev.latchkey.gateway.store.Table;
import dev.latchkey.ledger.ChainState;
import dev.latchkey.proof.CheckpointVerifier;
import dev.latchkey.proof.PolicyChain;
import dev.latchkey.proof.ProofException;
import dev.latchkey.proof.VerifiedPolicy;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides which checkpoint is handed out next, at most one in an interval; safe for use by many threads. Of all that the
 * cloud offered meanwhile only the newest is looked at: it must carry the replicas' signatures and say exactly what this
 * gateway computed for that height.
 */
final class HeadPublisher {
    private static final Bytes CHECKPOINT = Bytes.utf8("replica-checkpoint");
    private static final Logger LOG = LoggerFactory.getLogger(HeadPublisher.class);

    private final Replica replica;
    private final ChainRows rows;
    private final EcVerifier verifier;
    private final Clock clock;
    private final Duration interval;
    private final Heads heads;
    private final ReplicaListener listener;
    private final AtomicReference<Bytes> offered = new AtomicReference<>();
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "replica-heads");
        thread.setDaemon(true);
        return thread;
    });
    private volatile long lastNanos;
    /** Used by the timer's thread only. */
    private Optional<VerifiedPolicy> policy = Optional.empty();
    /** Transactions that led to {@link #policy}; used by the timer's thread only. */
    private int walked;

    HeadPublisher(
            Replica replica,
            ChainRows rows,
            EcVerifier verifier,
            Clock clock,
            Duration interval,
            Heads heads,
            ReplicaListener listener) {
        this.replica = replica;
        this.rows = rows;
        this.verifier = verifier;
        this.clock = clock;
        this.interval = interval;
        this.heads = heads;
        this.listener = listener;
        this.lastNanos = System.nanoTime() - interval.toNanos();
    }

    /** Takes up the checkpoint that was handed out last, if the disk holds its block. */
    void restore() {
        rows.get(Table.META, CHECKPOINT).ifPresent(stored -> {
            try {
                verified(stored).ifPresent(head -> heads.handOut(head));
            } catch (ProofException e) {
                LOG.warn("the stored checkpoint does not verify; the cloud's next one takes its place");
            }
        });
    }

    void offer(Bytes checkpoint) {
        offered.set(checkpoint);
        schedule();
    }

    /** A block is on disk: a checkpoint that was too early may fit now. */
    void shown() {
        if (offered.get() != null) {
            schedule();
        }
    }

    void close() {
        timer.shutdownNow();
    }

    private void schedule() {
        if (!scheduled.compareAndSet(false, true)) {
            return;
        }
        long wait = Math.max(0, lastNanos + interval.toNanos() - System.nanoTime());
        try {
            timer.schedule(this::publish, wait, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("closing");
        }
    }

    private void publish() {
        scheduled.set(false);
        Bytes candidate = offered.get();
        if (candidate == null) {
            return;
        }
        try {
            Optional<Head> head = verified(candidate);
            if (head.isEmpty()) {
                return;
            }
            offered.compareAndSet(candidate, null);
            handOut(head.get());
        } catch (ProofException e) {
            offered.compareAndSet(candidate, null);
            replica.keepEvidence(replica.nextHeight(), "checkpoint: " + e.getMessage(), candidate);
        } catch (RuntimeException e) {
            LOG.error("a checkpoint could not be handed out", e);
        }
        if (offered.get() != null) {
            schedule();
        }
    }

    /**
     * The head a checkpoint stands for; empty while its block is not on disk, or when a newer head is out already. It is
     * judged by the policy that was in force at its height, which is not known before its block is.
     */
    private Optional<Head> verified(Bytes encoded) throws ProofException {
        Optional<ChainState> shown = replica.state();
        if (shown.isEmpty()) {
            return Optional.empty();
        }
        long height = heightOf(encoded);
        Optional<Head> newest = heads.newest();
        if (newest.isPresent() && height >= 0 && height < newest.get().height()) {
            offered.compareAndSet(encoded, null);
            return Optional.empty();
        }
        if (height > shown.get().height()) {
            return Optional.empty();
        }
        Optional<ChainState> state = replica.recent(height);
        Checkpoint checkpoint = CheckpointVerifier.verify(encoded, policy(state.orElse(shown.get())), verifier)
                .checkpoint();
        if (state.isEmpty()) {
            return Optional.empty();
        }
        if (!checkpoint.equals(state.get().checkpoint())) {
            offered.compareAndSet(encoded, null);
            replica.keepEvidence(checkpoint.height(), "checkpoint contradicts the chain", encoded);
            return Optional.empty();
        }
        return Optional.of(new Head(state.get(), encoded, clock.millis()));
    }

    /** The height that a checkpoint claims to be of; -1 if it is none, which verifying it tells. */
    private static long heightOf(Bytes encoded) {
        try {
            return SignedCheckpoint.decode(encoded).checkpoint().height();
        } catch (MalformedCheckpointException e) {
            return -1;
        }
    }

    private void handOut(Head head) {
        lastNanos = System.nanoTime();
        rows.store().submit(draft -> {
            rows.put(draft, Table.META, CHECKPOINT, head.checkpoint());
            draft.afterCommit(() -> {
                heads.handOut(head);
                replica.forgetBefore(head.height());
                listener.headChanged(head);
            });
            return null;
        });
    }

    private VerifiedPolicy policy(ChainState at) throws ProofException {
        List<Bytes> walk = at.policyTransactions();
        if (policy.isEmpty() || walked != walk.size()) {
            policy = Optional.of(PolicyChain.verify(replica.chain(), walk, verifier));
            walked = walk.size();
        }
        return policy.get();
    }
}
