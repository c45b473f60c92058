package dev.latchkey.cloud.chain;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cloud.store.StoreFault;
import dev.latchkey.ledger.Block;
import dev.latchkey.ledger.ChainState;
import dev.latchkey.ledger.Header;
import dev.latchkey.ledger.MalformedBlockException;
import dev.latchkey.merkle.HistoryTree;
import dev.latchkey.merkle.Rfc9162;
import dev.latchkey.transaction.ChainId;
import dev.latchkey.transaction.MalformedTransactionException;
import dev.latchkey.transaction.MemberRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads back older blocks and records of a chain, some with each checkpoint, from the first to the last and then again:
 * what nobody asks for is looked at too. A block has to hold the transactions of its header, and its header has to be the
 * leaf of the history; the newest record of a name has to be the directory's, and each one the one that the next names.
 * For the line's thread; its figures are for any.
 */
public final class Scrub {
    /** A turn ends behind the block that brings it to this, so that 256 full blocks do not hold the line up. */
    private static final int MAX_TURN_BYTES = 1 << 20;

    /** Rows of one name that are compared with each other; beyond them it goes on with the next name. */
    private static final int MAX_NAME_ROWS = 4_096;

    private final ChainStore store;
    private final ChainId chain;
    private final ScrubSettings settings;
    private Instant next = Instant.MIN;
    private long height;
    private Optional<Digest> name = Optional.empty(); // the records after it are next; blocks are, if there is none
    private boolean amongRecords;
    private volatile Instant passed;
    private volatile long rows;

    Scrub(ChainStore store, ChainId chain, ScrubSettings settings, Instant start) {
        this.store = store;
        this.chain = chain;
        this.settings = settings;
        this.passed = start;
    }

    /** How long ago everything had been read once more, or the node was started. */
    public Duration sincePass(Instant now) {
        return Duration.between(passed, now);
    }

    /** Blocks and records that were read back since the start. */
    public long rows() {
        return rows;
    }

    /**
     * Reads the next rows, if it is time to.
     *
     * @param verified a state that this node verified
     * @param history the history, at least up to that state
     * @return the first thing that is not as it should be
     */
    Optional<Finding> step(ChainState verified, HistoryTree history, Instant now) {
        if (settings.rows() == 0 || now.isBefore(next)) {
            return Optional.empty();
        }
        next = now.plus(settings.every());
        Optional<Finding> found = amongRecords ? Optional.empty() : blocks(verified, history);
        if (found.isPresent() || !amongRecords) {
            return found;
        }
        try {
            return records(verified, now);
        } catch (StoreFault e) {
            return Optional.of(Finding.of(chain, verified.height(), store.recordsName(), e));
        }
    }

    private Optional<Finding> blocks(ChainState verified, HistoryTree history) {
        List<Finding> found = new ArrayList<>();
        int[] left = {settings.rows(), MAX_TURN_BYTES};
        try {
            store.blocks(chain, height, verified.height(), (at, block) -> {
                check(at, block, history).ifPresent(found::add);
                rows++;
                height = at + 1;
                left[1] -= block.size();
                return found.isEmpty() && --left[0] > 0 && left[1] > 0;
            });
        } catch (StoreFault e) {
            return Optional.of(Finding.of(chain, height, store.blocksName(), e));
        }
        if (found.isEmpty() && left[0] > 0 && left[1] > 0) {
            if (height <= verified.height()) {
                return Optional.of(blockFinding(height, "block", "one block of each height", "none"));
            }
            amongRecords = true;
        }
        return found.stream().findFirst();
    }

    private Optional<Finding> check(long at, Bytes encoded, HistoryTree history) {
        if (at != height) {
            return Optional.of(blockFinding(height, "block", "one block of each height", "none"));
        }
        try {
            Block block = Block.decode(encoded);
            Digest leaf = Rfc9162.leafHash(block.header());
            if (!leaf.equals(history.leafHash(at))) {
                return Optional.of(blockFinding(at, "history-root's leaf", history.leafHash(at), leaf));
            }
            Digest root = Header.decode(block.header()).merkleRoot();
            if (!root.equals(block.merkleRoot())) {
                return Optional.of(blockFinding(at, "merkle-root", root, block.merkleRoot()));
            }
            return Optional.empty();
        } catch (MalformedBlockException e) {
            return Optional.of(blockFinding(at, "history-root's leaf", history.leafHash(at), "no block"));
        }
    }

    private Finding blockFinding(long at, String differs, Object expected, Object found) {
        return new Finding(Alarm.DISK, chain, at, store.blocksName(), differs, expected.toString(), found.toString());
    }

    /** Whole names, so that each turn can compare with the state of its own time. */
    private Optional<Finding> records(ChainState verified, Instant now) {
        int left = settings.rows();
        while (left > 0) {
            List<ChainStore.RecordRow> versions = store.recordsAfter(chain, name, verified.height(), MAX_NAME_ROWS);
            if (versions.isEmpty()) {
                name = Optional.empty();
                height = 0;
                amongRecords = false;
                passed = now;
                return Optional.empty();
            }
            Optional<Finding> found = check(versions, verified);
            if (found.isPresent()) {
                return found;
            }
            name = Optional.of(versions.get(0).name());
            rows += versions.size();
            left -= versions.size();
        }
        return Optional.empty();
    }

    private Optional<Finding> check(List<ChainStore.RecordRow> versions, ChainState verified) {
        Optional<MemberRecord> before = Optional.empty();
        for (ChainStore.RecordRow row : versions) {
            MemberRecord record;
            try {
                record = MemberRecord.decode(row.value());
            } catch (MalformedTransactionException e) {
                return Optional.of(recordFinding(row.height(), "directory-root's leaf", "a record", "none"));
            }
            if (!store.isKeyOf(row, chain, record)) {
                return Optional.of(recordFinding(
                        row.height(),
                        "directory-root's leaf",
                        "the record that its key names",
                        Digest.sha256(row.value())));
            }
            if (before.isPresent() && !follows(before.get(), record)) {
                return Optional.of(recordFinding(
                        before.get().height(),
                        "a later record's pointer",
                        record.previous().map(Digest::toString).orElse("nothing"),
                        before.get().hash()));
            }
            before = Optional.of(record);
        }
        return versions.size() == MAX_NAME_ROWS ? Optional.empty() : newest(before.orElseThrow(), verified);
    }

    /** Who comes back from another chain has a record there in between. */
    private static boolean follows(MemberRecord before, MemberRecord record) {
        return record.sequence() != before.sequence() + 1 || record.previous().equals(Optional.of(before.hash()));
    }

    private Optional<Finding> newest(MemberRecord stored, ChainState verified) {
        Optional<Digest> expected = verified.member(stored.name()).map(MemberRecord::hash);
        return expected.equals(Optional.of(stored.hash()))
                ? Optional.empty()
                : Optional.of(recordFinding(
                        stored.height(),
                        "directory-root's leaf",
                        expected.map(Digest::toString).orElse("no record"),
                        stored.hash()));
    }

    private Finding recordFinding(long at, String differs, Object expected, Object found) {
        return new Finding(Alarm.DISK, chain, at, store.recordsName(), differs, expected.toString(), found.toString());
    }
}
