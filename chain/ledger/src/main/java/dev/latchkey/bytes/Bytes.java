package dev.latchkey.bytes;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * An immutable byte string; safe for use by many threads. Equality and order are those of the bytes, unsigned and
 * lexicographic, which is also the order RFC 8949, section 4.2.1 demands of map keys.
 */
public final class Bytes implements Comparable<Bytes> {
    /** The byte string of length zero. */
    public static final Bytes EMPTY = new Bytes(new byte[0]);

    private final byte[] value;
    private int hash;

    private Bytes(byte[] value) {
        this.value = value;
    }

    /** A copy of the given bytes. */
    public static Bytes of(byte... value) {
        return value.length == 0 ? EMPTY : new Bytes(value.clone());
    }

    /** Takes ownership of the array: the caller must not touch it again. */
    public static Bytes wrap(byte[] owned) {
        return owned.length == 0 ? EMPTY : new Bytes(owned);
    }

    /** The UTF-8 encoding of a text. */
    public static Bytes utf8(String text) {
        return wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Reads hexadecimal digits of either case.
     *
     * @throws IllegalArgumentException if the text is not an even number of hexadecimal digits
     */
    public static Bytes fromHex(String hex) {
        return wrap(HexFormat.of().parseHex(hex));
    }

    /** All parts, one after the other. */
    public static Bytes concat(Bytes... parts) {
        int size = 0;
        for (Bytes part : parts) {
            size = Math.addExact(size, part.value.length);
        }
        byte[] joined = new byte[size];
        int at = 0;
        for (Bytes part : parts) {
            System.arraycopy(part.value, 0, joined, at, part.value.length);
            at += part.value.length;
        }
        return wrap(joined);
    }

    public int size() {
        return value.length;
    }

    public boolean isEmpty() {
        return value.length == 0;
    }

    /** The byte at an index, 0 to {@code size() - 1}. */
    public byte get(int index) {
        return value[index];
    }

    /** A copy of the bytes. */
    public byte[] toArray() {
        return value.clone();
    }

    /** Copies all bytes into an array of the caller's. */
    public void copyTo(byte[] target, int offset) {
        System.arraycopy(value, 0, target, offset, value.length);
    }

    /** The bytes from an index (inclusive) to another (exclusive). */
    public Bytes slice(int from, int to) {
        return from == 0 && to == value.length ? this : wrap(Arrays.copyOfRange(value, from, to));
    }

    /** Whether the first bytes are those of the given prefix. */
    public boolean startsWith(Bytes prefix) {
        return prefix.value.length <= value.length
                && Arrays.equals(value, 0, prefix.value.length, prefix.value, 0, prefix.value.length);
    }

    /** Lower-case hexadecimal. */
    public String toHex() {
        return HexFormat.of().formatHex(value);
    }

    /** The text these bytes encode; malformed UTF-8 is replaced, so only for bytes already checked. */
    public String toUtf8() {
        return new String(value, StandardCharsets.UTF_8);
    }

    void update(java.security.MessageDigest digest) {
        digest.update(value);
    }

    @Override
    public int compareTo(Bytes other) {
        return Arrays.compareUnsigned(value, other.value);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Bytes && Arrays.equals(value, ((Bytes) other).value);
    }

    @Override
    public int hashCode() {
        int known = hash;
        if (known == 0) {
            known = Arrays.hashCode(value);
            hash = known;
        }
        return known;
    }

    /** Hexadecimal; never put a secret into a Bytes that is printed. */
    @Override
    public String toString() {
        return toHex();
    }
}
