package dev.latchkey.sim.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class LatenciesTest {
    @Test
    void percentilesAreByNearestRank() {
        Latencies latencies = new Latencies();
        for (int millis = 2_000; millis >= 1; millis--) {
            latencies.add(Duration.ofMillis(millis).toNanos());
        }
        assertThat(latencies.count()).isEqualTo(2_000);
        assertThat(latencies.percentile(0.5)).isEqualTo(Duration.ofMillis(1_000));
        assertThat(latencies.percentile(0.99)).isEqualTo(Duration.ofMillis(1_980));
        assertThat(latencies.percentile(1)).isEqualTo(Duration.ofMillis(2_000));
        assertThat(latencies.percentile(0)).isEqualTo(Duration.ofMillis(1));
    }

    @Test
    void nothingMeasuredHasNoPercentile() {
        assertThatIllegalStateException().isThrownBy(() -> new Latencies().percentile(0.5));
    }
}
