package dev.latchkey.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class UnitsTest {
    @ParameterizedTest
    @CsvSource({
        "PT0S, 0 ns",
        "PT0.000000850S, 850 ns",
        "PT0.0000123S, 12.3 us",
        "PT0.0099996S, 10.0 ms",
        "PT0.9996S, 1.00 s",
        "PT99.9S, 99.9 s",
        "PT3M20S, 3 min 20 s",
        "PT2H5M10S, 2 h 5 min",
        "P30D, 30 d",
        "PT-2S, -2 s"
    })
    void writesDurationsToThreeDigits(Duration duration, String text) {
        assertThat(Units.text(duration)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0 B",
        "45, 45 B",
        "999, 999 B",
        "1234, 1.23 kB",
        "999600, 1.00 MB",
        "92e6, 92 MB",
        "1e15, '1,000 TB'"
    })
    void writesSizesToThreeDigits(double bytes, String text) {
        assertThat(Units.bytes(bytes)).isEqualTo(text);
    }

    @Test
    void writesRatesAndCounts() {
        assertThat(Units.rate(0.5)).isEqualTo("0.50/s");
        assertThat(Units.rate(12_345.6)).isEqualTo("12,346/s");
        assertThat(Units.count(1_461)).isEqualTo("1,461");
    }

    @Test
    void readsDurationsWithTheirUnit() {
        assertThat(Units.duration("30s")).isEqualTo(Duration.ofSeconds(30));
        assertThat(Units.duration(" 90 days ")).isEqualTo(Duration.ofDays(90));
        assertThat(Units.duration("1.5 s")).isEqualTo(Duration.ofMillis(1500));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "30", "s", "3 fortnights", "99999999999999999999 d"})
    void refusesOtherDurations(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Units.duration(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "host", ":1", "host:", "host:x", "host:-1", "host:65536", "::1:5", "[::1]", "[::1]5", "[]:5"
            })
    void refusesWhatIsNoHostAndPort(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> HostPort.parse(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost:0", "192.0.2.1:5684", "[2001:db8::1]:5684"})
    void hostAndPortComeBackAsWritten(String text) {
        assertThat(HostPort.parse(text)).hasToString(text);
    }
}
