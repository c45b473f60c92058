package dev.latchkey.cbor;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.MalformedCborException.Reason;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The one door between bytes and CBOR items. Stateless, for use by many threads.
 *
 * <p>Decoding first validates: size, nesting of at most 16 levels, at most 65,536 items, lengths within the input,
 * definite lengths only, shortest forms, at most 256 entries in a map with sorted unique keys, valid UTF-8, the
 * simple values false, true and null, no tag but 4 (decimal fraction), nothing after the last item. Encoding is core
 * deterministic (RFC 8949, section 4.2.1), so whatever {@link #encode} returns, {@link #decode(Bytes, int)} accepts,
 * and the other way round it is the only encoding of the item.
 */
public final class Cbor {
    /** The null of CBOR. */
    public static final Item NULL = Item.nothing();

    private static final Item FALSE = Item.bool(false);
    private static final Item TRUE = Item.bool(true);

    private Cbor() {}

    /**
     * Decodes exactly one deterministically encoded item.
     *
     * @throws MalformedCborException if the bytes are more than the limit or anything else
     */
    public static Item decode(Bytes encoded, int maxBytes) throws MalformedCborException {
        return decode(encoded, maxBytes, CborProfile.DETERMINISTIC);
    }

    /** Decodes exactly one item of a profile. */
    public static Item decode(Bytes encoded, int maxBytes, CborProfile profile) throws MalformedCborException {
        byte[] input = within(encoded, maxBytes);
        StrictCbor.checkOne(input, profile);
        return Library.decode(input, 1, profile).get(0);
    }

    /** Decodes a sequence (RFC 8742) of deterministically encoded items; no bytes are the sequence of no items. */
    public static List<Item> decodeSequence(Bytes encoded, int maxBytes) throws MalformedCborException {
        byte[] input = within(encoded, maxBytes);
        int count = StrictCbor.checkSequence(input, CborProfile.DETERMINISTIC);
        return Library.decode(input, count, CborProfile.DETERMINISTIC);
    }

    /** The deterministic encoding of an item. */
    public static Bytes encode(Item item) {
        byte[] encoded = Encoder.encode(List.of(item));
        assert isAccepted(encoded) : "an encoding is accepted by its own decoder";
        return Bytes.wrap(encoded);
    }

    /** The deterministic encodings of items, one after the other (RFC 8742). */
    public static Bytes encodeSequence(List<Item> items) {
        return Bytes.wrap(Encoder.encode(items));
    }

    /** An unsigned integer up to 2^63-1. */
    public static Item uint(long value) {
        if (value < 0) {
            throw new IllegalArgumentException("an unsigned integer is not negative");
        }
        return Item.unsigned(value);
    }

    /** An integer of either sign. */
    public static Item integer(long value) {
        return value < 0 ? Item.negative(-1 - value) : Item.unsigned(value);
    }

    public static Item bytes(Bytes value) {
        return Item.of(value);
    }

    /**
     * A text string.
     *
     * @throws IllegalArgumentException if the text holds half a surrogate pair and so has no UTF-8 encoding
     */
    public static Item text(String value) {
        if (!Utf8.isEncodable(value)) {
            throw new IllegalArgumentException("text with an unpaired surrogate");
        }
        return Item.of(value);
    }

    public static Item bool(boolean value) {
        return value ? TRUE : FALSE;
    }

    public static Item array(Item... elements) {
        return Item.array(List.of(elements));
    }

    public static Item array(List<Item> elements) {
        return Item.array(List.copyOf(elements));
    }

    /**
     * A map from keys and values in turn; their order does not matter.
     *
     * @throws IllegalArgumentException if a key has no value or stands twice
     */
    public static Item map(Item... keysAndValues) {
        if (keysAndValues.length % 2 != 0) {
            throw new IllegalArgumentException("a key without a value");
        }
        Map<Item, Item> entries = new LinkedHashMap<>();
        boolean inOrder = true;
        for (int i = 0; i < keysAndValues.length; i += 2) {
            if (entries.put(keysAndValues[i], keysAndValues[i + 1]) != null) {
                throw new IllegalArgumentException("a key that stands twice");
            }
            inOrder &= i == 0 || Encoder.KEY_ORDER.compare(keysAndValues[i - 2], keysAndValues[i]) < 0;
        }
        return inOrder ? Item.map(Collections.unmodifiableMap(entries)) : map(entries);
    }

    /** A map from the entries of another; their order does not matter. */
    public static Item map(Map<Item, Item> entries) {
        List<Map.Entry<Item, Item>> sorted = new ArrayList<>(entries.entrySet());
        sorted.sort(Map.Entry.comparingByKey(Encoder.KEY_ORDER));
        Map<Item, Item> inOrder = new LinkedHashMap<>();
        sorted.forEach(entry -> inOrder.put(entry.getKey(), entry.getValue()));
        return Item.map(Collections.unmodifiableMap(inOrder));
    }

    /** A floating-point number; the encoding is the shortest that keeps the value. */
    public static Item real(double value) {
        return Item.real(value);
    }

    /** The decimal fraction mantissa * 10^exponent, tag 4 (RFC 8949, section 3.4.4). */
    public static Item decimal(long exponent, long mantissa) {
        return Item.decimal(integer(exponent), integer(mantissa));
    }

    private static byte[] within(Bytes encoded, int maxBytes) throws MalformedCborException {
        if (encoded.size() > maxBytes) {
            throw new MalformedCborException(Reason.TOO_LARGE);
        }
        return encoded.toArray();
    }

    private static boolean isAccepted(byte[] encoded) {
        try {
            StrictCbor.checkOne(encoded, CborProfile.DETERMINISTIC);
            return true;
        } catch (MalformedCborException e) {
            return false;
        }
    }
}
