package dev.latchkey.proof;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.checkpoint.SignedCheckpoint;
import dev.latchkey.ledger.Block;
import dev.latchkey.merkle.HistoryTree;

/** The receipts of one block's transactions under one checkpoint; immutable. Hashes the block once. */
public final class BlockReceipts {
    private final HistoryTree leaves;
    private final long height;
    private final Item header;
    private final Item inHistory;
    private final Item checkpoint;

    /**
     * Prepares the receipts of a block.
     *
     * @param history the chain's history, at least up to the checkpoint
     * @param checkpoint a checkpoint of the block's height or later
     */
    public BlockReceipts(Block block, long height, HistoryTree history, SignedCheckpoint checkpoint) {
        this.leaves = HistoryTree.of(block.leaves());
        this.height = height;
        this.header = Cbor.bytes(block.header());
        this.inHistory =
                Paths.item(history.inclusion(height, checkpoint.checkpoint().height() + 1));
        this.checkpoint = Cbor.bytes(checkpoint.encode());
    }

    /** The receipt of the transaction at an index; 0 is the seal. */
    public Bytes receipt(int index) {
        return Cbor.encode(Cbor.array(
                Cbor.uint(index),
                Cbor.uint(leaves.size()),
                Paths.item(leaves.inclusion(index, leaves.size())),
                Cbor.uint(height),
                header,
                inHistory,
                checkpoint));
    }
}
