package dev.latchkey.sim.weather;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Reads daily weather observations from comma-separated values without quotes. Stateless. */
public final class WeatherFile {
    /** Of a row: ten times the longest in the source. */
    private static final int MAX_ROW_CHARACTERS = 400;
    /** A century of days. */
    private static final int MAX_ROWS = 36_525;

    private static final String RESOURCE = "seattle-weather.csv";
    private static final String HEADER = "date,precipitation,temp_max,temp_min,wind,weather";
    private static final int FIELDS = HEADER.split(",").length;
    /** Plain decimals, as many digits as an instrument gives: no exponent that could grow beyond any size. */
    private static final Pattern DECIMAL = Pattern.compile("-?[0-9]{1,6}(\\.[0-9]{1,6})?");

    private WeatherFile() {}

    /** The observations of Seattle, 2012 to 2015, in the order of their days. */
    public static List<DailyWeather> seattle() {
        try (InputStream in = WeatherFile.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException("the weather observations are not on the class path");
            }
            return read(new InputStreamReader(in, StandardCharsets.UTF_8), RESOURCE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (MalformedWeatherException e) {
            throw new IllegalStateException("the weather observations on the class path are damaged", e);
        }
    }

    /**
     * Reads the rows; each must be of a later day than the one before it.
     *
     * @param source what error messages call the input
     * @throws MalformedWeatherException at the first fault, with its line and column
     */
    public static List<DailyWeather> read(Reader input, String source) throws IOException, MalformedWeatherException {
        BufferedReader lines = new BufferedReader(input);
        String header = lines.readLine();
        if (!HEADER.equals(header)) {
            throw new MalformedWeatherException(source, 1, 1, "the header must be " + HEADER);
        }
        List<DailyWeather> days = new ArrayList<>();
        String line;
        while ((line = lines.readLine()) != null) {
            if (days.size() == MAX_ROWS) {
                throw new MalformedWeatherException(source, days.size() + 2, 1, "more rows than a century has days");
            }
            DailyWeather day = new Row(source, days.size() + 2, line).day();
            if (!days.isEmpty() && !day.date().isAfter(days.get(days.size() - 1).date())) {
                throw new MalformedWeatherException(source, day.row(), 1, "the day is not after the one before it");
            }
            days.add(day);
        }
        if (days.isEmpty()) {
            throw new MalformedWeatherException(source, 2, 1, "no row after the header");
        }
        return List.copyOf(days);
    }

    /** One line while it is read. */
    private static final class Row {
        private final String source;
        private final int line;
        private final String text;
        private final String[] fields;

        Row(String source, int line, String text) throws MalformedWeatherException {
            this.source = source;
            this.line = line;
            this.text = text;
            if (text.length() > MAX_ROW_CHARACTERS) {
                throw new MalformedWeatherException(source, line, MAX_ROW_CHARACTERS + 1, "the row is too long");
            }
            this.fields = text.split(",", -1);
            if (fields.length != FIELDS) {
                throw new MalformedWeatherException(
                        source, line, text.length() + 1, FIELDS + " fields expected, found " + fields.length);
            }
        }

        DailyWeather day() throws MalformedWeatherException {
            DailyWeather day = new DailyWeather(line, date(), decimal(1), decimal(2), decimal(3), decimal(4));
            if (day.precipitationMm().signum() < 0) {
                throw fault(1, "precipitation cannot be negative");
            }
            if (day.windMps().signum() < 0) {
                throw fault(4, "wind speed cannot be negative");
            }
            if (day.lowCel().compareTo(day.highCel()) > 0) {
                throw fault(3, "temp_min is above temp_max");
            }
            return day;
        }

        private LocalDate date() throws MalformedWeatherException {
            try {
                return LocalDate.parse(fields[0]);
            } catch (DateTimeException e) {
                throw fault(0, "a day such as 2012-01-31 expected, found \"" + fields[0] + "\"");
            }
        }

        private BigDecimal decimal(int field) throws MalformedWeatherException {
            if (!DECIMAL.matcher(fields[field]).matches()) {
                throw fault(field, "a number such as 10.9 expected, found \"" + fields[field] + "\"");
            }
            return new BigDecimal(fields[field]);
        }

        private MalformedWeatherException fault(int field, String what) {
            int column = 1;
            for (int before = 0; before < field; before++) {
                column += fields[before].length() + 1;
            }
            return new MalformedWeatherException(source, line, Math.min(column, text.length() + 1), what);
        }
    }
}
