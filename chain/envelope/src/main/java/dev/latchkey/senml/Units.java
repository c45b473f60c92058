package dev.latchkey.senml;

import java.util.Set;

/**
 * The unit symbols of IANA's registry "SenML Units" (RFC 8428, section 12.1; RFC 8798) and of its secondary units,
 * which only a pack of the version that says so may carry (RFC 9100, section 5). What we write uses primary units;
 * what we read may use a unit registered after this list was made.
 */
public final class Units {
    private static final Set<String> PRIMARY = Set.of(
            "m",
            "kg",
            "g",
            "s",
            "A",
            "K",
            "cd",
            "mol",
            "Hz",
            "rad",
            "sr",
            "N",
            "Pa",
            "J",
            "W",
            "C",
            "V",
            "F",
            "Ohm",
            "S",
            "Wb",
            "T",
            "H",
            "Cel",
            "lm",
            "lx",
            "Bq",
            "Gy",
            "Sv",
            "kat",
            "m2",
            "m3",
            "l",
            "m/s",
            "m/s2",
            "m3/s",
            "l/s",
            "W/m2",
            "cd/m2",
            "bit",
            "bit/s",
            "lat",
            "lon",
            "pH",
            "dB",
            "dBW",
            "Bspl",
            "count",
            "/",
            "%",
            "%RH",
            "%EL",
            "EL",
            "1/s",
            "1/min",
            "beat/min",
            "beats",
            "S/m",
            "B",
            "VA",
            "VAs",
            "var",
            "vars",
            "J/m",
            "kg/m3",
            "deg",
            "NTU");

    private static final Set<String> SECONDARY = Set.of(
            "ms", "min", "h", "MHz", "kW", "kVA", "kvar", "Ah", "Wh", "kWh", "varh", "kvarh", "kVAh", "VAh", "Wh/km",
            "KiB", "GB", "Mbit/s", "B/s", "MB/s", "mV", "mA", "dBm", "ug/m3", "mm/h", "m/h", "ppm", "/100", "/1000",
            "hPa", "mm", "cm", "km", "km/h", "ppb", "ppt", "mg/l", "ug/l", "g/l");

    private Units() {}

    /** Whether the symbol is registered as a unit that any pack may carry. */
    public static boolean isPrimary(String symbol) {
        return PRIMARY.contains(symbol);
    }

    /** Whether the symbol is registered as a scaled unit: convert the value to its primary unit before sending. */
    public static boolean isSecondary(String symbol) {
        return SECONDARY.contains(symbol);
    }
}
