package dev.latchkey.transaction;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.cose.CoseKey;
import java.util.List;
import java.util.Optional;

/**
 * What the directory says of a name: {@code [name, id, sequence, state, role, [sig, kex, dtls], height,
 * previous-record-hash / null, next-key-digest / null]}.
 *
 * @param name the member's name, unique in its chain for ever
 * @param id 16 bytes from the first join; stays through moves, mailboxes hang on it
 * @param sequence number of the member's last transaction, 1 for the first
 * @param state whether the keys are current
 * @param role what the member may do
 * @param keys the three keys
 * @param height the block that wrote this record
 * @param previous hash of the record before, which makes the history v records and one proof
 * @param nextKey digest of the sig key that must come next, where one was committed to
 */
public record MemberRecord(
        String name,
        Bytes id,
        long sequence,
        MemberState state,
        Role role,
        MemberKeys keys,
        long height,
        Optional<Digest> previous,
        Optional<Digest> nextKey) {
    /** Length of a member id in bytes. */
    public static final int ID_BYTES = 16;

    /** Longest encoded record in bytes: 32-character names, a move, all hashes. */
    public static final int MAX_BYTES = 384;

    private static final byte RECORD_HEAD = (byte) 0x89;
    private static final int TEXT_HEAD = 0x60;
    private static final Bytes NEXT_KEY_DOMAIN = Bytes.utf8("latchkey/1/next-key");
    private static final Bytes ID_DOMAIN = Bytes.utf8("latchkey/1/member-id");

    public MemberRecord {
        if (!Names.isValid(name) || id.size() != ID_BYTES || sequence < 1 || height < 0) {
            throw new IllegalArgumentException("a record field is out of range");
        }
    }

    /** The id of a member that joins for the first time, by its transaction and its name. */
    public static Bytes firstId(Digest transactionId, String name) {
        return Digest.sha256(ID_DOMAIN, transactionId.bytes(), Bytes.utf8(name))
                .bytes()
                .slice(0, ID_BYTES);
    }

    /** The commitment to a sig key that shall come next: SHA-256("latchkey/1/next-key" ‖ COSE_Key). */
    public static Digest commitment(CoseKey next) {
        return Digest.sha256(NEXT_KEY_DOMAIN, next.encode());
    }

    /** The record after this one: the same, with the next sequence, a pointer back, and the block that writes it. */
    public MemberRecord next(long atHeight) {
        return new MemberRecord(name, id, sequence + 1, state, role, keys, atHeight, Optional.of(hash()), nextKey);
    }

    /** This record in another state. */
    public MemberRecord in(MemberState newState) {
        return new MemberRecord(name, id, sequence, newState, role, keys, height, previous, nextKey);
    }

    /** This record with other keys and another commitment. */
    public MemberRecord with(MemberKeys newKeys, Optional<Digest> newNextKey) {
        return new MemberRecord(name, id, sequence, state, role, newKeys, height, previous, newNextKey);
    }

    /** Whether the keys are current. */
    public boolean isActive() {
        return state instanceof MemberState.Active;
    }

    /** SHA-256 of the encoded record: what the directory's leaf holds and the next record points to. */
    public Digest hash() {
        return Digest.sha256(encode());
    }

    /**
     * Whether a value of the directory is a member record and not a policy or a counter: only a record's array begins
     * with a text.
     */
    public static boolean looksLikeRecord(Bytes value) {
        return value.size() > 2 && value.get(0) == RECORD_HEAD && (value.get(1) & 0xe0) == TEXT_HEAD;
    }

    public Bytes encode() {
        return Cbor.encode(Cbor.array(
                Cbor.text(name),
                Cbor.bytes(id),
                Cbor.uint(sequence),
                state.item(),
                Cbor.uint(role.number()),
                keys.item(),
                Cbor.uint(height),
                Fields.optional(previous),
                Fields.optional(nextKey)));
    }

    public static MemberRecord decode(Bytes encoded) throws MalformedTransactionException {
        try {
            List<Item> parts = Cbor.decode(encoded, MAX_BYTES).asArray(9);
            long sequence = parts.get(2).asUint();
            if (sequence < 1) {
                throw new MalformedTransactionException("a sequence begins at 1");
            }
            return new MemberRecord(
                    Fields.name(parts.get(0)),
                    parts.get(1).asBytes(ID_BYTES),
                    sequence,
                    MemberState.fromItem(parts.get(3)),
                    Role.of(parts.get(4).asUint()),
                    MemberKeys.fromItem(parts.get(5)),
                    parts.get(6).asUint(),
                    Fields.optionalDigest(parts.get(7)),
                    Fields.optionalDigest(parts.get(8)));
        } catch (MalformedCborException e) {
            throw new MalformedTransactionException("not a member record", e);
        }
    }
}
