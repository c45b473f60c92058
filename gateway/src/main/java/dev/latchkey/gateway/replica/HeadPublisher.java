package dev.latchkey.gateway.replica;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.checkpoint.MalformedCheckpointException;
import dev.latchkey.checkpoint.SignedCheckpoint;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.cose.EcVerifier;
import dev.latchkey.cose.KeyId;
import dev.latchkey.gateway.replica.HeadChoice.Candidate;
import dev.latchkey.gateway.store.ChainRows;
import dev.latchkey.gateway.store.Table;
import dev.latchkey.ledger.ChainState;
import dev.latchkey.proof.CheckpointVerifier;
import dev.latchkey.proof.ProofException;
import dev.latchkey.proof.VerifiedPolicy;
import dev.latchkey.transaction.Policy;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides which checkpoint is handed out next, at most one in an interval; safe for use by many threads. Of all that were
 * offered meanwhile it takes up the newest, and further signatures of those it knows. One that is handed out carries the
 * replicas' signatures and says exactly what this gateway computed for that height; one that says something else is
 * suspicious.
 */
final class HeadPublisher {
    private static final Bytes CHECKPOINT = Bytes.utf8("replica-checkpoint");
    private static final long LONGEST_CLOSE_SECONDS = 5;
    private static final long LOOK_AGAIN_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final Logger LOG = LoggerFactory.getLogger(HeadPublisher.class);

    private final Replica replica;
    private final ChainRows rows;
    private final EcVerifier verifier;
    private final Clock clock;
    private final Duration interval;
    private final Heads heads;
    private final ReplicaListener listener;
    private final Policies policies;
    private final Offers offers = new Offers();
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private final AtomicBoolean waiting = new AtomicBoolean();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "replica-heads");
        thread.setDaemon(true);
        return thread;
    });
    /** Used by one thread at a time: first by who opens the replica, then by the timer's. */
    private final HeadChoice choice = new HeadChoice();

    /** The height that the witness saw last; used by the timer's thread only. */
    private long witnessed = -1;

    private volatile CheckpointWatch watch = CheckpointWatch.NONE;
    private volatile int missing;
    private volatile long lastNanos;
    private volatile long newestHeight = -1;

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
        this.policies = new Policies(verifier);
        this.lastNanos = System.nanoTime() - interval.toNanos();
    }

    /**
     * Takes up the checkpoint that was handed out last, if the disk holds its block; also if its signers count no longer: then
     * it is the last good one.
     */
    void restore() {
        rows.get(Table.META, CHECKPOINT).ifPresent(stored -> {
            try {
                candidate(SignedCheckpoint.decode(stored), signer -> true).ifPresent(found -> {
                    choice.handOut(found);
                    newestHeight = found.height();
                    heads.handOut(head(found));
                });
            } catch (ProofException | MalformedCheckpointException e) {
                LOG.warn("the stored checkpoint does not verify; the cloud's next one takes its place");
            }
        });
    }

    /** From now on somebody watches; what is out already is shown at once. */
    void watch(CheckpointWatch newWatch) {
        watch = newWatch;
        heads.newest().ifPresent(head -> offer(head.checkpoint()));
    }

    void offer(Bytes checkpoint) {
        try {
            offers.add(SignedCheckpoint.decode(checkpoint));
            schedule();
        } catch (MalformedCheckpointException e) {
            replica.refuseCheckpoint(replica.nextHeight(), "checkpoint: malformed", checkpoint);
        }
    }

    void contradicted(SignedCheckpoint checkpoint) {
        replica.refuseCheckpoint(
                checkpoint.checkpoint().height(), "checkpoint contradicts the chain", checkpoint.encode());
        watch.suspicious(checkpoint);
    }

    void suspect(SignedCheckpoint checkpoint) {
        watch.suspicious(checkpoint);
    }

    /** Who governs the chain now; empty until block 0 is on disk. */
    Optional<VerifiedPolicy> policy() {
        return replica.state().map(state -> {
            try {
                return policies.in(state);
            } catch (ProofException e) {
                throw new IllegalStateException("this replica verified the policies", e);
            }
        });
    }

    /** The replica keys of a policy whose signatures count here. */
    List<CoseKey> countingReplicas(VerifiedPolicy policy) {
        return policy.standingReplicas().stream()
                .filter(key -> watch.counts(key.kid()))
                .toList();
    }

    /** A block is on disk: a checkpoint that was too early may fit now. */
    void shown() {
        if (!offers.isEmpty()) {
            schedule();
        }
    }

    /** The newest height that the replicas signed and this gateway verified; -1 before the first. */
    long newestHeight() {
        return newestHeight;
    }

    /** How many cosignatures the newest head waits for; 0 if it waits for none. */
    int missing() {
        return missing;
    }

    /** Returns when nothing here reads the store any more, which may be closed then. */
    void close() {
        timer.shutdownNow();
        try {
            if (!timer.awaitTermination(LONGEST_CLOSE_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("a checkpoint is still being looked at");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void schedule() {
        if (!scheduled.compareAndSet(false, true)) {
            return;
        }
        later(Math.max(0, lastNanos + interval.toNanos() - System.nanoTime()), this::publish);
    }

    private void publish() {
        scheduled.set(false);
        Optional<ChainState> state = replica.state();
        if (state.isEmpty()) {
            return;
        }
        try {
            offers.takeUpTo(state.get().height()).forEach(this::takeUp);
            newestHeight = choice.newestHeight();
            showWitness();
            choice.choose(clock.instant()).ifPresent(this::handOut);
            missing = choice.missing();
            lookAgain();
        } catch (RuntimeException e) {
            LOG.error("a checkpoint could not be handed out", e);
        }
        if (replica.state().filter(now -> offers.hasUpTo(now.height())).isPresent()) {
            schedule();
        }
    }

    /** What waits for cosignatures is handed out at some time, whether they come or not. */
    private void lookAgain() {
        if (missing > 0 && waiting.compareAndSet(false, true)) {
            later(LOOK_AGAIN_NANOS, () -> {
                waiting.set(false);
                publish();
            });
        }
    }

    private void later(long nanos, Runnable task) {
        try {
            timer.schedule(task, nanos, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("closing");
        }
    }

    /** Highest first: of those that are new only the first is worth its signature checks, and cosigned ones. */
    private void takeUp(SignedCheckpoint offer) {
        long height = offer.checkpoint().height();
        if (!replica.agrees(offer.checkpoint())) {
            contradicted(offer);
            return;
        }
        if (height < choice.handedOutHeight()
                || height < choice.newestHeight() && choice.at(height).isEmpty() && !isCosigned(offer)) {
            return;
        }
        try {
            lastNanos = System.nanoTime();
            candidate(offer, this::counts).ifPresent(choice::add);
        } catch (ProofException e) {
            replica.refuseCheckpoint(height, "checkpoint: " + e.getMessage(), offer.encode());
        }
    }

    /**
     * What can be handed out of an offer, with the signatures that are known already; empty if it says something else
     * than this gateway computed, or if keys signed it that count no longer. The policy of its own height decides.
     *
     * @throws ProofException if too few of the policy's replicas signed it
     */
    private Optional<Candidate> candidate(SignedCheckpoint offer, Predicate<KeyId> counts) throws ProofException {
        Optional<ChainState> state = replica.recent(offer.checkpoint().height());
        if (state.isEmpty() || !offer.checkpoint().equals(state.get().checkpoint())) {
            return Optional.empty();
        }
        VerifiedPolicy policy = policies.in(state.get());
        Map<KeyId, CoseKey> keys = keys(policy);
        Optional<SignedCheckpoint> sound = CheckpointParts.only(
                offer, part -> keys.containsKey(part.kid()) && offer.verifiedBy(part, keys.get(part.kid()), verifier));
        Optional<SignedCheckpoint> known = choice.at(offer.checkpoint().height())
                .map(candidate -> candidate.checkpoint().signed());
        Optional<SignedCheckpoint> whole = CheckpointParts.merged(known, sound)
                .flatMap(both ->
                        CheckpointParts.only(both, part -> keys.containsKey(part.kid()) && counts.test(part.kid())));
        boolean signedByLiars = offer.parts().stream().anyMatch(part -> !counts.test(part.kid()));
        if (signedByLiars && !suffices(whole, policy)) {
            return Optional.empty();
        }
        return Optional.of(
                new Candidate(state.get(), CheckpointVerifier.verify(whole.orElse(offer), policy, verifier)));
    }

    /** Whether it claims a cosignature that the policy asks for: such a head is worth knowing even if there are newer ones. */
    private boolean isCosigned(SignedCheckpoint offer) {
        List<KeyId> witnesses = replica.state().stream()
                .flatMap(state -> state.policy().witnesses().gateways().stream())
                .map(witness -> witness.sig().kid())
                .toList();
        return offer.parts().stream().anyMatch(part -> witnesses.contains(part.kid()));
    }

    private void showWitness() {
        choice.forWitness(witnessed, clock.instant()).ifPresent(candidate -> {
            witnessed = candidate.height();
            watch.verified(candidate.checkpoint());
        });
    }

    private boolean counts(KeyId signer) {
        return watch.counts(signer)
                && replica.state().filter(now -> now.struck().contains(signer)).isEmpty();
    }

    private static boolean suffices(Optional<SignedCheckpoint> sound, VerifiedPolicy policy) {
        List<KeyId> replicas =
                policy.standingReplicas().stream().map(CoseKey::kid).toList();
        long found = sound.stream()
                .flatMap(checkpoint -> checkpoint.parts().stream())
                .filter(part -> replicas.contains(part.kid()))
                .count();
        return found >= policy.policy().replicas().k();
    }

    /** Whose signatures are worth handing out: the replicas' and the witnesses'. */
    private static Map<KeyId, CoseKey> keys(VerifiedPolicy policy) {
        Map<KeyId, CoseKey> keys = new HashMap<>();
        policy.standingReplicas().forEach(key -> keys.put(key.kid(), key));
        for (Policy.Witness witness : policy.policy().witnesses().gateways()) {
            keys.put(witness.sig().kid(), witness.sig());
        }
        return keys;
    }

    private void handOut(Candidate candidate) {
        Head head = head(candidate);
        if (heads.newest()
                .filter(out -> out.checkpoint().equals(head.checkpoint()))
                .isPresent()) {
            return;
        }
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

    private Head head(Candidate candidate) {
        return new Head(candidate.state(), candidate.checkpoint().encode(), clock.millis());
    }
}
