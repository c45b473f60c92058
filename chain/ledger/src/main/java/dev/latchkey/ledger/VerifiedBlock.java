package dev.latchkey.ledger;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.transaction.MemberRecord;
import java.util.List;

/**
 * A block that follows from its parent by every rule, and the state after it. Only {@link BlockVerifier} makes one.
 * Immutable.
 */
public final class VerifiedBlock {
    private final NewBlock block;
    private final ChainState after;
    private final List<Bytes> transactions;

    VerifiedBlock(NewBlock block, ChainState after, Draft draft) {
        this.block = block;
        this.after = after;
        this.transactions = List.copyOf(draft.transactions());
    }

    public Bytes encoded() {
        return block.encoded();
    }

    public long height() {
        return block.height();
    }

    public Digest hash() {
        return block.hash();
    }

    /** The header's leaf hash in the history tree. */
    public Digest historyLeaf() {
        return block.historyLeaf();
    }

    public Header header() {
        return after.header();
    }

    public Bytes headerBytes() {
        return after.headerBytes();
    }

    /** The encoded transactions without the seal. */
    public List<Bytes> transactions() {
        return transactions;
    }

    /** The records that this block wrote, in order. */
    public List<MemberRecord> changed() {
        return block.changed();
    }

    /** The state after this block. */
    public ChainState after() {
        return after;
    }
}
