package dev.latchkey.transaction;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.merkle.Rfc9162;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A join's place in a batch that an admin endorsed: {@code [bstr .cbor endorsement, index, [* path]]}. It stands in the
 * unprotected bucket of the join under the label {@code "batch"}. Nothing is verified yet.
 *
 * @param endorsement the admin's leave for the whole batch
 * @param index the join's place in it, from 0
 * @param path RFC 9162 inclusion path of its body, from the leaf up
 */
public record BatchTicket(BatchEndorsement endorsement, long index, List<Digest> path) {
    /** Longest encoded ticket in bytes: an endorsement and the path in the largest batch. */
    public static final int MAX_BYTES = 1_024;

    private static final Item LABEL = Cbor.text("batch");
    private static final int MAX_PATH = 20;

    public BatchTicket {
        path = List.copyOf(path);
    }

    /** Whether a join with this body stands at that place of the batch. */
    public boolean covers(Bytes body) {
        return Rfc9162.includes(endorsement.root(), index, endorsement.size(), Rfc9162.leafHash(body), path);
    }

    public Bytes encode() {
        return Cbor.encode(item());
    }

    public static BatchTicket decode(Bytes encoded) throws MalformedTransactionException {
        try {
            return fromItem(Cbor.decode(encoded, MAX_BYTES));
        } catch (MalformedCborException e) {
            throw new MalformedTransactionException("not a place in a batch", e);
        }
    }

    /** The unprotected bucket that shows this ticket. */
    Item unprotected() {
        return Cbor.map(LABEL, item());
    }

    /** The ticket in an unprotected bucket that is empty or holds one, and nothing else. */
    static Optional<BatchTicket> fromUnprotected(Item bucket) throws MalformedTransactionException {
        try {
            Map<Item, Item> map = bucket.asMap();
            if (map.isEmpty()) {
                return Optional.empty();
            }
            if (map.size() != 1 || !map.containsKey(LABEL)) {
                throw new MalformedTransactionException("an unprotected header that is not known");
            }
            return Optional.of(fromItem(map.get(LABEL)));
        } catch (MalformedCborException e) {
            throw new MalformedTransactionException("not a place in a batch", e);
        }
    }

    private Item item() {
        List<Item> hashes = new ArrayList<>();
        path.forEach(digest -> hashes.add(Cbor.bytes(digest.bytes())));
        return Cbor.array(Cbor.bytes(endorsement.encode()), Cbor.uint(index), Cbor.array(hashes));
    }

    private static BatchTicket fromItem(Item item) throws MalformedCborException, MalformedTransactionException {
        List<Item> parts = item.asArray(3);
        List<Digest> path = new ArrayList<>();
        for (Item element : parts.get(2).asArray(0, MAX_PATH)) {
            path.add(Digest.of(element.asBytes(Digest.SIZE)));
        }
        return new BatchTicket(
                BatchEndorsement.decode(parts.get(0).asBytes()), parts.get(1).asUint(), path);
    }
}
