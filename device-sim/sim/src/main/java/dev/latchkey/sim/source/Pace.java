package dev.latchkey.sim.source;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How fast a recording is replayed: {@code 60x} is sixty times as fast as it was recorded, {@code 10/s} and {@code
 * 90/min} are so many observations whatever their times, and {@code max} is as fast as they can be sent. Immutable.
 */
public final class Pace {
    /** As fast as it goes. */
    public static final Pace MAX = new Pace(Kind.MAX, BigDecimal.ONE, "max");

    private static final Pattern FORM = Pattern.compile("([0-9]{1,9}(?:\\.[0-9]{1,9})?)(x|/s|/min)");
    private static final BigDecimal NANOS_PER_SECOND = BigDecimal.valueOf(1_000_000_000L);
    private static final BigDecimal NANOS_PER_MINUTE = NANOS_PER_SECOND.multiply(BigDecimal.valueOf(60));
    private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE);

    private enum Kind {
        MAX,
        FASTER,
        PER_SECOND,
        PER_MINUTE
    }

    private final Kind kind;
    private final BigDecimal rate;
    private final String text;

    private Pace(Kind kind, BigDecimal rate, String text) {
        this.kind = kind;
        this.rate = rate;
        this.text = text;
    }

    /**
     * Reads a pace.
     *
     * @throws IllegalArgumentException if it has none of the forms, or stands still; the message says what is expected
     */
    public static Pace of(String text) {
        if (text.equals("max")) {
            return MAX;
        }
        Matcher form = FORM.matcher(text);
        if (!form.matches() || new BigDecimal(form.group(1)).signum() == 0) {
            throw new IllegalArgumentException("a pace such as 60x (times as fast as recorded), 10/s, 90/min or max");
        }
        Kind kind = switch (form.group(2)) {
            case "x" -> Kind.FASTER;
            case "/s" -> Kind.PER_SECOND;
            default -> Kind.PER_MINUTE;
        };
        return new Pace(kind, new BigDecimal(form.group(1)), text);
    }

    /**
     * When an observation is due, counted from the start of the replay; it never decreases from one to the next.
     *
     * @param index its number in the replay, from 0
     * @param recorded how long after the first one it was recorded; not negative
     * @return at most {@link Long#MAX_VALUE} nanoseconds
     */
    public Duration due(long index, Duration recorded) {
        return switch (kind) {
            case MAX -> Duration.ZERO;
            case FASTER ->
                nanos(BigDecimal.valueOf(recorded.getSeconds())
                        .multiply(NANOS_PER_SECOND)
                        .add(BigDecimal.valueOf(recorded.getNano())));
            case PER_SECOND -> nanos(BigDecimal.valueOf(index).multiply(NANOS_PER_SECOND));
            case PER_MINUTE -> nanos(BigDecimal.valueOf(index).multiply(NANOS_PER_MINUTE));
        };
    }

    private Duration nanos(BigDecimal atRateOne) {
        BigDecimal nanos = atRateOne.divide(rate, 0, RoundingMode.FLOOR);
        return nanos.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0
                ? LONGEST
                : Duration.ofNanos(nanos.longValueExact());
    }

    /** When an observation of a recording is due. */
    public Duration due(Source source, int index) {
        Observation first = source.observations().get(0);
        Observation due = source.observations().get(index);
        return due(index, Duration.between(first.at(), due.at()));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Pace pace && kind == pace.kind && rate.compareTo(pace.rate) == 0;
    }

    @Override
    public int hashCode() {
        return 31 * kind.hashCode() + rate.stripTrailingZeros().hashCode();
    }

    /** As it was given. */
    @Override
    public String toString() {
        return text;
    }
}
