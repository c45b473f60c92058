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
    /** The version of a pack that names none (RFC 8428, section 4.4). */
    private static final BigDecimal VERSION = BigDecimal.TEN;

    /** The same with feature 4, secondary units (RFC 9100, section 4). */
    static final BigDecimal WITH_SECONDARY_UNITS = VERSION.add(BigDecimal.valueOf(1 << 4));

    /** RFC 8428, section 4.5.1. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9:./_-]{0,254}");

    private final Optional<Instant> now;
    private final String requiredBaseName;
    private String baseName;
    private Optional<String> baseUnit = Optional.empty();
    private BigDecimal baseTime = BigDecimal.ZERO;
    private Optional<BigDecimal> baseValue = Optional.empty();
    private Optional<BigDecimal> baseSum = Optional.empty();
    private boolean secondaryUnits;

    /** @param now what relative times count from; without it they are refused
     * @param requiredBaseName stands where no base name is, and must be equal where one is; empty: any */
    Resolution(Optional<Instant> now, String requiredBaseName) {
        this.now = now;
        this.requiredBaseName = requiredBaseName;
        this.baseName = requiredBaseName;
    }

    List<Measurement> resolve(Pack pack) throws MalformedPackException {
        takeVersion(pack);
        List<Measurement> measurements = new ArrayList<>();
        for (Record record : pack.records()) {
            takeBaseFields(record);
            measurements.add(measurement(record));
        }
        measurements.sort(Comparator.comparing(Measurement::time));
        return List.copyOf(measurements);
    }

    /** All records are of one version (RFC 8428, section 4.4): the first one's, if only there it stands. */
    private void takeVersion(Pack pack) throws MalformedPackException {
        BigDecimal version = pack.records().get(0).number(Label.BASE_VERSION).orElse(VERSION);
        for (Record record : pack.records()) {
            if (record.number(Label.BASE_VERSION).orElse(version).compareTo(version) != 0) {
                throw new MalformedPackException("two versions in one pack");
            }
        }
        secondaryUnits = version.compareTo(WITH_SECONDARY_UNITS) == 0;
        if (version.compareTo(VERSION) > 0 && !secondaryUnits) {
            throw new MalformedPackException("a version of SenML that we do not know");
        }
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
        baseValue = record.number(Label.BASE_VALUE).or(() -> baseValue);
        baseSum = record.number(Label.BASE_SUM).or(() -> baseSum);
    }

    private Measurement measurement(Record record) throws MalformedPackException {
        String name = baseName + record.text(Label.NAME).orElse("");
        if (!NAME.matcher(name).matches()) {
            throw new MalformedPackException("a name outside the grammar");
        }
        Optional<Value> value = value(record);
        Optional<BigDecimal> sum = withBase(baseSum, record.number(Label.SUM));
        if (value.isEmpty() && sum.isEmpty()) {
            throw new MalformedPackException("a record with neither value nor sum");
        }
        return new Measurement(name, unit(record), time(record), value, sum, record.number(Label.UPDATE_TIME));
    }

    private Optional<String> unit(Record record) throws MalformedPackException {
        Optional<String> unit = record.text(Label.UNIT).or(() -> baseUnit);
        if (!secondaryUnits && unit.filter(Units::isSecondary).isPresent()) {
            throw new MalformedPackException("a secondary unit in a pack of a version without them");
        }
        return unit;
    }

    private Instant time(Record record) throws MalformedPackException {
        BigDecimal seconds = baseTime.add(record.number(Label.TIME).orElse(BigDecimal.ZERO));
        if (Numbers.isAbsolute(seconds)) {
            return Numbers.instant(seconds);
        }
        if (now.isEmpty()) {
            throw new MalformedPackException("a time that is not absolute");
        }
        return Numbers.instant(seconds, now.get());
    }

    /** At most one of the four kinds; where there is none, a base value alone is the value. */
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
        if (found.isPresent() && !(found.get() instanceof Value.Number)) {
            return found;
        }
        return withBase(baseValue, record.number(Label.VALUE)).map(Value::of);
    }

    /** Where only one of the two is there, the other counts as zero (RFC 8428, section 4.5.4). */
    private static Optional<BigDecimal> withBase(Optional<BigDecimal> base, Optional<BigDecimal> own)
            throws MalformedPackException {
        if (base.isEmpty() || own.isEmpty()) {
            return base.or(() -> own);
        }
        BigDecimal together = new Value.Number(base.get().add(own.get())).number();
        if (!Numbers.withinLimits(together)) {
            throw new MalformedPackException("a number with too many digits");
        }
        return Optional.of(together);
    }
}
