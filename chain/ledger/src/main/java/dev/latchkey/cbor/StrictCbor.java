package dev.latchkey.cbor;

import dev.latchkey.cbor.MalformedCborException.Reason;
import java.util.Arrays;

/**
 * The validator in front of the decoder: walks over untrusted bytes once, allocates nothing that the input could make
 * large, and refuses whatever is not in the profile. For one thread and one input.
 *
 * <p>The library behind it, version 0.9, runs out of memory on five bytes, overflows the stack on five thousand and
 * takes lengths of 2^63 and more for empty; the rules here are what keeps such inputs from it. Limits beside the
 * caller's on the whole size:
 *
 * <ul>
 *   <li>{@link #MAX_DEPTH} levels of arrays, maps and tags: recursion stays shallow;
 *   <li>{@link #MAX_ITEMS} items in one call: a decoded item costs some hundred bytes of memory, an encoded one a
 *       single byte;
 *   <li>{@link #MAX_MAP_ENTRIES} entries in one map: the library keeps maps in hash tables whose keys an attacker can
 *       make collide.
 * </ul>
 */
final class StrictCbor {
    static final int MAX_DEPTH = 16;
    static final int MAX_ITEMS = 1 << 16;
    static final int MAX_MAP_ENTRIES = 256;

    static final int DECIMAL_FRACTION = 4;

    private static final int UNSIGNED = 0;
    private static final int NEGATIVE = 1;
    private static final int BYTE_STRING = 2;
    private static final int TEXT_STRING = 3;
    private static final int ARRAY = 4;
    private static final int MAP = 5;
    private static final int TAG = 6;
    private static final int ARRAY_OF_TWO = ARRAY << 5 | 2;

    private static final int FALSE = 20;
    private static final int TRUE = 21;
    private static final int NULL = 22;
    private static final int ONE_BYTE = 24;
    private static final int TWO_BYTES = 25;
    private static final int FOUR_BYTES = 26;
    private static final int EIGHT_BYTES = 27;
    private static final int INDEFINITE = 31;

    private final byte[] input;
    private final boolean deterministic;
    private int at;
    private int items;

    private StrictCbor(byte[] input, CborProfile profile) {
        this.input = input;
        this.deterministic = profile == CborProfile.DETERMINISTIC;
    }

    /** Checks that the input is exactly one item of the profile. */
    static void checkOne(byte[] input, CborProfile profile) throws MalformedCborException {
        StrictCbor check = new StrictCbor(input, profile);
        check.item(0);
        if (check.at != input.length) {
            throw new MalformedCborException(Reason.TRAILING_BYTES, check.at);
        }
    }

    /** Checks that the input is a sequence (RFC 8742) of items of the profile and returns their number. */
    static int checkSequence(byte[] input, CborProfile profile) throws MalformedCborException {
        StrictCbor check = new StrictCbor(input, profile);
        int count = 0;
        while (check.at < input.length) {
            check.item(0);
            count++;
        }
        return count;
    }

    private void item(int depth) throws MalformedCborException {
        int start = at;
        if (++items > MAX_ITEMS) {
            throw new MalformedCborException(Reason.TOO_MANY_ITEMS, start);
        }
        int initial = next(start);
        int info = initial & 0x1f;
        switch (initial >>> 5) {
            case UNSIGNED, NEGATIVE -> argument(info, Reason.RESERVED, start);
            case BYTE_STRING -> bytes(info, start);
            case TEXT_STRING -> text(info, start);
            case ARRAY -> array(info, depth, start);
            case MAP -> map(info, depth, start);
            case TAG -> tag(info, depth, start);
            default -> simpleOrFloat(info, start);
        }
    }

    private void bytes(int info, int start) throws MalformedCborException {
        int size = length(info, 1, start);
        at += size;
    }

    private void text(int info, int start) throws MalformedCborException {
        int size = length(info, 1, start);
        if (!Utf8.isValid(input, at, at + size)) {
            throw new MalformedCborException(Reason.INVALID_UTF8, start);
        }
        at += size;
    }

    private void array(int info, int depth, int start) throws MalformedCborException {
        int count = length(info, 1, start);
        int inside = deeper(depth, start);
        for (int i = 0; i < count; i++) {
            item(inside);
        }
    }

    private void map(int info, int depth, int start) throws MalformedCborException {
        int count = length(info, 2, start);
        if (count > MAX_MAP_ENTRIES) {
            throw new MalformedCborException(Reason.TOO_MANY_ENTRIES, start);
        }
        int inside = deeper(depth, start);
        int[] keys = new int[2 * count];
        for (int i = 0; i < count; i++) {
            keys[2 * i] = at;
            item(inside);
            keys[2 * i + 1] = at;
            if (deterministic) {
                if (i > 0) {
                    requireAscending(keys, i);
                }
            } else {
                requireNew(keys, i);
            }
            item(inside);
        }
    }

    private void requireAscending(int[] keys, int i) throws MalformedCborException {
        int order = compareKeys(keys, i - 1, i);
        if (order >= 0) {
            throw new MalformedCborException(order == 0 ? Reason.DUPLICATE_KEY : Reason.UNSORTED_KEYS, keys[2 * i]);
        }
    }

    private void requireNew(int[] keys, int i) throws MalformedCborException {
        for (int earlier = 0; earlier < i; earlier++) {
            if (compareKeys(keys, earlier, i) == 0) {
                throw new MalformedCborException(Reason.DUPLICATE_KEY, keys[2 * i]);
            }
        }
    }

    private int compareKeys(int[] keys, int a, int b) {
        return Arrays.compareUnsigned(input, keys[2 * a], keys[2 * a + 1], input, keys[2 * b], keys[2 * b + 1]);
    }

    private void tag(int info, int depth, int start) throws MalformedCborException {
        if (argument(info, Reason.RESERVED, start) != DECIMAL_FRACTION) {
            throw new MalformedCborException(Reason.UNKNOWN_TAG, start);
        }
        int inside = deeper(depth, start);
        if (at < input.length && (input[at] & 0xff) != ARRAY_OF_TWO) {
            throw new MalformedCborException(Reason.MALFORMED_DECIMAL, start);
        }
        int elements = at + 1;
        item(inside);
        int mantissa = elements + headSize(elements);
        if (!isInteger(elements) || !isInteger(mantissa)) {
            throw new MalformedCborException(Reason.MALFORMED_DECIMAL, start);
        }
    }

    private boolean isInteger(int offset) {
        return offset < input.length && (input[offset] & 0xff) >>> 5 <= NEGATIVE;
    }

    private int headSize(int offset) {
        return switch (input[offset] & 0x1f) {
            case ONE_BYTE -> 2;
            case TWO_BYTES -> 3;
            case FOUR_BYTES -> 5;
            case EIGHT_BYTES -> 9;
            default -> 1;
        };
    }

    private void simpleOrFloat(int info, int start) throws MalformedCborException {
        switch (info) {
            case FALSE, TRUE, NULL -> {}
            case TWO_BYTES -> {
                int half = (int) read(2, start);
                requireShortest(!HalfPrecision.isNan(half) || half == HalfPrecision.NAN, start);
            }
            case FOUR_BYTES -> {
                float single = Float.intBitsToFloat((int) read(4, start));
                requireShortest(!Float.isNaN(single) && !HalfPrecision.canHold(single), start);
            }
            case EIGHT_BYTES -> {
                double value = Double.longBitsToDouble(read(8, start));
                requireShortest(!Double.isNaN(value) && (double) (float) value != value, start);
            }
            case ONE_BYTE -> throw new MalformedCborException(Reason.UNKNOWN_SIMPLE_VALUE, start);
            case INDEFINITE, 28, 29, 30 -> throw new MalformedCborException(Reason.RESERVED, start);
            default -> throw new MalformedCborException(Reason.UNKNOWN_SIMPLE_VALUE, start);
        }
    }

    private void requireShortest(boolean shortest, int start) throws MalformedCborException {
        if (deterministic && !shortest) {
            throw new MalformedCborException(Reason.NOT_SHORTEST, start);
        }
    }

    private static int deeper(int depth, int start) throws MalformedCborException {
        if (depth == MAX_DEPTH) {
            throw new MalformedCborException(Reason.TOO_DEEP, start);
        }
        return depth + 1;
    }

    /** A length or count of things that take at least so many bytes each: more than is left cannot be true. */
    private int length(int info, int bytesEach, int start) throws MalformedCborException {
        long length = argument(info, Reason.INDEFINITE_LENGTH, start);
        if (length < 0 || length > (input.length - at) / bytesEach) {
            throw new MalformedCborException(Reason.LENGTH_OUT_OF_INPUT, start);
        }
        return (int) length;
    }

    /** The argument of an initial byte (RFC 8949, section 3) as an unsigned number. */
    private long argument(int info, Reason ifIndefinite, int start) throws MalformedCborException {
        long value;
        boolean shortest;
        switch (info) {
            case ONE_BYTE -> {
                value = read(1, start);
                shortest = value >= ONE_BYTE;
            }
            case TWO_BYTES -> {
                value = read(2, start);
                shortest = value > 0xff;
            }
            case FOUR_BYTES -> {
                value = read(4, start);
                shortest = value > 0xffff;
            }
            case EIGHT_BYTES -> {
                value = read(8, start);
                shortest = value >>> 32 != 0;
            }
            case 28, 29, 30 -> throw new MalformedCborException(Reason.RESERVED, start);
            case INDEFINITE -> throw new MalformedCborException(ifIndefinite, start);
            default -> {
                return info;
            }
        }
        if (!shortest) {
            throw new MalformedCborException(Reason.NOT_SHORTEST, start);
        }
        return value;
    }

    private long read(int size, int start) throws MalformedCborException {
        long value = 0;
        for (int i = 0; i < size; i++) {
            value = value << 8 | next(start);
        }
        return value;
    }

    private int next(int start) throws MalformedCborException {
        if (at == input.length) {
            throw new MalformedCborException(Reason.TRUNCATED, start);
        }
        return input[at++] & 0xff;
    }
}
