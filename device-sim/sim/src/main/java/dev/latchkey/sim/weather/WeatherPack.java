package dev.latchkey.sim.weather;

import dev.latchkey.senml.Measurement;
import dev.latchkey.senml.Pack;
import dev.latchkey.senml.Record;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A day's observation as a SenML pack of four records, and the comparison of what arrived with its source. Numbers are
 * decimal all the way: what a recipient reads is the source's number, not one near it. Stateless.
 */
public final class WeatherPack {
    /** The unit of length in SenML is the metre; the source has millimetres. */
    private static final int MM_TO_M = -3;

    private enum Quantity {
        PRECIPITATION("precip", "m"),
        HIGH("tmax", "Cel"),
        LOW("tmin", "Cel"),
        WIND("wind", "m/s");

        private final String name;
        private final String unit;

        Quantity(String name, String unit) {
            this.name = name;
            this.unit = unit;
        }

        BigDecimal of(DailyWeather day) {
            return switch (this) {
                case PRECIPITATION -> day.precipitationMm().scaleByPowerOfTen(MM_TO_M);
                case HIGH -> day.highCel();
                case LOW -> day.lowCel();
                case WIND -> day.windMps();
            };
        }
    }

    private WeatherPack() {}

    /** The four values of the day; without a base name, which the recipient supplies from the authenticated sender. */
    public static Pack of(DailyWeather day) {
        List<Record> records = new ArrayList<>();
        for (Quantity quantity : Quantity.values()) {
            records.add(Record.of(quantity.name, quantity.unit, quantity.of(day)));
        }
        return Pack.at(day.time(), records.toArray(Record[]::new));
    }

    /** The moment all measurements share: by it the recipient finds the day in the source. */
    public static Optional<Instant> time(List<Measurement> arrived) {
        List<Instant> times = arrived.stream().map(Measurement::time).distinct().toList();
        return times.size() == 1 ? Optional.of(times.get(0)) : Optional.empty();
    }

    /**
     * What differs between an opened reading and the day it should be, or nothing when all four values, names, units and
     * the time are equal.
     *
     * @param baseName what stands in front of each name: the sender's
     */
    public static Optional<String> difference(DailyWeather day, String baseName, List<Measurement> arrived) {
        Quantity[] expected = Quantity.values();
        if (arrived.size() != expected.length) {
            return Optional.of(expected.length + " values expected, " + arrived.size() + " arrived");
        }
        for (Quantity quantity : expected) {
            String name = baseName + quantity.name;
            Optional<Measurement> found =
                    arrived.stream().filter(each -> each.name().equals(name)).findFirst();
            if (found.isEmpty()) {
                return Optional.of("no value named " + quantity.name);
            }
            Optional<String> wrong = wrong(quantity, day, found.get());
            if (wrong.isPresent()) {
                return Optional.of(quantity.name + " " + wrong.get());
            }
        }
        return Optional.empty();
    }

    private static Optional<String> wrong(Quantity quantity, DailyWeather day, Measurement arrived) {
        if (!arrived.time().equals(day.time())) {
            return Optional.of("is of another time");
        }
        if (!arrived.unit().equals(Optional.of(quantity.unit))) {
            return Optional.of("has another unit than " + quantity.unit);
        }
        BigDecimal expected = quantity.of(day);
        boolean equal = arrived.number()
                .filter(number -> number.compareTo(expected) == 0)
                .isPresent();
        return equal ? Optional.empty() : Optional.of("is not " + expected.toPlainString() + " " + quantity.unit);
    }
}
