package dev.latchkey.sim.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PaceTest {
    @ParameterizedTest
    @CsvSource({
        "1x, 3, PT5M, PT5M",
        "60x, 3, PT5M, PT5S",
        "0.5x, 3, PT5M, PT10M",
        "86400x, 3, P365D, PT6M5S",
        "7x, 1, PT0.000000001S, PT0S",
        "10/s, 3, PT5M, PT0.3S",
        "0.5/s, 3, PT5M, PT6S",
        "90/min, 3, P1D, PT2S",
        "max, 3, PT5M, PT0S"
    })
    void anObservationIsDueByItsTimeOrItsNumber(String pace, long index, Duration recorded, Duration due) {
        assertThat(Pace.of(pace).due(index, recorded)).isEqualTo(due);
        assertThat(Pace.of(pace)).hasToString(pace);
    }

    @Test
    void aRecordingKeepsItsOrderAtAnyPace() {
        Source weather = WeatherSource.seattle();
        for (String text : new String[] {"max", "86400x", "0.000000001x", "7/min"}) {
            Pace pace = Pace.of(text);
            Duration before = Duration.ZERO;
            for (int i = 0; i < weather.observations().size(); i++) {
                Duration due = pace.due(weather, i);
                assertThat(due).as("%s of %d", text, i).isGreaterThanOrEqualTo(before);
                before = due;
            }
        }
        assertThat(Pace.of("86400x").due(weather, 10)).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void whatWouldTakeCenturiesIsDueAtTheEndOfTime() {
        assertThat(Pace.of("0.000000001x").due(1, Duration.ofDays(3_650))).isEqualTo(Duration.ofNanos(Long.MAX_VALUE));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "60", "0x", "0.0/s", "-1x", "1e3x", "60X", "10/h", "1000000000000x", "fast"})
    void refusesWhatIsNoPace(String text) {
        assertThatThrownBy(() -> Pace.of(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("60x");
    }

    @Test
    void pacesAreEqualByWhatTheyDo() {
        assertThat(Pace.of("60x")).isEqualTo(Pace.of("60.0x")).hasSameHashCodeAs(Pace.of("60.0x"));
        assertThat(Pace.of("60x")).isNotEqualTo(Pace.of("60/s"));
    }
}
