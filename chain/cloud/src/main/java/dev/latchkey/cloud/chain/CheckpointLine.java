package dev.latchkey.cloud.chain;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.checkpoint.Checkpoint;
import dev.latchkey.checkpoint.MalformedCheckpointException;
import dev.latchkey.checkpoint.SignedCheckpoint;
import dev.latchkey.cloud.store.StoreFault;
import dev.latchkey.cose.EcVerifier;
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
    /** The signature of an unchanged head is renewed when it is older than this. */
    static final Duration RENEWAL = Duration.ofSeconds(60);

    /** Others are asked for their signatures again when they did not answer for so long. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private static final Logger LOG = LoggerFactory.getLogger(CheckpointLine.class);
    private static final int BLOCKS_PER_TURN = 64;

    private final ChainStore store;
    private final OrderedChain chain;
    private final BlockVerifier verifier;
    private final Signer replica;
    private final Clock clock;
    private final Executor executor;
    private final HistoryTree history;
    private final Optional<SigningHand> hand;
    private final StateKeeper keeper;
    private final Fellows fellows;
    private final Gathering gathering;
    private final PublishedHeads heads = new PublishedHeads();
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private final HeadWaits waits = new HeadWaits();
    private volatile ChainState verified;
    private final AlarmState state = new AlarmState();
    private final Scrub scrub;
    private long signedHeight = -1; // for the line's thread
    private Instant signedAt = Instant.MIN;

    CheckpointLine(OrderedChain chain, Start start, Parts parts) {
        this.chain = chain;
        this.store = parts.store();
        this.verifier = parts.verifier();
        this.replica = parts.replica();
        this.clock = parts.clock();
        this.executor = parts.lineExecutor();
        this.verified = start.verified();
        this.history = start.history();
        this.hand = start.guard().map(guard -> new SigningHand(replica, guard));
        this.fellows = parts.fellows();
        this.gathering = new Gathering(parts.signatures(), replica.publicKey().kid(), heads, new Work());
        this.keeper = new StateKeeper(
                store.stateFile(chain.id()),
                start.stored(),
                CheckpointLine::beside,
                e -> LOG.warn("the state could not be written; the next start takes longer", e));
        this.scrub = new Scrub(store, chain.id(), parts.scrub(), clock.instant());
        gathering.verified(verified);
        remember();
        if (hand.isEmpty()) {
            raise(Alarm.GUARD_LOST);
        }
    }

    /** What others signed of the newest head before this node was started again. */
    private void remember() {
        try {
            Optional<Bytes> kept = store.checkpoint(chain.id());
            if (kept.isPresent()) {
                gathering.remember(verified, SignedCheckpoint.decode(kept.get()));
            }
        } catch (MalformedCheckpointException e) {
            LOG.warn("the checkpoint that was kept is damaged; others' signatures are asked for anew", e);
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
    record Parts(
            ChainStore store,
            BlockVerifier verifier,
            EcVerifier signatures,
            Signer replica,
            Fellows fellows,
            Clock clock,
            ScrubSettings scrub,
            Executor lineExecutor) {}

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
            fellows.show(merged.signed(), this::answered);
        });
    }

    /**
     * Signs a head that another replica signed, as soon as this node has verified it, and takes note of the other's
     * signature. Completes on the line's thread; never, if the chain does not come to that head.
     */
    public CompletableFuture<Cosigned> cosign(SignedCheckpoint shown) {
        CompletableFuture<Cosigned> answer = new CompletableFuture<>();
        onLine(() -> {
            gathering.ask(shown, answer);
            turn();
        });
        return answer;
    }

    private void answered(SignedCheckpoint signed) {
        onLine(() -> gathering.take(signed, clock.instant()));
    }

    private void onLine(Runnable work) {
        try {
            executor.execute(work);
        } catch (RejectedExecutionException e) {
            LOG.debug("the node stops; the line rests", e);
        }
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
        if (alarm() != Alarm.NONE) {
            throw new NotSigningException(reason());
        }
        return CoseReceipt.make(history, height, under.checkpoint(), replica);
    }

    /** Whether and why the node does not sign. */
    public Alarm alarm() {
        return state.alarm();
    }

    /** What reads back, in turns, what nobody asks for. */
    public Scrub scrub() {
        return scrub;
    }

    /** Why the node does not sign, and what was found, in one sentence for people. */
    public String reason() {
        return state.reason();
    }

    /**
     * A head of that height or later. Completes on the line's thread, so dependents belong on another; fails at once
     * with {@link NotSigningException} while an alarm keeps the node from signing.
     */
    public CompletableFuture<Published> reached(long height) {
        if (alarm() != Alarm.NONE) {
            return CompletableFuture.failedFuture(new NotSigningException(reason()));
        }
        CompletableFuture<Published> wait = waits.of(height);
        heads.newest().filter(now -> now.height() >= height).ifPresent(waits::release);
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
            onLine(this::turn);
        }
    }

    private void turn() {
        scheduled.set(false);
        try {
            catchUp();
            gathering.answer(verified.height(), clock.instant());
            sign();
        } catch (BlockFaultException e) {
            raise(Finding.of(chain.id(), store.blocksName(), e));
        } catch (StoreFault e) {
            LOG.error("a block cannot be read back", e);
            raise(Finding.of(chain.id(), verified.height() + 1, store.blocksName(), e));
        } catch (IOException | RuntimeException e) {
            LOG.error("the signing guard cannot be written, or the line failed", e);
            raise(new Finding(
                    Alarm.DISK, chain.id(), verified.height(), "guard", "file", "it can be written", e.toString()));
        }
        if (verified.height() < chain.applied().height() && !state.isDamage()) {
            wake();
        }
    }

    private void catchUp() throws BlockFaultException {
        long target = Math.min(chain.applied().height(), verified.height() + BLOCKS_PER_TURN);
        while (verified.height() < target && !state.isDamage()) {
            Bytes block = store.block(chain.id(), verified.height() + 1)
                    .orElseThrow(() -> new StoreFault("an applied block is missing"));
            VerifiedBlock next = verifier.verify(verified, block);
            Optional<Finding> other = other(next.after().checkpoint());
            if (other.isPresent()) {
                raise(other.get());
                return;
            }
            history.append(next.historyLeaf());
            verified = next.after();
            gathering.verified(verified);
            if (alarm() == Alarm.ROLLED_BACK) {
                state.calm(); // it catches up
            }
        }
        chain.share(verified);
    }

    /** A block that verifies may still be another one than the log gave: then it was changed on its way to the disk. */
    private Optional<Finding> other(Checkpoint read) {
        return chain.appliedAt(read.height())
                .filter(applied -> !applied.equals(read))
                .map(applied -> Difference.of(read, applied).finding(Alarm.BAD_BLOCK, applied, store.blocksName()));
    }

    private void sign() throws IOException {
        ChainState head = verified;
        Instant now = clock.instant();
        if (hand.isEmpty() || state.isFinal() || !isDue(head, now)) {
            return;
        }
        Optional<SignedCheckpoint> own = signature(head, now);
        if (own.isPresent()) {
            signedHeight = head.height();
            signedAt = now;
            SignedCheckpoint all = gathering.gather(head, own.get(), now);
            if (head.policy().replicas().k() > 1) {
                fellows.show(all, this::answered);
            }
            keeper.passed(head, history, () -> head);
            scrub.step(head, history, now).ifPresent(this::raise);
        }
    }

    /** What gathering has the line do. */
    private final class Work implements Gathering.Line {
        @Override
        public Optional<SignedCheckpoint> sign(ChainState head, Instant now) throws IOException {
            return hand.isEmpty() || state.isFinal() ? Optional.empty() : signature(head, now);
        }

        @Override
        public void publish(Published head) {
            CheckpointLine.this.publish(head);
        }

        @Override
        public void contradicted(Finding found) {
            raise(found);
        }
    }

    private Optional<SignedCheckpoint> signature(ChainState head, Instant now) throws IOException {
        OwnSignature own = hand.orElseThrow()
                .sign(head, history, verified.height(), chain.applied().height(), now);
        if (own.reason() != Alarm.NONE) {
            raise(own.reason());
        }
        return own.signed();
    }

    private boolean isDue(ChainState head, Instant now) {
        if (signedHeight >= head.height() && signedAt.plus(PATIENCE).isAfter(now)) {
            return false; // the others were asked a moment ago
        }
        return heads.newest()
                .filter(last -> last.height() >= head.height()
                        && last.signedAt().plus(RENEWAL).isAfter(now))
                .isEmpty();
    }

    private void publish(Published head) {
        keepNewest();
        if (alarm().mayPass()) {
            state.calm();
        }
        waits.release(head);
        chain.bell().ring();
    }

    private void raise(Alarm reason) {
        raise(Finding.of(reason, chain.id(), verified.height()));
    }

    private void raise(Finding found) {
        if (state.raise(found)) {
            waits.giveUp(found.text());
        }
    }

    private static void beside(Runnable writing) {
        Thread thread = new Thread(writing, "chain-state");
        thread.setDaemon(true);
        thread.start();
    }

    /** Writes the state that was signed, if that is worth it, and closes the guard. */
    void close() throws IOException {
        if (hand.isPresent()) {
            ChainState last = verified;
            if (last.height() <= hand.get().height()) {
                keeper.close(last, history);
            }
            hand.get().close();
        }
    }
}
