package dev.latchkey.proof;

import dev.latchkey.bytes.Digest;
import dev.latchkey.transaction.MemberRecord;
import java.util.List;
import java.util.Optional;

/** The records of a name, as proved under a checkpoint. Only {@link KeyHistory} makes one. Immutable. */
public final class VerifiedHistory {
    private final List<MemberRecord> records;
    private final VerifiedCheckpoint under;

    VerifiedHistory(List<MemberRecord> records, VerifiedCheckpoint under) {
        this.records = List.copyOf(records);
        this.under = under;
    }

    /** The records, newest first. */
    public List<MemberRecord> records() {
        return records;
    }

    /** The newest record. */
    public VerifiedKey current() {
        return new VerifiedKey(records.get(0), under);
    }

    /**
     * The record that was valid at a height: a record is valid from its own height to that of the next one.
     *
     * @return nothing if the name had no record then, or an older one than was shown
     * @throws IllegalArgumentException if the height is above the checkpoint's
     */
    public Optional<MemberRecord> at(long height) {
        if (height > under.checkpoint().height()) {
            throw new IllegalArgumentException("the checkpoint does not reach that height");
        }
        return records.stream().filter(record -> record.height() <= height).findFirst();
    }

    /**
     * The hash of the record before the oldest one here: one in the chain that the member came from, or one that was left
     * out of a long history. Nothing if the history is here from its beginning.
     */
    public Optional<Digest> before() {
        return records.get(records.size() - 1).previous();
    }

    /** The checkpoint under which the first record is the current one. */
    public VerifiedCheckpoint under() {
        return under;
    }
}
