package dev.latchkey.sim.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latchkey.senml.Measurement;
import dev.latchkey.senml.Pack;
import dev.latchkey.senml.Record;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ObservationTest {
    private static final String BASE = "urn:latchkey:seattle:d-1:";

    @Test
    void everyDayOfSeattleComesBackExactly() throws Exception {
        List<Observation> days = WeatherSource.seattle().observations();
        assertThat(days).hasSize(1_461);
        for (Observation day : days) {
            List<Measurement> arrived = Pack.fromCbor(day.pack().toCbor()).resolveFrom(BASE);
            assertThat(day.difference(BASE, arrived)).as(day.origin()).isEmpty();
        }
    }

    @Test
    void anyDifferenceIsSeen() {
        Instant at = Instant.parse("2012-01-02T00:00:00Z");
        Observation observation = observation(at, "tmin", "Cel", "2.8");
        assertThat(difference(observation, observation(at, "tmin", "Cel", "2.80")))
                .isEmpty();
        assertThat(difference(observation, observation(at, "tmin", "Cel", "2.79")))
                .contains("line 3: tmin is not 2.8");
        assertThat(difference(observation, observation(at, "tmin", "K", "2.8")))
                .contains("line 3: tmin has another unit than Cel");
        assertThat(difference(observation, observation(at, "tmax", "Cel", "2.8")))
                .contains("line 3: no value named tmin");
        assertThat(difference(observation, observation(at.plusNanos(1), "tmin", "Cel", "2.8")))
                .contains("line 3: tmin is of another time");
        assertThat(observation.difference(BASE, List.of())).contains("line 3: 1 values expected, 0 arrived");
    }

    private static Optional<String> difference(Observation expected, Observation arrived) {
        return expected.difference(BASE, arrived.measurements(BASE));
    }

    private static Observation observation(Instant at, String name, String unit, String value) {
        return new Observation("line 3", at, Pack.at(at, Record.of(name, unit, new BigDecimal(value))));
    }

    @Test
    void refusesAPackThatNobodyCouldResolveOrOfAnotherTime() {
        Instant at = Instant.parse("2012-01-02T00:00:00Z");
        Pack pack = Pack.at(at, Record.of("tmin", "Cel", BigDecimal.ONE));
        assertThatThrownBy(() -> new Observation("x", at.plusSeconds(1), pack))
                .isInstanceOf(IllegalArgumentException.class);
        Pack relative = new Pack(List.of(Record.of("tmin", "Cel", BigDecimal.ONE)));
        assertThatThrownBy(() -> new Observation("x", at, relative)).isInstanceOf(IllegalArgumentException.class);
    }
}
