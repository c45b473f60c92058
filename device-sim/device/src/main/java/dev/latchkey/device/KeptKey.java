package dev.latchkey.device;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.checkpoint.SignedCheckpoint;
import dev.latchkey.proof.KeyProof;
import dev.latchkey.transaction.MalformedTransactionException;
import dev.latchkey.transaction.MemberRecord;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The newest record of a member that a device has seen: {@code ["latchkey device key", 1, bstr record, asked ms, proof /
 * null]}, proof being {@code [height, asked ms, bstr key-answer, bstr checkpoint]}.
 *
 * @param record the record
 * @param asked when the gateway was asked for it last, with proof or without
 * @param proof how it was proved, if it was
 */
record KeptKey(MemberRecord record, Instant asked, Optional<Proof> proof) {
    static final int MAX_BYTES = MemberRecord.MAX_BYTES + KeyProof.MAX_BYTES + SignedCheckpoint.MAX_BYTES + 128;

    private static final String FORMAT = "latchkey device key";
    private static final int VERSION = 1;

    /**
     * How a record was proved.
     *
     * @param height of the checkpoint
     * @param asked when the gateway was asked for the checkpoint
     * @param answer the key answer
     * @param checkpoint the checkpoint with its signatures
     */
    record Proof(long height, Instant asked, Bytes answer, Bytes checkpoint) {
        Item shown() {
            return Cbor.array(Cbor.bytes(answer), Cbor.bytes(checkpoint));
        }
    }

    Bytes encode() {
        return Cbor.encode(Cbor.array(
                Cbor.text(FORMAT),
                Cbor.uint(VERSION),
                Cbor.bytes(record.encode()),
                Cbor.uint(asked.toEpochMilli()),
                proof.map(known -> Cbor.array(
                                Cbor.uint(known.height()),
                                Cbor.uint(known.asked().toEpochMilli()),
                                Cbor.bytes(known.answer()),
                                Cbor.bytes(known.checkpoint())))
                        .orElse(Cbor.NULL)));
    }

    /** What was kept of a name; nothing, if it is not whole: it is only a saving. */
    static Optional<KeptKey> decode(String name, Bytes encoded) {
        try {
            List<Item> parts = Cbor.decode(encoded, MAX_BYTES).asArray(5);
            if (!parts.get(0).asText(FORMAT.length()).equals(FORMAT)
                    || parts.get(1).asUint() != VERSION) {
                return Optional.empty();
            }
            MemberRecord record = MemberRecord.decode(parts.get(2).asBytes());
            Optional<Proof> proof =
                    parts.get(4).equals(Cbor.NULL) ? Optional.empty() : Optional.of(proof(parts.get(4)));
            return record.name().equals(name)
                    ? Optional.of(new KeptKey(
                            record, Instant.ofEpochMilli(parts.get(3).asUint()), proof))
                    : Optional.empty();
        } catch (MalformedCborException | MalformedTransactionException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Proof proof(Item item) throws MalformedCborException {
        List<Item> parts = item.asArray(4);
        return new Proof(
                parts.get(0).asUint(),
                Instant.ofEpochMilli(parts.get(1).asUint()),
                parts.get(2).asBytes(),
                parts.get(3).asBytes());
    }
}
