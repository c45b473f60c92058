package dev.latchkey.cloud.chain;

import dev.latchkey.checkpoint.Checkpoint;
import dev.latchkey.ledger.ChainState;
import dev.latchkey.transaction.ChainId;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** One chain that this node orders. Thread-safe; only the group's updater moves it. */
public final class OrderedChain {
    private final ChainId id;
    private final Bell bell = new Bell();
    private final CheckpointLine line;
    private final AtomicReference<ChainState> applied;
    private final AppliedHeads heads = new AppliedHeads();

    OrderedChain(ChainState applied, CheckpointLine.Start start, CheckpointLine.Parts parts) {
        this.id = applied.chainId();
        this.applied = new AtomicReference<>(applied);
        this.line = new CheckpointLine(this, start, parts);
    }

    /** The chain's id. */
    public ChainId id() {
        return id;
    }

    /** The state after the last applied entry; what the next transactions are checked against. */
    public ChainState applied() {
        return applied.get();
    }

    /** What apply arrived at after a block, if that was since the start and is not long ago. */
    Optional<Checkpoint> appliedAt(long height) {
        return heads.at(height);
    }

    /** The node's own verification and signature. */
    public CheckpointLine line() {
        return line;
    }

    /** Rings when a block was applied or a checkpoint signed, and now and then without a reason. */
    public Bell bell() {
        return bell;
    }

    /**
     * Puts the state that the line arrived at in place of the applied one, if both are of the same block. Else a node would
     * hold the chain twice, for each comes to it by itself; so they share what the next blocks do not change.
     */
    void share(ChainState verified) {
        ChainState now = applied.get();
        if (now != verified && now.blockHash().equals(verified.blockHash())) {
            applied.compareAndSet(now, verified);
        }
    }

    void advance(ChainState next) {
        heads.add(next.checkpoint());
        applied.set(next);
        bell.ring(); // first the followers, who verify for themselves
        line.wake();
    }
}
