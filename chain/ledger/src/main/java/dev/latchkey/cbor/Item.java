package dev.latchkey.cbor;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.MalformedCborException.Reason;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * One CBOR data item (RFC 8949, section 3); immutable and safe for use by many threads. Made by {@link Cbor}. Every
 * accessor says what the caller expects and refuses an item that is something else; none converts.
 *
 * <p>Items are equal if their deterministic encodings are equal; so 1 and 1.0 are different items.
 */
public final class Item {
    /** The types of items that are in use; all others are refused before they get here. */
    public enum Kind {
        UNSIGNED,
        NEGATIVE,
        BYTES,
        TEXT,
        ARRAY,
        MAP,
        BOOL,
        NULL,
        FLOAT,
        DECIMAL
    }

    /** Largest power of ten, up or down, of a decimal fraction that is turned into a number: beyond any double. */
    public static final int MAX_DECIMAL_EXPONENT = 400;

    private static final int MAX_UTF8_BYTES_PER_CHAR = 3;
    private static final BigInteger TWO_TO_64 = BigInteger.ONE.shiftLeft(Long.SIZE);

    private final Kind kind;
    /** The integer as an unsigned number (n for -1-n), the bits of the double, 1 for true. */
    private final long bits;
    /** The string, array or map; for a decimal fraction the list of exponent and mantissa. */
    private final Object content;

    private Item(Kind kind, long bits, Object content) {
        this.kind = kind;
        this.bits = bits;
        this.content = content;
    }

    static Item unsigned(long bits) {
        return new Item(Kind.UNSIGNED, bits, null);
    }

    static Item negative(long bits) {
        return new Item(Kind.NEGATIVE, bits, null);
    }

    static Item bool(boolean value) {
        return new Item(Kind.BOOL, value ? 1 : 0, null);
    }

    static Item nothing() {
        return new Item(Kind.NULL, 0, null);
    }

    static Item real(double value) {
        return new Item(Kind.FLOAT, Double.doubleToLongBits(value), null);
    }

    static Item of(Bytes value) {
        return new Item(Kind.BYTES, 0, Objects.requireNonNull(value));
    }

    static Item of(String value) {
        return new Item(Kind.TEXT, 0, Objects.requireNonNull(value));
    }

    static Item array(List<Item> immutable) {
        return new Item(Kind.ARRAY, 0, immutable);
    }

    static Item map(Map<Item, Item> immutable) {
        return new Item(Kind.MAP, 0, immutable);
    }

    static Item decimal(Item exponent, Item mantissa) {
        return new Item(Kind.DECIMAL, 0, List.of(exponent, mantissa));
    }

    public Kind kind() {
        return kind;
    }

    /** An unsigned integer up to 2^63-1. */
    public long asUint() throws MalformedCborException {
        require(Kind.UNSIGNED);
        if (bits < 0) {
            throw new MalformedCborException(Reason.OUT_OF_RANGE);
        }
        return bits;
    }

    /** An integer from -2^63 to 2^63-1. */
    public long asLong() throws MalformedCborException {
        if (kind != Kind.UNSIGNED) {
            require(Kind.NEGATIVE);
        }
        if (bits < 0) {
            throw new MalformedCborException(Reason.OUT_OF_RANGE);
        }
        return kind == Kind.UNSIGNED ? bits : -1 - bits;
    }

    /** An unsigned integer not above a limit. */
    public int asUint(int max) throws MalformedCborException {
        long value = asUint();
        if (value > max) {
            throw new MalformedCborException(Reason.OUT_OF_RANGE);
        }
        return (int) value;
    }

    /** A byte string. */
    public Bytes asBytes() throws MalformedCborException {
        require(Kind.BYTES);
        return (Bytes) content;
    }

    /** A byte string of exactly this size. */
    public Bytes asBytes(int size) throws MalformedCborException {
        return asBytes(size, size);
    }

    /** A byte string of a size between the limits, both included. */
    public Bytes asBytes(int min, int max) throws MalformedCborException {
        Bytes value = asBytes();
        requireSize(value.size(), min, max);
        return value;
    }

    /** A text string of at most so many bytes of UTF-8. */
    public String asText(int maxUtf8) throws MalformedCborException {
        require(Kind.TEXT);
        String value = (String) content;
        requireSize(value.length(), 0, maxUtf8);
        if ((long) value.length() * MAX_UTF8_BYTES_PER_CHAR > maxUtf8) {
            requireSize(Bytes.utf8(value).size(), 0, maxUtf8);
        }
        return value;
    }

    public boolean asBool() throws MalformedCborException {
        require(Kind.BOOL);
        return bits == 1;
    }

    public boolean isNull() {
        return kind == Kind.NULL;
    }

    /** The item itself, or nothing if it is null. */
    public Optional<Item> asOptional() {
        return isNull() ? Optional.empty() : Optional.of(this);
    }

    /** The elements of an array, unmodifiable. */
    @SuppressWarnings("unchecked")
    public List<Item> asArray() throws MalformedCborException {
        require(Kind.ARRAY);
        return (List<Item>) content;
    }

    /** The elements of an array of exactly this size. */
    public List<Item> asArray(int size) throws MalformedCborException {
        return asArray(size, size);
    }

    /** The elements of an array of a size between the limits, both included. */
    public List<Item> asArray(int min, int max) throws MalformedCborException {
        List<Item> elements = asArray();
        requireSize(elements.size(), min, max);
        return elements;
    }

    /** The entries of a map, unmodifiable and in the order of their encoded keys. */
    @SuppressWarnings("unchecked")
    public Map<Item, Item> asMap() throws MalformedCborException {
        require(Kind.MAP);
        return (Map<Item, Item>) content;
    }

    /**
     * The exact value of an integer, a finite floating-point number or a decimal fraction, as SenML uses them (RFC
     * 8428, section 6). A decimal fraction whose exponent is beyond {@link #MAX_DECIMAL_EXPONENT} is out of range:
     * small bytes must not grow into huge numbers.
     */
    public BigDecimal asNumber() throws MalformedCborException {
        return switch (kind) {
            case UNSIGNED, NEGATIVE -> new BigDecimal(integer());
            case FLOAT -> finite();
            case DECIMAL -> scaled();
            default -> throw new MalformedCborException(Reason.WRONG_TYPE);
        };
    }

    /** An integer of the whole range of CBOR, -2^64 to 2^64-1. */
    public BigInteger asBigInteger() throws MalformedCborException {
        if (kind != Kind.UNSIGNED) {
            require(Kind.NEGATIVE);
        }
        return integer();
    }

    /** A floating-point number, possibly infinite or not a number. */
    public double asDouble() throws MalformedCborException {
        require(Kind.FLOAT);
        return Double.longBitsToDouble(bits);
    }

    private BigDecimal finite() throws MalformedCborException {
        double value = Double.longBitsToDouble(bits);
        if (!Double.isFinite(value)) {
            throw new MalformedCborException(Reason.OUT_OF_RANGE);
        }
        return new BigDecimal(value);
    }

    private BigDecimal scaled() throws MalformedCborException {
        long exponent = exponent().asLong();
        if (exponent < -MAX_DECIMAL_EXPONENT || exponent > MAX_DECIMAL_EXPONENT) {
            throw new MalformedCborException(Reason.OUT_OF_RANGE);
        }
        return new BigDecimal(mantissa().integer(), (int) -exponent);
    }

    /** The argument of an integer's encoding, unsigned: n, or n for -1-n. */
    long argument() {
        return bits;
    }

    /** The value of an integer item. */
    BigInteger integer() {
        BigInteger magnitude = BigInteger.valueOf(bits);
        if (bits < 0) {
            magnitude = magnitude.add(TWO_TO_64);
        }
        return kind == Kind.UNSIGNED ? magnitude : magnitude.not();
    }

    Item exponent() {
        return (Item) ((List<?>) content).get(0);
    }

    Item mantissa() {
        return (Item) ((List<?>) content).get(1);
    }

    private void require(Kind expected) throws MalformedCborException {
        if (kind != expected) {
            throw new MalformedCborException(Reason.WRONG_TYPE);
        }
    }

    private static void requireSize(int size, int min, int max) throws MalformedCborException {
        if (size < min || size > max) {
            throw new MalformedCborException(Reason.WRONG_SIZE);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Item item
                && kind == item.kind
                && bits == item.bits
                && Objects.equals(content, item.content);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * kind.ordinal() + Long.hashCode(bits)) + Objects.hashCode(content);
    }

    /** The type only: items carry keys and payloads, which belong in no log. */
    @Override
    public String toString() {
        return "Item[" + kind + "]";
    }
}
