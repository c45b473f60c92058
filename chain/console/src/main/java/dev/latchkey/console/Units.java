package dev.latchkey.console;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigValueFactory;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;

/**
 * Numbers with their units, read from and written for people. Everything written is ASCII, and rounded to what a reader
 * can use: three digits.
 */
public final class Units {
    private static final String[] SIZES = {"B", "kB", "MB", "GB", "TB"};

    private Units() {}

    /**
     * Reads a duration as the settings file does: a number and a unit from ns to days, such as {@code 500 ms},
     * {@code 30s}, {@code 90 days}. A bare number is refused, since its unit could only be guessed.
     *
     * @throws IllegalArgumentException when it is none
     */
    public static Duration duration(String text) {
        String trimmed = text.strip();
        try {
            if (trimmed.isEmpty() || Character.isDigit(trimmed.charAt(trimmed.length() - 1))) {
                throw new IllegalArgumentException("a duration needs a unit, such as 30s or 90 days: " + text);
            }
            return ConfigValueFactory.fromMap(Map.of("d", trimmed)).toConfig().getDuration("d");
        } catch (ConfigException e) {
            throw new IllegalArgumentException("not a duration, such as 30s or 90 days: " + text);
        }
    }

    /** For instance {@code 850 us}, {@code 12.3 ms}, {@code 4.56 s}, {@code 3 min 20 s}, {@code 2 h 5 min}. */
    public static String text(Duration duration) {
        if (duration.isNegative()) {
            return "-" + text(duration.negated());
        }
        double nanos = duration.getSeconds() * 1e9 + duration.getNano();
        if (nanos < 999.5) {
            return digits(nanos) + " ns";
        }
        if (nanos < 999.5e3) {
            return digits(nanos / 1e3) + " us";
        }
        if (nanos < 999.5e6) {
            return digits(nanos / 1e6) + " ms";
        }
        if (nanos < 99.95e9) {
            return digits(nanos / 1e9) + " s";
        }
        long seconds = Math.round(nanos / 1e9);
        if (seconds < 3600) {
            return seconds / 60 + " min " + seconds % 60 + " s";
        }
        long minutes = Math.round(seconds / 60.0);
        return minutes < 48 * 60 ? minutes / 60 + " h " + minutes % 60 + " min" : Math.round(minutes / 1440.0) + " d";
    }

    /** A size in bytes, in powers of 1000: {@code 45 B}, {@code 1.23 kB}. */
    public static String bytes(double bytes) {
        double value = bytes;
        int unit = 0;
        while (value >= 999.5 && unit < SIZES.length - 1) {
            value /= 1000;
            unit++;
        }
        return digits(value) + " " + SIZES[unit];
    }

    /** Events per second: {@code 312/s}, {@code 12,400/s}. */
    public static String rate(double perSecond) {
        return digits(perSecond) + "/s";
    }

    /** A whole number with thousands apart: {@code 1,461}. */
    public static String count(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }

    /** A number to three significant digits, whole when it has three before the point. */
    static String digits(double value) {
        double size = Math.abs(value);
        if (size >= 99.95 || value == Math.rint(value)) {
            return String.format(Locale.ROOT, "%,d", Math.round(value));
        }
        return String.format(Locale.ROOT, size >= 9.995 ? "%.1f" : "%.2f", value);
    }
}
