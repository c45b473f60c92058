package dev.latchkey.senml;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** One walk over a pack, carrying the base fields along (RFC 8428, section 4.6). Not for use by several threads. */
final class Resolution {
    /** Below it a time is relative to now (RFC 8428, section 4.5.3). */
    private static final BigDecimal ABSOLUTE_FROM = BigDecimal.valueOf(1L << 28);

    /** The version we know (RFC 8428, section 4.4), and the same with secondary units (RFC 9100, section 5). */
    private static final int VERSION = 10;

    private static final int VERSION_WITH_SECONDARY_UNITS = VERSION + (1 << 4);

    /** RFC 8428, section 4.5.1. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9:./_-]{0,254}");

    private final Optional<Instant> now;
    private final String requiredBaseName;
    private String baseName;
    private Optional<String> baseUnit = Optional.empty();
    private BigDecimal baseTime = BigDecimal.ZERO;
    private BigDecimal baseValue = BigDecimal.ZERO;
    private BigDecimal baseSum = BigDecimal.ZERO;
    private Optional<BigDecimal> version = Optional.empty();

    /** @param now what relative times count from; without it they are refused
     * @param requiredBaseName stands where no base name is, and must be equal where one is; empty: any */
    Resolution(Optional<Instant> now, String requiredBaseName) {
        this.now = now;
        this.requiredBaseName = requiredBaseName;
        this.baseName = requiredBaseName;
    }

    List<Measurement> resolve(Pack pack) throws MalformedPackException {
        List<Measurement> measurements = new ArrayList<>();
        for (Record record : pack.records()) {
            takeBaseFields(record);
            measurements.add(measurement(record));
        }
        measurements.sort(Comparator.comparing(Measurement::time));
        return List.copyOf(measurements);
    }

    private void takeBaseFields(Record record) throws MalformedPackException {
        Optional<String> ownBaseName = record.text(Label.BASE_NAME);
        if (ownBaseName.isPresent()) {
            if (!requiredBaseName.isEmpty() && !ownBaseName.get().equals(requiredBaseName)) {
                throw new MalformedPackException("the base name is not the sender's");
            }
            baseName = ownBaseName.get();
        }
        baseUnit = record.text(Label.BASE_UNIT).or(() -> baseUnit);
        baseTime = record.number(Label.BASE_TIME).orElse(baseTime);
        baseValue = record.number(Label.BASE_VALUE).orElse(baseValue);
        baseSum = record.number(Label.BASE_SUM).orElse(baseSum);
        takeVersion(record);
    }

    private void takeVersion(Record record) throws MalformedPackException {
        Optional<BigDecimal> own = record.number(Label.BASE_VERSION);
        if (own.isEmpty()) {
            return;
        }
        if (version.isPresent() && !version.equals(own)) {
            throw new MalformedPackException("two versions in one pack");
        }
        if (own.get().stripTrailingZeros().scale() > 0 || own.get().signum() <= 0) {
            throw new MalformedPackException("a version that is no positive integer");
        }
        boolean known = own.get().compareTo(BigDecimal.valueOf(VERSION)) <= 0
                || own.get().compareTo(BigDecimal.valueOf(VERSION_WITH_SECONDARY_UNITS)) == 0;
        if (!known) {
            throw new MalformedPackException("a version of SenML that we do not know");
        }
        version = own;
    }

    private Measurement measurement(Record record) throws MalformedPackException {
        String name = baseName + record.text(Label.NAME).orElse("");
        if (!NAME.matcher(name).matches()) {
            throw new MalformedPackException("a name outside the grammar");
        }
        return new Measurement(
                name,
                record.text(Label.UNIT).or(() -> baseUnit),
                time(record),
                value(record),
                record.number(Label.SUM).map(sum -> baseSum.add(sum)),
                record.number(Label.UPDATE_TIME));
    }

    private Instant time(Record record) throws MalformedPackException {
        BigDecimal seconds = baseTime.add(record.number(Label.TIME).orElse(BigDecimal.ZERO));
        if (seconds.compareTo(ABSOLUTE_FROM) >= 0) {
            return Numbers.instant(seconds);
        }
        if (now.isEmpty()) {
            throw new MalformedPackException("a time that is not absolute");
        }
        return Numbers.instant(Numbers.seconds(now.get()).add(seconds));
    }

    private Optional<Value> value(Record record) throws MalformedPackException {
        Optional<Value> found = Optional.empty();
        for (Map.Entry<Label, Value> field : record.fields().entrySet()) {
            switch (field.getKey()) {
                case VALUE, TEXT_VALUE, FLAG_VALUE, DATA_VALUE -> {
                    if (found.isPresent()) {
                        throw new MalformedPackException("a record with two values");
                    }
                    found = Optional.of(field.getValue());
                }
                default -> {}
            }
        }
        if (found.isEmpty() && record.number(Label.SUM).isEmpty()) {
            throw new MalformedPackException("a record with neither value nor sum");
        }
        return found.map(this::withBase);
    }

    private Value withBase(Value value) {
        return value instanceof Value.Number ? Value.of(baseValue.add(((Value.Number) value).number())) : value;
    }
}
