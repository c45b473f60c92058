package dev.latchkey.cloud.chain;

import dev.latchkey.ledger.ChainState;
import dev.latchkey.transaction.ChainId;

/** One chain that this node orders. Thread-safe; only the group's updater moves it. */
public final class OrderedChain {
    private final ChainId id;
    private final Bell bell = new Bell();
    private final CheckpointLine line;
    private volatile ChainState applied;

    OrderedChain(ChainState applied, CheckpointLine.Start start, CheckpointLine.Parts parts) {
        this.id = applied.chainId();
        this.applied = applied;
        this.line = new CheckpointLine(this, start, parts);
    }

    /** The chain's id. */
    public ChainId id() {
        return id;
    }

    /** The state after the last applied entry; what the next transactions are checked against. */
    public ChainState applied() {
        return applied;
    }

    /** The node's own verification and signature. */
    public CheckpointLine line() {
        return line;
    }

    /** Rings when a block was applied or a checkpoint signed, and now and then without a reason. */
    public Bell bell() {
        return bell;
    }

    void advance(ChainState next) {
        applied = next;
        bell.ring(); // first the followers, who verify for themselves
        line.wake();
    }
}
