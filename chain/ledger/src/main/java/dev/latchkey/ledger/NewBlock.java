package dev.latchkey.ledger;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.transaction.MemberRecord;
import java.util.List;

/**
 * A block that apply made: a function of state and entry, whose signatures this replica has not checked.
 *
 * @param encoded the block's bytes
 * @param height the block's height
 * @param hash SHA-256 of the header
 * @param historyLeaf the header's leaf hash in the history tree
 * @param changed the records that the block wrote, in order
 */
public record NewBlock(Bytes encoded, long height, Digest hash, Digest historyLeaf, List<MemberRecord> changed) {
    public NewBlock {
        changed = List.copyOf(changed);
    }
}
