package dev.latchkey.gateway.replica;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.checkpoint.Checkpoint;
import dev.latchkey.checkpoint.SignedCheckpoint;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.cose.EcVerifier;
import dev.latchkey.gateway.store.ChainRows;
import dev.latchkey.gateway.store.Draft;
import dev.latchkey.gateway.store.Key;
import dev.latchkey.gateway.store.Table;
import dev.latchkey.ledger.BlockFaultException;
import dev.latchkey.ledger.BlockVerifier;
import dev.latchkey.ledger.ChainState;
import dev.latchkey.ledger.RestoredState;
import dev.latchkey.ledger.VerifiedBlock;
import dev.latchkey.merkle.HistoryTree;
import dev.latchkey.proof.VerifiedPolicy;
import dev.latchkey.transaction.ChainId;
import dev.latchkey.transaction.MemberRecord;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One chain as this gateway has verified it. Blocks are given to it by one thread; everything else is for any thread.
 *
 * <p>The way of a block: verified in full against the state before it, put on disk together with the cursor, and only
 * then shown: {@link #state()}, the member index and the tree of headers never say more than the disk holds. A block
 * that does not verify is kept as evidence and changes nothing.
 */
public final class Replica {
    /** Verified blocks that may wait for the disk at once; bounds their memory. */
    private static final int MAX_UNWRITTEN = 32;

    /** States kept until a checkpoint for them arrives; later than that it comes for a newer one. */
    private static final int MAX_RECENT = 1_024;

    static final Bytes CURSOR = Bytes.utf8("replica-height");
    private static final Logger LOG = LoggerFactory.getLogger(Replica.class);

    private final ChainId chain;
    private final ChainRows rows;
    private final BlockVerifier blocks;
    private final Clock clock;
    private final ReplicaListener listener;
    private final MemberIndex members;
    private final RecordVersions versions;
    private final Heads heads;
    private final HeadPublisher publisher;
    private final StoredState stored;
    private final HistoryTree history;
    private final NavigableMap<Long, ChainState> recent = new ConcurrentSkipListMap<>();
    private final Set<Awaited> awaited = ConcurrentHashMap.newKeySet();
    private final BlockChecks.Tally tally = new BlockChecks.Tally();
    private final Semaphore unwritten = new Semaphore(MAX_UNWRITTEN);
    /** The newest verified state, perhaps not yet on disk; used by the thread that brings blocks. */
    private volatile Optional<ChainState> verified = Optional.empty();

    private volatile Optional<ChainState> shown = Optional.empty();
    private volatile Optional<ReplicaFault> fault = Optional.empty();

    private Replica(
            ChainId chain,
            ChainRows rows,
            EcVerifier verifier,
            Executor verifying,
            Clock clock,
            ReplicaTiming timing,
            ReplicaListener listener,
            StoredState stored) {
        this.chain = chain;
        this.rows = rows;
        this.stored = stored;
        this.history = stored.restored().map(RestoredState::history).orElseGet(HistoryTree::new);
        this.blocks = new BlockVerifier(verifier, verifying);
        this.clock = clock;
        this.members = new MemberIndex(chain, this::state);
        this.versions = new RecordVersions(rows);
        this.listener = listener;
        this.heads = new Heads(clock, timing.headsKept());
        this.publisher = new HeadPublisher(this, rows, verifier, clock, timing.checkpointInterval(), heads, listener);
    }

    /**
     * Opens the replica on what the store holds of its chain, which may be nothing: the stored state and the blocks after
     * it, or all blocks. Signatures were checked before anything was stored and are not checked again.
     *
     * @param rows the chain's own rows
     * @param verifying runs signature checks beside the caller's thread
     * @throws DamagedReplicaException if the stored blocks are of another chain or do not follow from each other
     */
    public static Replica open(
            ChainId chain,
            ChainRows rows,
            EcVerifier verifier,
            Executor verifying,
            Clock clock,
            ReplicaTiming timing,
            ReplicaListener listener)
            throws DamagedReplicaException {
        StoredState stored = StoredState.open(chain, rows);
        Replica replica = new Replica(chain, rows, verifier, verifying, clock, timing, listener, stored);
        stored.restored().map(RestoredState::state).ifPresent(replica::begin);
        replica.replay();
        replica.publisher.restore();
        return replica;
    }

    /** The height whose block is wanted next. */
    public long nextHeight() {
        return verified.map(state -> state.height() + 1).orElse(0L);
    }

    /**
     * Verifies the next block and puts it on disk; returns before it is written, but not before there is room.
     *
     * @throws BlockFaultException if the block does not follow; it is kept as evidence
     */
    public void accept(Bytes encoded) throws BlockFaultException, InterruptedException {
        VerifiedBlock block;
        Optional<ChainState> parent = verified;
        try {
            block = parent.isPresent() ? blocks.verify(parent.get(), encoded) : blocks.verifyGenesis(chain, encoded);
        } catch (BlockFaultException e) {
            tally.refusedBlock();
            keepEvidence(e.height(), Evidence.reason(e), encoded);
            throw e;
        }
        tally.verifiedBlock();
        unwritten.acquire();
        verified = Optional.of(block.after());
        rows.store()
                .submitWaiting(draft -> {
                    write(draft, block, parent);
                    return null;
                })
                .whenComplete((done, failure) -> unwritten.release());
    }

    /** Takes a checkpoint that the cloud offers; whether it is good is found out before it is handed out. */
    public void offer(Bytes checkpoint) {
        publisher.offer(checkpoint);
    }

    /** Keeps a checkpoint that differs from what this gateway computed for its height, and has somebody look into it. */
    public void contradicted(SignedCheckpoint checkpoint) {
        publisher.contradicted(checkpoint);
    }

    /** Has somebody look into a checkpoint that came with a block that does not follow. */
    public void suspect(SignedCheckpoint checkpoint) {
        publisher.suspect(checkpoint);
    }

    /** From now on somebody watches the checkpoints. */
    public void watch(CheckpointWatch watch) {
        publisher.watch(watch);
    }

    /** The newest height that the replicas signed and this gateway verified; -1 before the first. */
    public long signedHeight() {
        return publisher.newestHeight();
    }

    /** How many cosignatures the newest head waits for, as the policy asks; 0 if it waits for none. */
    public int missingCosignatures() {
        return publisher.missing();
    }

    /** Who governs the chain now; empty until block 0 is on disk. */
    public Optional<VerifiedPolicy> policy() {
        return publisher.policy();
    }

    /** The replica keys of a policy whose signatures count here. */
    public List<CoseKey> countingReplicas(VerifiedPolicy policy) {
        return publisher.countingReplicas(policy);
    }

    /**
     * Whether a checkpoint is of this very chain, as far as can still be told: of a height that was shown lately the whole
     * body, of an older one the block.
     *
     * @param checkpoint of a height that is on disk
     */
    public boolean agrees(Checkpoint checkpoint) {
        return recent(checkpoint.height())
                .map(state -> checkpoint.equals(state.checkpoint()))
                .orElseGet(() -> header(checkpoint.height())
                        .filter(header -> checkpoint.blockHash().equals(Digest.sha256(header)))
                        .isPresent());
    }

    /** Whether a checkpoint says in each word what this gateway computed for its height, lately. */
    public boolean isExactly(Checkpoint checkpoint) {
        return recent(checkpoint.height())
                .filter(state -> checkpoint.equals(state.checkpoint()))
                .isPresent();
    }

    /** The newest verified state that is on disk; empty until block 0 is. */
    public Optional<ChainState> state() {
        return shown;
    }

    public ChainId chain() {
        return chain;
    }

    public MemberIndex members() {
        return members;
    }

    public Heads heads() {
        return heads;
    }

    /** The tree over the headers of all blocks on disk. */
    public HistoryTree history() {
        return history;
    }

    /** The header of a height, from disk. */
    public Optional<Bytes> header(long height) {
        return rows.get(Table.HEADERS, Key.of(height));
    }

    /** The block of a height, from disk. */
    public Optional<Bytes> block(long height) {
        return rows.get(Table.BLOCKS, Key.of(height));
    }

    /** The records before one of this chain's, encoded, newest first, at most so many. */
    public List<Bytes> recordsBefore(MemberRecord record, int longest) {
        return versions.before(record, longest);
    }

    /**
     * The walk: genesis, policy and evidence transactions in chain order.
     *
     * @param from how many of them to leave out; no policy number, for evidence has none
     */
    public List<Bytes> policyTransactions(int from) {
        List<Bytes> all = shown.map(ChainState::policyTransactions).orElse(List.of());
        return from >= all.size() ? List.of() : all.subList(from, all.size());
    }

    /**
     * Completes when a block with this transaction is verified and on disk. The wait ends with the future: complete or
     * cancel it, or give it a time limit.
     */
    public CompletableFuture<Void> awaitApplied(Digest transactionId) {
        Awaited wait = new Awaited(transactionId, new CompletableFuture<>());
        awaited.add(wait);
        wait.future().whenComplete((done, failure) -> awaited.remove(wait));
        shown.ifPresent(this::completeAwaited);
        return wait.future();
    }

    /** What did not verify last. */
    public Optional<ReplicaFault> fault() {
        return fault;
    }

    /** What was checked since the replica was opened. */
    public BlockChecks checks() {
        return tally.now();
    }

    /** Ends the timer and writes the state, if that is worth it; the blocks are on disk or will be fetched again. */
    public void close() {
        publisher.close();
        shown.ifPresent(state -> stored.close(state, history, heads));
    }

    /** The state of a height that was shown lately. */
    Optional<ChainState> recent(long height) {
        return Optional.ofNullable(recent.get(height))
                .or(() -> shown.filter(state -> state.height() == height))
                .or(() -> heads.at(height).map(Head::state));
    }

    void refuseCheckpoint(long height, String reason, Bytes bytes) {
        tally.refusedCheckpoint();
        keepEvidence(height, reason, bytes);
    }

    private void keepEvidence(long height, String reason, Bytes bytes) {
        fault = Optional.of(new ReplicaFault(height, reason, clock.millis()));
        LOG.atError()
                .addKeyValue("height", height)
                .addKeyValue("reason", reason)
                .log("what the cloud sent does not verify; it is kept as evidence");
        Bytes key =
                Key.start().number(height).bytes(Digest.sha256(bytes).bytes()).end();
        rows.store().submit(draft -> {
            int[] kept = {0};
            rows.scan(draft, Table.EVIDENCE, Bytes.EMPTY, Bytes.EMPTY, (other, value) -> ++kept[0] < Evidence.MAX_KEPT);
            if (kept[0] < Evidence.MAX_KEPT) {
                rows.put(draft, Table.EVIDENCE, key, bytes);
            }
            return null;
        });
    }

    private void begin(ChainState state) {
        verified = Optional.of(state);
        show(state);
    }

    private void replay() throws DamagedReplicaException {
        List<Bytes> page = page(nextHeight());
        while (!page.isEmpty()) {
            for (Bytes encoded : page) {
                try {
                    Optional<ChainState> parent = verified;
                    VerifiedBlock block = parent.isPresent()
                            ? blocks.replay(parent.get(), encoded)
                            : blocks.replayGenesis(chain, encoded);
                    verified = Optional.of(block.after());
                    show(block);
                } catch (BlockFaultException e) {
                    throw new DamagedReplicaException(nextHeight(), e);
                }
            }
            page = page(nextHeight());
        }
    }

    private List<Bytes> page(long from) {
        List<Bytes> page = new ArrayList<>();
        rows.scan(Table.BLOCKS, Bytes.EMPTY, Key.of(from), (key, value) -> page.add(value) && page.size() < 64);
        return page;
    }

    private void write(Draft draft, VerifiedBlock block, Optional<ChainState> parent) {
        rows.put(draft, Table.BLOCKS, Key.of(block.height()), block.encoded());
        rows.put(draft, Table.HEADERS, Key.of(block.height()), block.headerBytes());
        rows.put(draft, Table.META, CURSOR, Key.of(block.height()));
        versions.keep(draft, block, parent);
        draft.afterCommit(() -> {
            for (MemberIndex.Change change : show(block)) {
                change.ended().ifPresent(listener::memberEnded);
                change.begun().ifPresent(listener::memberBegun);
            }
            publisher.shown();
        });
    }

    private List<MemberIndex.Change> show(VerifiedBlock block) {
        history.append(block.historyLeaf());
        show(block.after());
        List<MemberIndex.Change> changes = new ArrayList<>();
        block.changed().forEach(record -> changes.add(members.apply(record)));
        completeAwaited(block.after());
        stored.shown(block.after(), history, heads);
        return changes;
    }

    private void show(ChainState state) {
        recent.put(state.height(), state);
        if (recent.size() > MAX_RECENT) {
            recent.pollFirstEntry();
        }
        boolean newPolicy = shown.map(
                        before -> before.policy().number() != state.policy().number())
                .orElse(true);
        shown = Optional.of(state);
        if (newPolicy) {
            listener.policyChanged(state.policy());
        }
    }

    /** Forgets the states before a head: no checkpoint for them will be handed out any more. */
    void forgetBefore(long height) {
        recent.headMap(height).clear();
    }

    private void completeAwaited(ChainState state) {
        for (Awaited wait : awaited) {
            if (state.applied(wait.transactionId()).isPresent()) {
                wait.future().complete(null);
            }
        }
    }

    private record Awaited(Digest transactionId, CompletableFuture<Void> future) {}
}
