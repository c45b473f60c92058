package dev.latchkey.senml;

import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;

/** Exact numbers and their shortest CBOR form. */
final class Numbers {
    /** Digits that 64 bits hold in every case; a double needs 17 to be told from its neighbours. */
    private static final int MAX_DIGITS = 18;

    private static final BigInteger LONG_MIN = BigInteger.valueOf(Long.MIN_VALUE);
    private static final BigInteger LONG_MAX = BigInteger.valueOf(Long.MAX_VALUE);
    private static final BigDecimal NANOS_PER_SECOND = BigDecimal.valueOf(1_000_000_000L);

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
        Optional<Item> best = Optional.empty();
        if (plain.scale() <= 0 && plain.precision() - plain.scale() <= MAX_DIGITS + 1) {
            BigInteger integer = plain.toBigIntegerExact();
            if (fitsLong(integer)) {
                best = Optional.of(Cbor.integer(integer.longValue()));
            }
        }
        Optional<Item> real = exactDouble(plain).map(Cbor::real);
        best = shorter(best, real);
        Item fraction = Cbor.decimal(-plain.scale(), plain.unscaledValue().longValueExact());
        return shorter(best, Optional.of(fraction)).get();
    }

    /** Seconds since 1970 in UTC, exact. */
    static BigDecimal seconds(Instant time) {
        return BigDecimal.valueOf(time.getEpochSecond()).add(BigDecimal.valueOf(time.getNano(), 9));
    }

    /** The moment so many seconds after 1970 in UTC, rounded down to nanoseconds. */
    static Instant instant(BigDecimal seconds) throws MalformedPackException {
        BigDecimal[] parts = seconds.divideAndRemainder(BigDecimal.ONE);
        try {
            return Instant.ofEpochSecond(
                    parts[0].longValueExact(),
                    parts[1].multiply(NANOS_PER_SECOND).longValue());
        } catch (ArithmeticException | DateTimeException e) {
            throw new MalformedPackException("a time out of range", e);
        }
    }

    /** The double that is exactly this number and whose shortest decimal form is this number too, if there is one. */
    private static Optional<Double> exactDouble(BigDecimal number) {
        double nearest = number.doubleValue();
        boolean exact = Double.isFinite(nearest)
                && new BigDecimal(nearest).compareTo(number) == 0
                && BigDecimal.valueOf(nearest).compareTo(number) == 0;
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
