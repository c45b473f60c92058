package dev.latchkey.senml;

import com.fasterxml.jackson.core.io.NumberOutput;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.Optional;

/** Exact numbers and their shortest CBOR form. */
final class Numbers {
    /** Digits that 64 bits hold in every case; a double needs 17 to be told from its neighbours. */
    private static final int MAX_DIGITS = 18;

    private static final BigInteger LONG_MIN = BigInteger.valueOf(Long.MIN_VALUE);
    private static final BigInteger LONG_MAX = BigInteger.valueOf(Long.MAX_VALUE);

    /** Digits after the point of a time, which is exact to the nanosecond. */
    private static final int NANO_DIGITS = 9;

    private Numbers() {}

    /** Whether we can write the number without loss. Looks at the scale first: arithmetic on 1E+999999999 is a trap. */
    static boolean withinLimits(BigDecimal number) {
        return Math.abs((long) number.scale()) <= Item.MAX_DECIMAL_EXPONENT
                && number.precision() <= MAX_DIGITS + 1
                && fitsLong(number.unscaledValue());
    }

    /**
     * The shortest of integer, float and decimal fraction (RFC 8949, section 3.4.4) that is exactly this number; at
     * equal length the first of them.
     */
    static Item shortest(BigDecimal number) {
        BigDecimal plain = number.signum() == 0 ? BigDecimal.ZERO : number.stripTrailingZeros();
        Optional<Item> best = isLong(plain) ? Optional.of(Cbor.integer(plain.longValueExact())) : Optional.empty();
        Optional<Item> real = exactDouble(plain).map(Cbor::real);
        best = shorter(best, real);
        Item fraction = Cbor.decimal(-plain.scale(), plain.unscaledValue().longValueExact());
        return shorter(best, Optional.of(fraction)).get();
    }

    /** Whether it is an integer of 64 bits, sign included. */
    static boolean isLong(BigDecimal number) {
        BigDecimal plain = number.signum() == 0 ? BigDecimal.ZERO : number.stripTrailingZeros();
        return plain.scale() <= 0
                && plain.precision() - (long) plain.scale() <= MAX_DIGITS + 1
                && fitsLong(plain.toBigIntegerExact());
    }

    /**
     * Seconds since 1970 in UTC, exact.
     *
     * @throws IllegalArgumentException if the time is not from {@link Pack#EARLIEST} to {@link Pack#LATEST}
     */
    static BigDecimal seconds(Instant time) {
        if (time.isBefore(Pack.EARLIEST) || time.isAfter(Pack.LATEST)) {
            throw new IllegalArgumentException("a time that a pack cannot carry");
        }
        return exactSeconds(time);
    }

    /** Whether so many seconds are a time of their own, and not a distance from now. */
    static boolean isAbsolute(BigDecimal seconds) {
        return seconds.compareTo(exactSeconds(Pack.EARLIEST)) >= 0;
    }

    /** The moment so many seconds after 1970 in UTC, rounded down to nanoseconds; {@link #seconds} takes it back. */
    static Instant instant(BigDecimal seconds) throws MalformedPackException {
        if (!isAbsolute(seconds) || seconds.compareTo(exactSeconds(Pack.LATEST)) > 0) {
            throw new MalformedPackException("a time out of range");
        }
        BigDecimal nanos = seconds.setScale(NANO_DIGITS, RoundingMode.FLOOR);
        BigDecimal[] parts = nanos.divideAndRemainder(BigDecimal.ONE);
        return Instant.ofEpochSecond(
                parts[0].longValueExact(), parts[1].unscaledValue().longValueExact());
    }

    /** The moment so many seconds after another one, or before it, rounded down to nanoseconds. */
    static Instant instant(BigDecimal seconds, Instant from) throws MalformedPackException {
        return instant(exactSeconds(from).add(seconds));
    }

    private static BigDecimal exactSeconds(Instant time) {
        return BigDecimal.valueOf(time.getEpochSecond()).add(BigDecimal.valueOf(time.getNano(), NANO_DIGITS));
    }

    /**
     * The shortest decimal that denotes a double. The library's, because what the JDK calls shortest depends on its
     * version: up to 18 it has digits to spare, and a number must not change with the JVM that reads it.
     */
    static BigDecimal decimal(double number) {
        if (!Double.isFinite(number)) {
            throw new NumberFormatException("not a finite number");
        }
        return new BigDecimal(NumberOutput.toString(number, true));
    }

    /** The double that is exactly this number and whose shortest decimal form is this number too, if there is one. */
    private static Optional<Double> exactDouble(BigDecimal number) {
        double nearest = number.doubleValue();
        boolean exact = Double.isFinite(nearest)
                && new BigDecimal(nearest).compareTo(number) == 0
                && decimal(nearest).compareTo(number) == 0;
        return exact ? Optional.of(nearest) : Optional.empty();
    }

    private static Optional<Item> shorter(Optional<Item> first, Optional<Item> second) {
        if (first.isEmpty() || second.isEmpty()) {
            return first.isPresent() ? first : second;
        }
        int sizeOfFirst = Cbor.encode(first.get()).size();
        return Cbor.encode(second.get()).size() < sizeOfFirst ? second : first;
    }

    private static boolean fitsLong(BigInteger number) {
        return number.compareTo(LONG_MIN) >= 0 && number.compareTo(LONG_MAX) <= 0;
    }
}
