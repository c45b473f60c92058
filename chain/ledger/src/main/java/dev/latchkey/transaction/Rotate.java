package dev.latchkey.transaction;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.cose.CoseKey;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A member changes some of its keys: {@code [3, name, sequence, [sig / null, kex / null, dtls / null], next-key-digest /
 * null]}. A new sig key must be the one committed to, where one was; without a new sig key the commitment stays.
 *
 * @param name the member's name
 * @param sequence one more than the record's
 * @param sig the new sig key, if it changes
 * @param kex the new kex key, if it changes
 * @param dtls the new dtls key, if it changes
 * @param nextKey commitment to the sig key after this one
 */
public record Rotate(
        String name,
        long sequence,
        Optional<CoseKey> sig,
        Optional<CoseKey> kex,
        Optional<CoseKey> dtls,
        Optional<Digest> nextKey)
        implements Transaction {
    @Override
    public Bytes body() {
        return Cbor.encode(Cbor.array(
                Cbor.uint(ROTATE),
                Cbor.text(name),
                Cbor.uint(sequence),
                Cbor.array(optional(sig), optional(kex), optional(dtls)),
                Fields.optional(nextKey)));
    }

    /** The keys that the rotation brings. */
    public List<CoseKey> brought() {
        return Stream.of(sig, kex, dtls).flatMap(Optional::stream).toList();
    }

    static Rotate fromItems(List<Item> parts) throws MalformedCborException, MalformedTransactionException {
        if (parts.size() != 5) {
            throw new MalformedTransactionException("not a rotate body");
        }
        List<Item> keys = parts.get(3).asArray(3);
        Rotate rotate = new Rotate(
                parts.get(1).asText(4 * Names.MAX),
                parts.get(2).asUint(),
                optionalKey(keys.get(0)),
                optionalKey(keys.get(1)),
                optionalKey(keys.get(2)),
                Fields.optionalDigest(parts.get(4)));
        List<CoseKey> brought = rotate.brought();
        if (brought.isEmpty() || brought.stream().distinct().count() != brought.size()) {
            throw new MalformedTransactionException("a rotation brings one to three different keys");
        }
        return rotate;
    }

    private static Item optional(Optional<CoseKey> key) {
        return key.map(CoseKey::item).orElse(Cbor.NULL);
    }

    private static Optional<CoseKey> optionalKey(Item item)
            throws MalformedCborException, MalformedTransactionException {
        return item.isNull() ? Optional.empty() : Optional.of(Fields.key(item));
    }
}
