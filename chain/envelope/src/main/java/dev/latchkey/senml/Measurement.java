package dev.latchkey.senml;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Optional;

/**
 * A resolved record (RFC 8428, section 4.6): it stands for itself, without the records before it. Two are equal when
 * they mean the same, whatever the trailing zeros of their numbers.
 *
 * @param name the whole name, base name included
 * @param time absolute
 * @param value absent when the record carries only a sum
 * @param sum the integral of the value over time, in the unit times seconds
 * @param updateWithinSeconds how soon the next one of this name was announced; not negative
 */
public record Measurement(
        String name,
        Optional<String> unit,
        Instant time,
        Optional<Value> value,
        Optional<BigDecimal> sum,
        Optional<BigDecimal> updateWithinSeconds) {

    public Measurement {
        sum = sum.map(Measurement::plain);
        updateWithinSeconds = updateWithinSeconds.map(Measurement::plain);
    }

    private static BigDecimal plain(BigDecimal number) {
        return new Value.Number(number).number();
    }

    /** The value as a number, if it is one. */
    public Optional<BigDecimal> number() {
        return value.filter(Value.Number.class::isInstance).map(v -> ((Value.Number) v).number());
    }

    /** The record that says the same in any pack without base fields. */
    Record toRecord() {
        Record record = Record.empty().put(Label.NAME, Value.of(name)).at(time);
        if (unit.isPresent()) {
            record = record.put(Label.UNIT, Value.of(unit.get()));
        }
        if (value.isPresent()) {
            record = record.put(Record.labelFor(value.get()), value.get());
        }
        if (sum.isPresent()) {
            record = record.put(Label.SUM, Value.of(sum.get()));
        }
        return updateWithinSeconds.isEmpty()
                ? record
                : record.put(Label.UPDATE_TIME, Value.of(updateWithinSeconds.get()));
    }

    /** The name only: a reading is secret. */
    @Override
    public String toString() {
        return "Measurement[" + name + "]";
    }
}
