package dev.latchkey.sim.weather;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class WeatherFileTest {
    private static final String HEADER = "date,precipitation,temp_max,temp_min,wind,weather\n";
    private static final String ROW = "2012-01-01,0.0,12.8,5.0,4.7,drizzle\n";

    @Test
    void seattleHasEveryDayOfFourYears() {
        List<DailyWeather> days = WeatherFile.seattle();
        assertThat(days).hasSize(1_461);
        for (int day = 0; day < days.size(); day++) {
            assertThat(days.get(day).date()).isEqualTo(LocalDate.of(2012, 1, 1).plusDays(day));
            assertThat(days.get(day).row()).isEqualTo(day + 2);
        }
    }

    @Test
    void valuesAreTheDigitsOfTheSource() {
        DailyWeather second = WeatherFile.seattle().get(1);
        assertThat(second)
                .isEqualTo(new DailyWeather(
                        3,
                        LocalDate.of(2012, 1, 2),
                        new BigDecimal("10.9"),
                        new BigDecimal("10.6"),
                        new BigDecimal("2.8"),
                        new BigDecimal("4.5")));
    }

    @Test
    void theSourceIsUnchangedSinceItWasTaken() throws IOException {
        try (InputStream in = WeatherFile.class.getResourceAsStream("seattle-weather.csv");
                InputStream attribution = WeatherFile.class.getResourceAsStream("ATTRIBUTION.md")) {
            String hash = Digest.sha256(Bytes.wrap(in.readAllBytes())).toHex();
            assertThat(new String(attribution.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8))
                    .contains(hash);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "2012-13-01,0.0,12.8,5.0,4.7,sun|3|1|a day such as",
                "2012-01-02,,12.8,5.0,4.7,sun|3|12|a number such as",
                "2012-01-02,0.0,1e9999999,5.0,4.7,sun|3|16|a number such as",
                "2012-01-02,0.0,12.8,NaN,4.7,sun|3|21|a number such as",
                "2012-01-02,0.0,12.8,5.0,-4.7,sun|3|25|cannot be negative",
                "2012-01-02,-0.1,12.8,5.0,4.7,sun|3|12|cannot be negative",
                "2012-01-02,0.0,12.8,15.0,4.7,sun|3|21|above temp_max",
                "2012-01-02,0.0,12.8,5.0,4.7|3|28|6 fields expected, found 5",
                "2012-01-01,0.0,12.8,5.0,4.7,sun|3|1|not after",
            })
    void aFaultIsNamedWithLineAndColumn(String row, int line, int column, String what) {
        MalformedWeatherException fault = catchThrowableOfType(
                MalformedWeatherException.class,
                () -> WeatherFile.read(new StringReader(HEADER + ROW + row + "\n"), "test.csv"));
        assertThat(fault).hasMessageStartingWith("test.csv:" + line + ":" + column + ": ");
        assertThat(fault).hasMessageContaining(what);
        assertThat(fault.line()).isEqualTo(line);
        assertThat(fault.column()).isEqualTo(column);
    }

    @Test
    void refusesAnotherHeaderAndAnEmptyFile() {
        assertThat(catchThrowableOfType(
                        MalformedWeatherException.class, () -> WeatherFile.read(new StringReader(""), "test.csv")))
                .hasMessageStartingWith("test.csv:1:1: ");
        assertThat(catchThrowableOfType(
                        MalformedWeatherException.class, () -> WeatherFile.read(new StringReader(HEADER), "test.csv")))
                .hasMessageStartingWith("test.csv:2:1: ");
    }

    @Test
    void refusesARowThatIsTooLong() {
        String row = "2012-01-02,0.0,12.8,5.0,4.7," + "x".repeat(400);
        assertThat(catchThrowableOfType(
                        MalformedWeatherException.class,
                        () -> WeatherFile.read(new StringReader(HEADER + row), "test.csv")))
                .hasMessageContaining("too long");
    }
}
