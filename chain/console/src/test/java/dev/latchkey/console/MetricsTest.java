package dev.latchkey.console;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class MetricsTest {
    @Test
    void writesWhatWasCounted() {
        Metrics metrics = new Metrics();
        var refused = metrics.counter("latchkey_refused", "Refused requests.", "reason");
        metrics.gauge("latchkey_outbox_bytes", "Bytes waiting.", () -> 42);
        var took = metrics.seconds("latchkey_commit_seconds", "Commit time.");

        refused.labelValues("name-taken").inc();
        took.observe(0.003);

        assertThat(metrics.text())
                .contains("latchkey_refused_total{reason=\"name-taken\"} 1.0\n")
                .contains("latchkey_outbox_bytes 42.0\n")
                .contains("latchkey_commit_seconds_bucket{le=\"0.0025\"} 0\n")
                .contains("latchkey_commit_seconds_bucket{le=\"0.005\"} 1\n")
                .contains("latchkey_commit_seconds_count 1\n")
                .contains("process_start_time_seconds ")
                .contains("process_cpu_seconds_total ");
        assertThat(Metrics.CONTENT_TYPE).startsWith("text/plain; version=0.0.4");
    }

    @Test
    void registriesAreApart() {
        new Metrics().counter("latchkey_x", "X.");
        new Metrics().counter("latchkey_x", "X.");
    }
}
