package dev.latchkey.senml;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Optional;

/**
 * A resolved record (RFC 8428, section 4.6): it stands for itself, without the records before it.
 *
 * @param name the whole name, base name included
 * @param time absolute
 * @param value absent when the record carries only a sum
 * @param updateWithinSeconds how soon the next one of this name was announced
 */
public record Measurement(
        String name,
        Optional<String> unit,
        Instant time,
        Optional<Value> value,
        Optional<BigDecimal> sum,
        Optional<BigDecimal> updateWithinSeconds) {

    /** The value as a number, if it is one. */
    public Optional<BigDecimal> number() {
        return value.filter(Value.Number.class::isInstance).map(v -> ((Value.Number) v).number());
    }

    /** The name only: a reading is secret. */
    @Override
    public String toString() {
        return "Measurement[" + name + "]";
    }
}
