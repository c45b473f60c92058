package dev.latchkey.sim.fleet;

import dev.latchkey.senml.MalformedPackException;
import dev.latchkey.senml.Measurement;
import dev.latchkey.senml.Pack;
import dev.latchkey.senml.Value;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

/**
 * The comparison of what was opened with its source. Numbers are decimal all the way: equal means the source's number,
 * not one near it. Stateless.
 */
final class Difference {
    private Difference() {}

    /**
     * What differs, or nothing when all values, names, units and times are equal.
     *
     * @param baseName what stands in front of each name: the authenticated sender's
     */
    static Optional<String> between(Pack source, String baseName, List<Measurement> arrived) {
        List<Measurement> expected;
        try {
            expected = source.resolveFrom(baseName);
        } catch (MalformedPackException e) {
            return Optional.of("has a source that is no pack: " + e.getMessage());
        }
        if (expected.size() != arrived.size()) {
            return Optional.of(expected.size() + " values expected, " + arrived.size() + " arrived");
        }
        for (int i = 0; i < expected.size(); i++) {
            Optional<String> wrong = wrong(expected.get(i), arrived.get(i));
            if (wrong.isPresent()) {
                String name = expected.get(i).name();
                return Optional.of(
                        (name.startsWith(baseName) ? name.substring(baseName.length()) : name) + " " + wrong.get());
            }
        }
        return Optional.empty();
    }

    private static Optional<String> wrong(Measurement expected, Measurement arrived) {
        if (!arrived.name().equals(expected.name())) {
            return Optional.of("has another name");
        }
        if (!arrived.time().equals(expected.time())) {
            return Optional.of("is of another time");
        }
        if (!arrived.unit().equals(expected.unit())) {
            return Optional.of("has another unit than " + expected.unit().orElse("none"));
        }
        if (!equal(expected.value(), arrived.value()) || !equalNumbers(expected.sum(), arrived.sum())) {
            return Optional.of("is not " + text(expected));
        }
        return Optional.empty();
    }

    private static boolean equal(Optional<Value> one, Optional<Value> other) {
        if (one.orElse(null) instanceof Value.Number a && other.orElse(null) instanceof Value.Number b) {
            return a.number().compareTo(b.number()) == 0;
        }
        return one.equals(other);
    }

    private static boolean equalNumbers(Optional<BigDecimal> one, Optional<BigDecimal> other) {
        return one.isPresent() == other.isPresent()
                && (one.isEmpty() || one.get().compareTo(other.get()) == 0);
    }

    private static String text(Measurement expected) {
        String number = expected.number()
                .or(expected::sum)
                .map(BigDecimal::toPlainString)
                .orElse("what was sent");
        return number + expected.unit().map(unit -> " " + unit).orElse("");
    }
}
