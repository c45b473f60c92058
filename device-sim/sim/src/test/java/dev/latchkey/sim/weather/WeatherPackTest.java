package dev.latchkey.sim.weather;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.senml.MalformedPackException;
import dev.latchkey.senml.Measurement;
import dev.latchkey.senml.Pack;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class WeatherPackTest {
    private static final String BASE = "urn:latchkey:seattle:d-1:";

    @Test
    void everyDayOfSeattleComesBackExactly() throws MalformedPackException {
        for (DailyWeather day : WeatherFile.seattle()) {
            List<Measurement> arrived =
                    Pack.fromCbor(WeatherPack.of(day).toCbor()).resolveFrom(BASE);
            assertThat(WeatherPack.difference(day, BASE, arrived)).as("%s", day).isEmpty();
            assertThat(WeatherPack.time(arrived)).contains(day.time());
        }
    }

    @Test
    void precipitationTravelsInMetres() throws MalformedPackException {
        DailyWeather day = WeatherFile.seattle().get(1);
        Measurement rain = WeatherPack.of(day).resolveFrom(BASE).get(0);
        assertThat(rain.unit()).contains("m");
        assertThat(rain.number()).hasValueSatisfying(value -> assertThat(value).isEqualByComparingTo("0.0109"));
        assertThat(rain.time()).isEqualTo(Instant.parse("2012-01-02T00:00:00Z"));
    }

    @Test
    void anyDifferenceIsSeen() throws MalformedPackException {
        DailyWeather day = WeatherFile.seattle().get(1);
        List<Measurement> whole = WeatherPack.of(day).resolveFrom(BASE);
        DailyWeather next = WeatherFile.seattle().get(2);
        DailyWeather colder = new DailyWeather(
                day.row(), day.date(), day.precipitationMm(), day.highCel(), new BigDecimal("2.79"), day.windMps());

        assertThat(WeatherPack.difference(colder, BASE, whole)).contains("tmin is not 2.79 Cel");
        assertThat(WeatherPack.difference(next, BASE, whole)).contains("precip is of another time");
        assertThat(WeatherPack.difference(day, "urn:latchkey:seattle:d-2:", whole))
                .contains("no value named precip");
        assertThat(WeatherPack.difference(day, BASE, whole.subList(0, 3))).contains("4 values expected, 3 arrived");
        Measurement first = whole.get(0);
        Measurement otherUnit = new Measurement(
                first.name(), Optional.of("Cel"), first.time(), first.value(), Optional.empty(), Optional.empty());
        assertThat(WeatherPack.difference(day, BASE, List.of(otherUnit, whole.get(1), whole.get(2), whole.get(3))))
                .contains("precip has another unit than m");
    }
}
