package dev.latchkey.sim.source;

import dev.latchkey.senml.MalformedPackException;
import dev.latchkey.senml.Measurement;
import dev.latchkey.senml.Pack;
import dev.latchkey.senml.Value;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What was measured at one moment, ready to be sent; immutable.
 *
 * @param origin where it stands in its source, such as {@code line 17}
 * @param at when it was measured, or says it was
 * @param pack the values, without base name: the recipient supplies it from the authenticated sender
 */
public record Observation(String origin, Instant at, Pack pack) {
    /** @throws IllegalArgumentException if a recipient could not resolve the pack, or finds another time in it */
    public Observation {
        for (Measurement measurement : resolved(pack, "x:")) {
            if (!measurement.time().equals(at)) {
                throw new IllegalArgumentException("a measurement of another time");
            }
        }
    }

    /** What a recipient resolves it to, exactly. */
    public List<Measurement> measurements(String baseName) {
        return resolved(pack, baseName);
    }

    /**
     * What differs between an opened reading and this, or nothing when all values, names, units and times are equal.
     *
     * @param baseName what stands in front of each name: the sender's
     * @param arrived the measurements as they were resolved
     */
    public Optional<String> difference(String baseName, List<Measurement> arrived) {
        List<Measurement> expected = measurements(baseName);
        if (arrived.size() != expected.size()) {
            return Optional.of(origin + ": " + expected.size() + " values expected, " + arrived.size() + " arrived");
        }
        for (int i = 0; i < expected.size(); i++) {
            if (!expected.get(i).equals(arrived.get(i))) {
                return Optional.of(origin + ": " + wrong(expected.get(i), arrived.get(i), baseName));
            }
        }
        return Optional.empty();
    }

    private static String wrong(Measurement expected, Measurement arrived, String baseName) {
        String name = expected.name().substring(baseName.length());
        if (!arrived.name().equals(expected.name())) {
            return "no value named " + name;
        }
        if (!arrived.time().equals(expected.time())) {
            return name + " is of another time";
        }
        if (!arrived.unit().equals(expected.unit())) {
            return name
                    + expected.unit()
                            .map(unit -> " has another unit than " + unit)
                            .orElse(" has a unit");
        }
        return name + " is not " + expected.value().map(Observation::text).orElse("without a value");
    }

    private static String text(Value value) {
        return value instanceof Value.Number number ? number.number().toPlainString() : value.toString();
    }

    private static List<Measurement> resolved(Pack pack, String baseName) {
        try {
            return pack.resolveFrom(baseName);
        } catch (MalformedPackException e) {
            throw new IllegalArgumentException("a pack that does not resolve", e);
        }
    }
}
