package dev.latchkey.cbor;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.MalformedCborException.Reason;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes items of bytes that {@link StrictCbor} let pass, and of no others: here lengths are right, forms known and nesting
 * shallow. By way of the library's objects a node spent a third of its memory traffic on them. For one thread and one input.
 */
final class Decoder {
    private static final int FALSE = 20;
    private static final int TRUE = 21;
    private static final int NULL = 22;
    private static final int HALF = 25;
    private static final int SINGLE = 26;
    private static final int ONE_BYTE = 24;

    private final byte[] input;
    private final boolean deterministic;
    private int at;

    private Decoder(byte[] validated, CborProfile profile) {
        this.input = validated;
        this.deterministic = profile == CborProfile.DETERMINISTIC;
    }

    /** So many items, one after the other. */
    static List<Item> decode(byte[] validated, int count, CborProfile profile) throws MalformedCborException {
        return new Decoder(validated, profile).items(count);
    }

    private List<Item> items(int count) throws MalformedCborException {
        List<Item> items = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            items.add(item());
        }
        return Collections.unmodifiableList(items);
    }

    private Item item() throws MalformedCborException {
        int initial = input[at++] & 0xff;
        int info = initial & 0x1f;
        return switch (initial >>> 5) {
            case 0 -> Item.unsigned(argument(info));
            case 1 -> Item.negative(argument(info));
            case 2 -> bytes((int) argument(info));
            case 3 -> text((int) argument(info));
            case 4 -> Item.array(items((int) argument(info)));
            case 5 -> map((int) argument(info));
            case 6 -> decimal(argument(info));
            default -> simpleOrFloat(info);
        };
    }

    private Item bytes(int size) {
        int from = at;
        at += size;
        return Item.of(Bytes.wrap(Arrays.copyOfRange(input, from, at)));
    }

    private Item text(int size) {
        int from = at;
        at += size;
        return Item.of(new String(input, from, size, StandardCharsets.UTF_8));
    }

    private Item map(int count) throws MalformedCborException {
        Map<Item, Item> entries = new LinkedHashMap<>(2 * count);
        for (int i = 0; i < count; i++) {
            Item key = item();
            if (entries.put(key, item()) != null) {
                throw new MalformedCborException(Reason.DUPLICATE_KEY);
            }
        }
        return deterministic ? Item.map(Collections.unmodifiableMap(entries)) : Cbor.map(entries);
    }

    /** The only tag that is let pass, on an array of two integers. */
    private Item decimal(long tag) throws MalformedCborException {
        if (tag != StrictCbor.DECIMAL_FRACTION) {
            throw new MalformedCborException(Reason.DECODER_REFUSED);
        }
        at++; // the head of the array
        Item exponent = item();
        return Item.decimal(exponent, item());
    }

    private Item simpleOrFloat(int info) throws MalformedCborException {
        return switch (info) {
            case FALSE -> Cbor.bool(false);
            case TRUE -> Cbor.bool(true);
            case NULL -> Cbor.NULL;
            case HALF -> Item.real(HalfPrecision.value((int) argument(info)));
            case SINGLE -> Item.real(Float.intBitsToFloat((int) argument(info)));
            case SINGLE + 1 -> Item.real(Double.longBitsToDouble(argument(info)));
            default -> throw new MalformedCborException(Reason.DECODER_REFUSED);
        };
    }

    /** The argument of an initial byte (RFC 8949, section 3) as an unsigned number. */
    private long argument(int info) {
        if (info < ONE_BYTE) {
            return info;
        }
        long value = 0;
        for (int size = 1 << info - ONE_BYTE; size > 0; size--) {
            value = value << Byte.SIZE | input[at++] & 0xff;
        }
        return value;
    }
}
