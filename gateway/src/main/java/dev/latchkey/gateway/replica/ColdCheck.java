package dev.latchkey.gateway.replica;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.gateway.store.ChainRows;
import dev.latchkey.gateway.store.Key;
import dev.latchkey.gateway.store.Table;
import dev.latchkey.ledger.Block;
import dev.latchkey.ledger.Header;
import dev.latchkey.ledger.MalformedBlockException;
import dev.latchkey.merkle.HistoryTree;
import dev.latchkey.merkle.Rfc9162;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Looks at stored blocks that an opening does not replay, some or all of them: whether they are those whose headers the
 * history commits to. Stateless.
 */
public final class ColdCheck {
    /** Blocks looked at: if one in a hundred is damaged, one of them is found in half of the openings. */
    static final int SAMPLE = 64;

    private ColdCheck() {}

    /** The height of a damaged block among the sample below the history's end, if there is one. */
    static Optional<Long> damaged(ChainRows rows, HistoryTree history, RandomGenerator random) {
        for (int i = 0; i < SAMPLE && history.size() > 0; i++) {
            long height = random.nextLong(history.size());
            if (!isWhole(
                    rows.get(Table.HEADERS, Key.of(height)),
                    rows.get(Table.BLOCKS, Key.of(height)),
                    history.leafHash(height))) {
                return Optional.of(height);
            }
        }
        return Optional.empty();
    }

    /** Whether the block of a height on disk is, bit for bit, the one that a replica verified. */
    public static boolean isWhole(Replica replica, long height) {
        return isWhole(
                replica.header(height), replica.block(height), replica.history().leafHash(height));
    }

    private static boolean isWhole(Optional<Bytes> header, Optional<Bytes> encoded, Digest leaf) {
        if (header.isEmpty()
                || encoded.isEmpty()
                || !Rfc9162.leafHash(header.get()).equals(leaf)) {
            return false;
        }
        try {
            Block block = Block.decode(encoded.get());
            return block.header().equals(header.get())
                    && Header.decode(block.header()).merkleRoot().equals(block.merkleRoot());
        } catch (MalformedBlockException e) {
            return false;
        }
    }
}
