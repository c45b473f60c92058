package dev.latchkey.senml;

import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The unit symbols of IANA's registry "SenML Units" (RFC 8428, section 12.1; RFC 8798) and of its "Secondary Units",
 * which only a pack of the version that says so may carry (RFC 9100, section 4). What we write uses primary units.
 * What we read may use a unit registered after this list was made, and a secondary unit if its pack has version 26;
 * the measurement keeps the unit that it was sent with.
 */
public final class Units {
    /** Marked with an asterisk in the registry: understood, and better not used for anything new. */
    private static final Set<String> DISCOURAGED =
            Set.of("g", "l", "l/s", "Bspl", "%", "1/min", "beat/min", "beats", "deg");

    private static final Set<String> RECOMMENDED = Set.of(
            "m", "kg", "s", "A", "K", "cd", "mol", "Hz", "rad", "sr", "N", "Pa", "J", "W", "C", "V", "F", "Ohm", "S",
            "Wb", "T", "H", "Cel", "lm", "lx", "Bq", "Gy", "Sv", "kat", "m2", "m3", "m/s", "m/s2", "m3/s", "W/m2",
            "cd/m2", "bit", "bit/s", "lat", "lon", "pH", "dB", "dBW", "count", "/", "%RH", "%EL", "EL", "1/s", "S/m",
            "B", "VA", "VAs", "var", "vars", "J/m", "kg/m3", "NTU");

    /**
     * How a value in a secondary unit becomes one in its primary unit, exactly.
     *
     * @param unit the primary unit
     * @param factor what the value is multiplied with
     * @param offset what is added then, in the primary unit
     */
    public record Conversion(String unit, BigDecimal factor, BigDecimal offset) {
        /** The same quantity in the primary unit. */
        public BigDecimal apply(BigDecimal value) {
            return value.multiply(factor).add(offset);
        }
    }

    private static final Map<String, Conversion> CONVERSIONS = Map.ofEntries(
            scaled("ms", "s", "0.001"),
            scaled("min", "s", "60"),
            scaled("h", "s", "3600"),
            scaled("MHz", "Hz", "1000000"),
            scaled("kW", "W", "1000"),
            scaled("kVA", "VA", "1000"),
            scaled("kvar", "var", "1000"),
            scaled("Ah", "C", "3600"),
            scaled("Wh", "J", "3600"),
            scaled("kWh", "J", "3600000"),
            scaled("varh", "vars", "3600"),
            scaled("kvarh", "vars", "3600000"),
            scaled("VAh", "VAs", "3600"),
            scaled("kVAh", "VAs", "3600000"),
            scaled("Wh/km", "J/m", "3.6"),
            scaled("KiB", "B", "1024"),
            scaled("GB", "B", "1000000000"),
            scaled("Mbit/s", "bit/s", "1000000"),
            scaled("B/s", "bit/s", "8"),
            scaled("MB/s", "bit/s", "8000000"),
            scaled("mV", "V", "0.001"),
            scaled("mA", "A", "0.001"),
            Map.entry("dBm", new Conversion("dBW", BigDecimal.ONE, BigDecimal.valueOf(-30))),
            scaled("ug/m3", "kg/m3", "0.000000001"),
            scaled("ppm", "/", "0.000001"),
            scaled("ppb", "/", "0.000000001"),
            scaled("ppt", "/", "0.000000000001"),
            scaled("/100", "/", "0.01"),
            scaled("/1000", "/", "0.001"),
            scaled("hPa", "Pa", "100"),
            scaled("mm", "m", "0.001"),
            scaled("cm", "m", "0.01"),
            scaled("km", "m", "1000"),
            scaled("mg/l", "kg/m3", "0.001"),
            scaled("ug/l", "kg/m3", "0.000001"),
            scaled("g/l", "kg/m3", "1"));

    /** Their factors are 1/3600000, 1/3600 and 1/3.6, which no decimal is. */
    private static final Set<String> WITHOUT_EXACT_CONVERSION = Set.of("mm/h", "m/h", "km/h");

    private Units() {}

    /** Whether the symbol is registered as a unit that any pack may carry. */
    public static boolean isPrimary(String symbol) {
        return RECOMMENDED.contains(symbol) || DISCOURAGED.contains(symbol);
    }

    /** Whether the symbol is registered as a scaled unit: convert the value to its primary unit before sending. */
    public static boolean isSecondary(String symbol) {
        return CONVERSIONS.containsKey(symbol) || WITHOUT_EXACT_CONVERSION.contains(symbol);
    }

    /** How a secondary unit becomes its primary one, where no digit is lost on the way. */
    public static Optional<Conversion> conversion(String symbol) {
        return Optional.ofNullable(CONVERSIONS.get(symbol));
    }

    /** The primary units that the registry recommends, in the order of their symbols. */
    public static Set<String> recommended() {
        return new TreeSet<>(RECOMMENDED);
    }

    private static Map.Entry<String, Conversion> scaled(String symbol, String primary, String factor) {
        return Map.entry(symbol, new Conversion(primary, new BigDecimal(factor), BigDecimal.ZERO));
    }
}
