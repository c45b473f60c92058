package dev.latchkey.proof;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.directory.DirectoryAnswer;
import dev.latchkey.directory.DirectoryProof;
import dev.latchkey.ledger.ChainState;
import dev.latchkey.proof.ProofException.Reason;
import dev.latchkey.transaction.MemberRecord;
import dev.latchkey.transaction.MemberState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The answer to a question for the history of a key, {@code [[+ bstr record, newest first], directory proof]}: the proof is
 * of the newest record, and each record holds the hash of the one before it. Stateless.
 */
public final class KeyHistory {
    /** Most records in one answer; of a longer history it holds the newest. */
    public static final int MAX_RECORDS = 256;

    /** Longest answer in bytes. */
    public static final int MAX_BYTES = MAX_RECORDS * (MemberRecord.MAX_BYTES + 3) + DirectoryAnswer.MAX_BYTES;

    private KeyHistory() {}

    /**
     * The answer for a name, or nothing if it has no record.
     *
     * @param state the state of the checkpoint's height
     * @param older the encoded records before the current one, newest first; those beyond {@link #MAX_RECORDS} are left out
     */
    public static Optional<Bytes> answer(ChainState state, String name, List<Bytes> older) {
        DirectoryAnswer newest = DirectoryAnswer.of(state.directory(), KeyProof.path(state, name));
        return newest.value().map(record -> {
            List<Item> records = new ArrayList<>();
            records.add(Cbor.bytes(record));
            older.stream().limit(MAX_RECORDS - 1L).map(Cbor::bytes).forEach(records::add);
            return Cbor.encode(Cbor.array(Cbor.array(records), newest.proof().item()));
        });
    }

    /** Checks that the answer holds records of that name, the newest of them the current one under the checkpoint. */
    public static VerifiedHistory verify(VerifiedCheckpoint under, String name, Bytes answer) throws ProofException {
        try {
            List<Item> parts = Cbor.decode(answer, MAX_BYTES).asArray(2);
            List<Item> items = parts.get(0).asArray(1, MAX_RECORDS);
            DirectoryProof proof = DirectoryProof.fromItem(parts.get(1));
            Bytes newest = items.get(0).asBytes();
            Optional<Digest> root = proof.rootIfPresent(KeyProof.path(under, name), Digest.sha256(newest));
            if (root.isEmpty() || !root.get().equals(under.checkpoint().directoryRoot())) {
                throw new ProofException(Reason.WRONG_ROOT);
            }
            List<MemberRecord> records = new ArrayList<>();
            records.add(KeyProof.record(name, newest));
            for (Item item : items.subList(1, items.size())) {
                records.add(before(under, records.get(records.size() - 1), item.asBytes()));
            }
            return new VerifiedHistory(records, under);
        } catch (MalformedCborException e) {
            throw new ProofException(Reason.MALFORMED, e);
        }
    }

    private static MemberRecord before(VerifiedCheckpoint under, MemberRecord newer, Bytes encoded)
            throws ProofException {
        if (!newer.previous().equals(Optional.of(Digest.sha256(encoded)))) {
            throw new ProofException(Reason.BROKEN_HISTORY);
        }
        MemberRecord older = KeyProof.record(newer.name(), encoded);
        if (!older.id().equals(newer.id())
                || !isNext(older, newer)
                || older.height() > newer.height()
                || isElsewhere(under, older)) {
            throw new ProofException(Reason.BROKEN_HISTORY);
        }
        return older;
    }

    /** Who was on the way to this chain was in another one, and no height there says what was valid here. */
    private static boolean isElsewhere(VerifiedCheckpoint under, MemberRecord older) {
        return older.state() instanceof MemberState.Moving moving
                && moving.to().equals(under.checkpoint().chain());
    }

    /** Who comes home from another chain has done something there, and brings the sequence along. */
    private static boolean isNext(MemberRecord older, MemberRecord newer) {
        boolean away = older.state() instanceof MemberState.Moving || older.state() instanceof MemberState.Moved;
        return away ? older.sequence() < newer.sequence() : older.sequence() == newer.sequence() - 1;
    }
}
