package dev.latchkey.sim.source;

import java.util.regex.Pattern;

/**
 * What of a CSV file is replayed; immutable.
 *
 * @param time the column that says when, by the name in its header
 * @param value the column that says how much
 * @param unit the unit of the values, from the SenML registry; a secondary one is converted where that loses no digit
 * @param name what the quantity is called in the readings: letters, digits and {@code :./_-}, 64 at most
 */
public record CsvColumns(String time, String value, String unit, String name) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9:./_-]{0,63}");

    /** @throws IllegalArgumentException if the name could not stand in a reading, or both columns are the same */
    public CsvColumns {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("a name of 1 to 64 letters, digits and :./_-");
        }
        if (time.equals(value)) {
            throw new IllegalArgumentException("time and value from the same column");
        }
    }

    /** The quantity is called as its column, if a reading can carry that name, else {@code value}. */
    public static CsvColumns of(String time, String value, String unit) {
        return new CsvColumns(time, value, unit, NAME.matcher(value).matches() ? value : "value");
    }
}
