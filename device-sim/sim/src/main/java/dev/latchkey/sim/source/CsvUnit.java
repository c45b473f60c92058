package dev.latchkey.sim.source;

import dev.latchkey.senml.Units;
import java.math.BigDecimal;
import java.util.Optional;

/** The unit that a column's values are sent in, and how they get there; immutable. */
final class CsvUnit {
    private final String symbol;
    private final Optional<Units.Conversion> conversion;

    private CsvUnit(String symbol, Optional<Units.Conversion> conversion) {
        this.symbol = symbol;
        this.conversion = conversion;
    }

    /** @throws UnusableSourceException if the unit is not registered, or no decimal converts it */
    static CsvUnit of(String file, String asked) throws UnusableSourceException {
        if (Units.isPrimary(asked)) {
            return new CsvUnit(asked, Optional.empty());
        }
        Optional<Units.Conversion> conversion = Units.conversion(asked);
        if (conversion.isPresent()) {
            return new CsvUnit(conversion.get().unit(), conversion);
        }
        String unit = "the unit " + UnusableSourceException.quoted(asked);
        if (Units.isSecondary(asked)) {
            throw UnusableSourceException.of(
                    file, unit + " does not convert without loss: write the values in m/s", null);
        }
        throw UnusableSourceException.of(
                file,
                unit + " is not in the SenML registry: use one of " + String.join(" ", Units.recommended()),
                null);
    }

    /** What stands in the reading: a primary unit. */
    String symbol() {
        return symbol;
    }

    /** The value as it is sent. */
    BigDecimal convert(BigDecimal value) {
        return conversion.map(found -> found.apply(value)).orElse(value);
    }
}
