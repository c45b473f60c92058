package dev.latchkey.cloud.chain;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.ledger.Block;
import dev.latchkey.ledger.MalformedBlockException;
import dev.latchkey.ledger.TransactionLocation;
import dev.latchkey.proof.BlockReceipts;
import java.util.HashMap;
import java.util.Map;

/** What can be cut out of stored blocks. Thread-safe. */
public final class Receipts {
    private final StoredChains store;

    /** Receipts from the blocks of a store. */
    public Receipts(StoredChains store) {
        this.store = store;
    }

    /** Receipts under one published head. For one thread; each block is read and hashed once. */
    public final class UnderHead {
        private final OrderedChain chain;
        private final Published head;
        private final Map<Long, BlockReceipts> blocks = new HashMap<>();

        private UnderHead(OrderedChain chain, Published head) {
            this.chain = chain;
            this.head = head;
        }

        /** The receipt of a transaction of the head's height or before. */
        public Bytes receipt(TransactionLocation location) {
            return blocks.computeIfAbsent(
                            location.height(),
                            height -> new BlockReceipts(
                                    block(chain, height), height, chain.line().history(), head.signed()))
                    .receipt(location.index());
        }
    }

    /** Receipts under a published head. */
    public UnderHead under(OrderedChain chain, Published head) {
        return new UnderHead(chain, head);
    }

    /** The header of a block that was applied. */
    public Bytes header(OrderedChain chain, long height) {
        return block(chain, height).header();
    }

    private Block block(OrderedChain chain, long height) {
        try {
            return Block.decode(store.block(chain.id(), height).orElseThrow());
        } catch (MalformedBlockException e) {
            throw new IllegalStateException("apply wrote this block itself", e);
        }
    }
}
