package dev.latchkey.sim.conform;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.CborProfile;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.cose.MalformedCoseException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Both header buckets of a layer of a message (RFC 9052, section 3), whatever parameters they hold.
 *
 * @param protectedBytes the protected bucket as it goes into what is authenticated: no bytes if it holds nothing
 */
record CoseHeaders(Bytes protectedBytes, Map<Item, Item> protectedBucket, Map<Item, Item> unprotectedBucket) {
    static final long ALG = 1;
    static final long IV = 5;
    static final long PARTIAL_IV = 6;

    private static final Item CRIT = Cbor.uint(2);
    /** Of the parameters that a sender can declare critical, those that are acted upon here. */
    private static final Set<Item> UNDERSTOOD =
            Set.of(Cbor.uint(ALG), Cbor.uint(4), Cbor.uint(IV), Cbor.uint(PARTIAL_IV));

    /** Reads the first two elements of a layer. */
    static CoseHeaders read(Item protectedItem, Item unprotectedItem)
            throws MalformedCborException, MalformedCoseException {
        Bytes encoded = protectedItem.asBytes();
        Map<Item, Item> inner = encoded.isEmpty()
                ? Map.of()
                : Cbor.decode(encoded, InputLines.MAX_BYTES, CborProfile.BOUNDED)
                        .asMap();
        Map<Item, Item> outer = unprotectedItem.asMap();
        requireLabels(inner);
        requireLabels(outer);
        if (inner.keySet().stream().anyMatch(outer::containsKey)) {
            throw new MalformedCoseException("a header parameter stands in both buckets");
        }
        requireUnderstood(inner, outer);
        return new CoseHeaders(inner.isEmpty() ? Bytes.EMPTY : encoded, inner, outer);
    }

    /** The value of a parameter in either bucket. */
    Optional<Item> find(long label) {
        Item key = Cbor.integer(label);
        return Optional.ofNullable(protectedBucket.getOrDefault(key, unprotectedBucket.get(key)));
    }

    /** The algorithm's number in IANA's registry. */
    long algorithm() throws MalformedCborException, MalformedCoseException {
        return find(ALG)
                .orElseThrow(() -> new MalformedCoseException("no algorithm"))
                .asLong();
    }

    private static void requireLabels(Map<Item, Item> bucket) throws MalformedCoseException {
        for (Item label : bucket.keySet()) {
            switch (label.kind()) {
                case UNSIGNED, NEGATIVE, TEXT -> {}
                default -> throw new MalformedCoseException("a header label is an integer or a text");
            }
        }
    }

    private static void requireUnderstood(Map<Item, Item> inner, Map<Item, Item> outer)
            throws MalformedCborException, MalformedCoseException {
        if (outer.containsKey(CRIT)) {
            throw new MalformedCoseException("crit outside the protected bucket");
        }
        if (inner.containsKey(CRIT)) {
            for (Item label : inner.get(CRIT).asArray(1, inner.size())) {
                if (!UNDERSTOOD.contains(label) || !inner.containsKey(label)) {
                    throw new MalformedCoseException("a critical header parameter is not understood");
                }
            }
        }
    }
}
