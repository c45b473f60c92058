package dev.latchkey.senml;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * One record of a pack as it was written, base fields and all (RFC 8428, section 4); immutable. What it means depends
 * on the records before it: {@link Pack#resolve}.
 */
public final class Record {
    private final Map<Label, Value> fields;

    private Record(EnumMap<Label, Value> fields) {
        this.fields = Collections.unmodifiableMap(fields);
    }

    /** A measured number, its unit from the IANA registry ({@link Units}). */
    public static Record of(String name, String unit, BigDecimal value) {
        return of(name, Value.of(value)).with(Label.UNIT, Value.of(unit));
    }

    /** A measurement without a unit. */
    public static Record of(String name, Value value) {
        return empty().with(Label.NAME, Value.of(name)).with(labelFor(value), value);
    }

    static Record empty() {
        return new Record(new EnumMap<>(Label.class));
    }

    /**
     * This record with one field set.
     *
     * @throws IllegalArgumentException if the value is not of the kind that the field holds, if a number has more
     *     digits than we write, if a version is no positive integer, or if a unit is not a primary one of the registry
     */
    public Record with(Label label, Value value) {
        FieldRules.broken(label, value).ifPresent(rule -> {
            throw new IllegalArgumentException(rule);
        });
        if ((label == Label.UNIT || label == Label.BASE_UNIT) && !Units.isPrimary(((Value.Text) value).text())) {
            throw new IllegalArgumentException("a unit that is not in the registry");
        }
        return put(label, value);
    }

    /**
     * This record with its own absolute time; as exact as the instant.
     *
     * @throws IllegalArgumentException if the time is not from {@link Pack#EARLIEST} to {@link Pack#LATEST}
     */
    public Record at(Instant time) {
        return put(Label.TIME, Value.of(Numbers.seconds(time)));
    }

    /** This record with a field that somebody else wrote: any unit that may be one, registered or not. */
    Record received(Label label, Value value) throws MalformedPackException {
        Optional<String> broken = FieldRules.broken(label, value);
        if (broken.isPresent()) {
            throw new MalformedPackException(broken.get());
        }
        return put(label, value);
    }

    /** For values that are known to keep the rules of their field. */
    Record put(Label label, Value value) {
        EnumMap<Label, Value> changed = new EnumMap<>(Label.class);
        changed.putAll(fields);
        changed.put(label, value);
        return new Record(changed);
    }

    /** The fields in the order of {@link Label}. */
    public Map<Label, Value> fields() {
        return fields;
    }

    /** The number in a field, if the field is there and holds one. */
    public Optional<BigDecimal> number(Label label) {
        Value value = fields.get(label);
        return value instanceof Value.Number ? Optional.of(((Value.Number) value).number()) : Optional.empty();
    }

    /** The text in a field, if the field is there and holds one. */
    public Optional<String> text(Label label) {
        Value value = fields.get(label);
        return value instanceof Value.Text ? Optional.of(((Value.Text) value).text()) : Optional.empty();
    }

    static Label labelFor(Value value) {
        if (value instanceof Value.Number) {
            return Label.VALUE;
        }
        if (value instanceof Value.Text) {
            return Label.TEXT_VALUE;
        }
        return value instanceof Value.Flag ? Label.FLAG_VALUE : Label.DATA_VALUE;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Record && fields.equals(((Record) other).fields);
    }

    @Override
    public int hashCode() {
        return Objects.hash(fields);
    }

    /** The labels only: a reading is secret. */
    @Override
    public String toString() {
        return "Record" + fields.keySet();
    }
}
