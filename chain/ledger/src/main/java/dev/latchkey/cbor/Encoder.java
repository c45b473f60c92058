package dev.latchkey.cbor;

import dev.latchkey.bytes.Bytes;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Writes items in core deterministic form (RFC 8949, section 4.2.1). Every signature and hash of the chain is over such
 * bytes, and by way of the library's objects they took longer than the hashing. For one thread and one encoding.
 */
final class Encoder {
    /** Orders keys of a map by their encodings. */
    static final Comparator<Item> KEY_ORDER = (a, b) -> isInteger(a) && isInteger(b)
            ? compareIntegers(a, b)
            : Arrays.compareUnsigned(encode(List.of(a)), encode(List.of(b)));

    private static final int UNSIGNED = 0;
    private static final int NEGATIVE = 1;
    private static final int BYTE_STRING = 2;
    private static final int TEXT_STRING = 3;
    private static final int ARRAY = 4;
    private static final int MAP = 5;
    private static final int TAG = 6;
    private static final byte FALSE = (byte) 0xf4;
    private static final byte TRUE = (byte) 0xf5;
    private static final byte NULL = (byte) 0xf6;
    private static final int LARGEST_HEAD = 9;
    private static final int FIRST_SIZE = 256;

    private byte[] out = new byte[FIRST_SIZE];
    private int at;

    private Encoder() {}

    /** The encodings of the items, one after the other. */
    static byte[] encode(List<Item> items) {
        Encoder encoder = new Encoder();
        items.forEach(encoder::item);
        return Arrays.copyOf(encoder.out, encoder.at);
    }

    private static boolean isInteger(Item item) {
        return item.kind() == Item.Kind.UNSIGNED || item.kind() == Item.Kind.NEGATIVE;
    }

    /** The encodings of integers are ordered by type, then by argument, since a longer one has a larger first byte. */
    private static int compareIntegers(Item a, Item b) {
        int byKind = a.kind().compareTo(b.kind());
        return byKind != 0 ? byKind : Long.compareUnsigned(a.argument(), b.argument());
    }

    private void item(Item item) {
        try {
            switch (item.kind()) {
                case UNSIGNED -> head(UNSIGNED, item.argument());
                case NEGATIVE -> head(NEGATIVE, item.argument());
                case BYTES -> string(BYTE_STRING, item.asBytes());
                case TEXT -> string(TEXT_STRING, Bytes.utf8(item.asText(Integer.MAX_VALUE)));
                case ARRAY -> array(item.asArray());
                case MAP -> map(item.asMap());
                case BOOL -> one(item.asBool() ? TRUE : FALSE);
                case NULL -> one(NULL);
                case FLOAT -> raw(Bytes.wrap(Library.encode(item.asDouble())));
                case DECIMAL -> {
                    head(TAG, StrictCbor.DECIMAL_FRACTION);
                    array(List.of(item.exponent(), item.mantissa()));
                }
            }
        } catch (MalformedCborException e) {
            throw new IllegalStateException("an item is of its own kind", e);
        }
    }

    private void array(List<Item> elements) {
        head(ARRAY, elements.size());
        elements.forEach(this::item);
    }

    /** The entries are in the order of their keys already. */
    private void map(Map<Item, Item> entries) {
        head(MAP, entries.size());
        entries.forEach((key, value) -> {
            item(key);
            item(value);
        });
    }

    private void string(int major, Bytes content) {
        head(major, content.size());
        raw(content);
    }

    private void raw(Bytes bytes) {
        makeRoom(bytes.size());
        bytes.copyTo(out, at);
        at += bytes.size();
    }

    private void one(byte value) {
        makeRoom(1);
        out[at++] = value;
    }

    /** Major type and unsigned argument in the shortest form (RFC 8949, section 3). */
    private void head(int major, long argument) {
        makeRoom(LARGEST_HEAD);
        int type = major << 5;
        if (argument >= 0 && argument < 24) {
            out[at++] = (byte) (type | (int) argument);
        } else if (argument >>> Byte.SIZE == 0) {
            head(type | 24, 1, argument);
        } else if (argument >>> Short.SIZE == 0) {
            head(type | 25, Short.BYTES, argument);
        } else if (argument >>> Integer.SIZE == 0) {
            head(type | 26, Integer.BYTES, argument);
        } else {
            head(type | 27, Long.BYTES, argument);
        }
    }

    private void head(int initial, int size, long argument) {
        out[at++] = (byte) initial;
        for (int shift = Byte.SIZE * (size - 1); shift >= 0; shift -= Byte.SIZE) {
            out[at++] = (byte) (argument >>> shift);
        }
    }

    private void makeRoom(int more) {
        if (out.length - at < more) {
            out = Arrays.copyOf(out, Math.max(2 * out.length, Math.addExact(at, more)));
        }
    }
}
