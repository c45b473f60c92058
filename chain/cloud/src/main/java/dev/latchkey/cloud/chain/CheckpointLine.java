package dev.latchkey.cloud.chain;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.checkpoint.SignedCheckpoint;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.cose.Signer;
import dev.latchkey.host.StateKeeper;
import dev.latchkey.ledger.BlockFaultException;
import dev.latchkey.ledger.BlockVerifier;
import dev.latchkey.ledger.ChainState;
import dev.latchkey.ledger.VerifiedBlock;
import dev.latchkey.merkle.HistoryTree;
import dev.latchkey.proof.CoseReceipt;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The node's own check of one chain, behind apply: reads each block back from the store, verifies it in full as any
 * gateway would, and only then signs. Thread-safe; the work is done in turns on the executor, never by the caller.
 *
 * <p>On a block that does not verify it stops for good and says so: the chain goes on, without this node's signature.
 */
public final class CheckpointLine {
    /** A header further ahead of the node's clock than this is not signed yet. */
    static final Duration MAX_AHEAD = Duration.ofSeconds(60);

    /** The signature of an unchanged head is renewed when it is older than this. */
    static final Duration RENEWAL = Duration.ofSeconds(60);

    private static final Logger LOG = LoggerFactory.getLogger(CheckpointLine.class);
    private static final int BLOCKS_PER_TURN = 64;

    private final ChainStore store;
    private final OrderedChain chain;
    private final BlockVerifier verifier;
    private final Signer replica;
    private final Clock clock;
    private final Executor executor;
    private final HistoryTree history;
    private final Optional<SigningGuard> guard;
    private final StateKeeper keeper;
    private final PublishedHeads heads = new PublishedHeads();
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private final ConcurrentSkipListMap<Long, CompletableFuture<Published>> waiting = new ConcurrentSkipListMap<>();
    private volatile ChainState verified;
    private volatile Alarm alarm = Alarm.NONE;

    CheckpointLine(OrderedChain chain, Start start, Parts parts) {
        this.chain = chain;
        this.store = parts.store();
        this.verifier = parts.verifier();
        this.replica = parts.replica();
        this.clock = parts.clock();
        this.executor = parts.lineExecutor();
        this.verified = start.verified();
        this.history = start.history();
        this.guard = start.guard();
        this.keeper = new StateKeeper(
                store.stateFile(chain.id()),
                start.stored(),
                CheckpointLine::beside,
                e -> LOG.warn("the state could not be written; the next start takes longer", e));
        if (guard.isEmpty()) {
            raise(Alarm.GUARD_LOST);
        }
    }

    /**
     * Where the line begins.
     *
     * @param verified the newest state whose signatures were checked before
     * @param history the history up to that state
     * @param guard what was signed last, unless it is lost
     * @param stored {@link StateKeeper#position} of the state on disk, 0 if there is none
     */
    record Start(ChainState verified, HistoryTree history, Optional<SigningGuard> guard, long stored) {}

    /** What all lines of a node share. */
    record Parts(ChainStore store, BlockVerifier verifier, Signer replica, Clock clock, Executor lineExecutor) {}

    /** The newest state that this node verified. */
    public ChainState verified() {
        return verified;
    }

    /** The newest head that this node signed. */
    public Optional<Published> published() {
        return heads.newest();
    }

    /** The head of a height, if it was published within the last hour. */
    public Optional<Published> published(long height) {
        return heads.at(height);
    }

    /** The newest head of the last hour that carries at least so many witnesses' signatures. */
    public Optional<Published> cosigned(int witnesses) {
        return heads.cosigned(witnesses);
    }

    /** Adds witnesses' signatures, which were checked, to a published head. */
    void cosigned(SignedCheckpoint signatures) {
        heads.merge(signatures).ifPresent(merged -> {
            if (heads.newest().filter(merged::equals).isPresent()) {
                keepNewest();
                chain.bell().ring();
            }
        });
    }

    /** Whatever comes first, the newest is kept last. */
    private synchronized void keepNewest() {
        heads.newest().ifPresent(newest -> store.keepCheckpoint(chain.id(), newest.encoded()));
    }

    /** The history of headers, at least up to every published head. */
    public HistoryTree history() {
        return history;
    }

    /**
     * This replica's receipt of a header for tools that know COSE, under a head that it signed.
     *
     * @throws NotSigningException if it signs nothing now
     */
    public Bytes coseReceipt(long height, Published under) {
        if (alarm != Alarm.NONE) {
            throw new NotSigningException(alarm);
        }
        return CoseReceipt.make(history, height, under.checkpoint(), replica);
    }

    /** Whether and why the node does not sign. */
    public Alarm alarm() {
        return alarm;
    }

    /**
     * A head of that height or later. Completes on the line's thread, so dependents belong on another; fails at once
     * with {@link NotSigningException} while an alarm keeps the node from signing.
     */
    public CompletableFuture<Published> reached(long height) {
        if (alarm != Alarm.NONE) {
            return CompletableFuture.failedFuture(new NotSigningException(alarm));
        }
        CompletableFuture<Published> wait = waiting.computeIfAbsent(height, unused -> new CompletableFuture<>());
        heads.newest().filter(now -> now.height() >= height).ifPresent(this::release);
        return wait;
    }

    /** Waits for the first signed head; false if there is none in time or an alarm keeps the node from signing. */
    public boolean awaitPublished(Duration patience) {
        try {
            reached(0).get(patience.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (ExecutionException | TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Tells the line that there may be something to do: a new block, or time has passed. */
    public void wake() {
        if (scheduled.compareAndSet(false, true)) {
            try {
                executor.execute(this::turn);
            } catch (RejectedExecutionException e) {
                LOG.debug("the node stops; the line rests", e);
            }
        }
    }

    private void turn() {
        scheduled.set(false);
        try {
            catchUp();
            sign();
        } catch (BlockFaultException e) {
            LOG.error("a block does not verify: fault={} height={}", e.fault(), e.height());
            raise(Alarm.BAD_BLOCK);
        } catch (IOException | RuntimeException e) {
            LOG.error("a block cannot be read back, or the signing guard not written", e);
            raise(Alarm.DISK);
        }
        if (verified.height() < chain.applied().height() && alarm != Alarm.BAD_BLOCK && alarm != Alarm.DISK) {
            wake();
        }
    }

    private void catchUp() throws BlockFaultException {
        long target = Math.min(chain.applied().height(), verified.height() + BLOCKS_PER_TURN);
        while (verified.height() < target && alarm != Alarm.BAD_BLOCK) {
            Bytes block = store.block(chain.id(), verified.height() + 1)
                    .orElseThrow(() -> new IllegalStateException("an applied block is missing"));
            VerifiedBlock next = verifier.verify(verified, block);
            history.append(next.historyLeaf());
            verified = next.after();
            if (alarm == Alarm.ROLLED_BACK) {
                alarm = Alarm.NONE; // it catches up
            }
        }
        chain.share(verified);
    }

    private void sign() throws IOException {
        ChainState head = verified;
        Instant now = clock.instant();
        if (guard.isEmpty() || stopped() || !isDue(head, now)) {
            return;
        }
        if (isAhead(head, now)) {
            raise(Alarm.AHEAD);
            return;
        }
        if (head.struck().contains(replica.publicKey().kid())) {
            raise(Alarm.STRUCK);
            return;
        }
        if (!isReplica(head)) {
            raise(Alarm.NOT_A_REPLICA);
            return;
        }
        SigningGuard.Signed last = guard.get().last();
        if (head.height() < last.height()) {
            if (head.height() == chain.applied().height()) {
                raise(Alarm.ROLLED_BACK);
            }
            return;
        }
        if (!history.root(last.height() + 1).equals(last.historyRoot())) {
            LOG.error("this history is not the one signed before: height={}", last.height());
            raise(Alarm.OTHER_HISTORY);
            return;
        }
        guard.get().advance(last, new SigningGuard.Signed(head.height(), head.historyRoot()));
        publish(heads.sign(head, SignedCheckpoint.sign(head.checkpoint(), replica, now), now));
        keeper.passed(head, history, () -> head);
    }

    private boolean stopped() {
        return alarm != Alarm.NONE && !alarm.mayPass();
    }

    private boolean isDue(ChainState head, Instant now) {
        return heads.newest()
                .filter(last -> last.height() >= head.height()
                        && last.signedAt().plus(RENEWAL).isAfter(now))
                .isEmpty();
    }

    private static boolean isAhead(ChainState head, Instant now) {
        return head.header().timeMillis() > now.plus(MAX_AHEAD).toEpochMilli();
    }

    private boolean isReplica(ChainState head) {
        CoseKey key = replica.publicKey();
        return head.policy().replicas().nodes().stream()
                .anyMatch(node -> node.sig().equals(key));
    }

    private void publish(Published head) {
        keepNewest();
        if (alarm.mayPass()) {
            alarm = Alarm.NONE;
        }
        release(head);
        chain.bell().ring();
    }

    private void release(Published head) {
        var reached = waiting.headMap(head.height(), true);
        for (Long height : reached.keySet()) {
            CompletableFuture<Published> wait = waiting.remove(height);
            if (wait != null) {
                wait.complete(head);
            }
        }
    }

    private void raise(Alarm reason) {
        if (alarm != reason) {
            LOG.error("checkpoints are not signed: alarm={}", reason);
            alarm = reason;
            waiting.keySet().forEach(this::giveUp);
        }
    }

    private void giveUp(Long height) {
        CompletableFuture<Published> wait = waiting.remove(height);
        if (wait != null) {
            wait.completeExceptionally(new NotSigningException(alarm));
        }
    }

    private static void beside(Runnable writing) {
        Thread thread = new Thread(writing, "chain-state");
        thread.setDaemon(true);
        thread.start();
    }

    /** Writes the state that was signed, if that is worth it, and closes the guard. */
    void close() throws IOException {
        if (guard.isPresent()) {
            ChainState last = verified;
            if (last.height() <= guard.get().last().height()) {
                keeper.close(last, history);
            }
            guard.get().close();
        }
    }
}
