package dev.latchkey.sim.source;

import dev.latchkey.senml.Pack;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.regex.Pattern;

/**
 * Times as recordings write them: {@code 2012-01-31}, {@code 2012-01-31T06:00}, {@code 2012-01-31 06:00:00}, each with
 * or without {@code Z} or an offset such as {@code +01:00}, or seconds since 1970. Without a zone it is UTC. Stateless.
 */
final class RecordedTime {
    static final String FORMS = "2012-01-31, 2012-01-31T06:00:00Z, 2012-01-31 06:00:00 or seconds since 1970";

    private static final Pattern DATE = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}");
    private static final Pattern DATE_TIME =
            Pattern.compile("([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]([0-9]{2}:[0-9]{2}(:[0-9]{2}(\\.[0-9]{1,9})?)?)");
    private static final Pattern ZONED = Pattern.compile("(.{16,29}?) ?(Z|[+-][0-9]{2}:[0-9]{2})");
    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,14}(\\.[0-9]{1,9})?");

    private RecordedTime() {}

    /** @throws IllegalArgumentException whose message says what is wrong with the text */
    static Instant parse(String text) {
        Instant time;
        try {
            time = instant(text);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("is not a time of the calendar", e);
        }
        if (time.isAfter(Pack.LATEST)) {
            throw new IllegalArgumentException("is after 2262; are those milliseconds? Seconds are expected");
        }
        if (time.isBefore(Pack.EARLIEST)) {
            throw new IllegalArgumentException("is before July 1978, which SenML cannot carry as a time");
        }
        return time;
    }

    private static Instant instant(String text) {
        if (DATE.matcher(text).matches()) {
            return LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
        }
        if (SECONDS.matcher(text).matches()) {
            BigDecimal[] parts = new BigDecimal(text).divideAndRemainder(BigDecimal.ONE);
            return Instant.ofEpochSecond(
                    parts[0].longValueExact(), parts[1].movePointRight(9).longValueExact());
        }
        var zoned = ZONED.matcher(text);
        boolean hasZone = zoned.matches();
        var dateTime = DATE_TIME.matcher(hasZone ? zoned.group(1) : text);
        if (!dateTime.matches()) {
            throw new IllegalArgumentException("is not a time: write " + FORMS);
        }
        String local = dateTime.group(1) + "T" + dateTime.group(2);
        return hasZone
                ? OffsetDateTime.parse(local + zoned.group(2)).toInstant()
                : LocalDateTime.parse(local).toInstant(ZoneOffset.UTC);
    }
}
