package dev.latchkey.gateway.replica;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.directory.DirectoryPath;
import dev.latchkey.gateway.store.ChainRows;
import dev.latchkey.gateway.store.Draft;
import dev.latchkey.gateway.store.Table;
import dev.latchkey.ledger.ChainState;
import dev.latchkey.ledger.VerifiedBlock;
import dev.latchkey.transaction.MalformedTransactionException;
import dev.latchkey.transaction.MemberRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The records of a chain that newer ones took the place of, on disk under their hashes, for ever: each record points to
 * the one before it, so a member's history is a walk from the current one. Safe for use by many threads.
 */
final class RecordVersions {
    private final ChainRows rows;

    RecordVersions(ChainRows rows) {
        this.rows = rows;
    }

    /** Writes the records that a block took the place of, in the unit that writes the block. */
    void keep(Draft draft, VerifiedBlock block, Optional<ChainState> before) {
        Map<String, MemberRecord> written = new HashMap<>();
        for (MemberRecord newer : block.changed()) {
            Optional<Bytes> older = Optional.ofNullable(written.put(newer.name(), newer))
                    .map(MemberRecord::encode)
                    .or(() -> before.flatMap(state -> encoded(state, newer.name())));
            older.ifPresent(record ->
                    rows.put(draft, Table.RECORDS, Digest.sha256(record).bytes(), record));
        }
    }

    /** As it stands in the directory: decoding it would cost more than all else here. */
    private static Optional<Bytes> encoded(ChainState state, String name) {
        return state.directory().get(DirectoryPath.of(state.chainId().digest(), name));
    }

    /**
     * The records before a member's current one, encoded, newest first. They end where the chain first knew the member:
     * one that moved in points to a record of another chain.
     *
     * @param longest how many at most; the newest ones
     */
    List<Bytes> before(MemberRecord current, int longest) {
        List<Bytes> found = new ArrayList<>();
        Optional<Digest> next = current.previous();
        while (next.isPresent() && found.size() < longest) {
            Optional<Bytes> row = rows.get(Table.RECORDS, next.get().bytes());
            if (row.isEmpty()) {
                return found;
            }
            found.add(row.get());
            next = previous(row.get());
        }
        return found;
    }

    private static Optional<Digest> previous(Bytes row) {
        try {
            return MemberRecord.decode(row).previous();
        } catch (MalformedTransactionException e) {
            throw new IllegalStateException("this replica wrote it", e);
        }
    }
}
