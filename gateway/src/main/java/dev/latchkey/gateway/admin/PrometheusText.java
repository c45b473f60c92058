package dev.latchkey.gateway.admin;

import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The figures of a gateway in Prometheus' text format 0.0.4: a chain stands as the label {@code chain}, what ends with
 * {@code _total} is a counter, all else a gauge. Stateless.
 */
final class PrometheusText {
    /** Its media type. */
    static final String CONTENT_TYPE = PrometheusTextFormatWriter.CONTENT_TYPE;

    private static final String TOTAL = "_total";
    private static final String CHAIN = "chain";

    private PrometheusText() {}

    private record Point(Labels labels, double value) {}

    /** @param figures values by name, those of a chain behind its name and a slash */
    static String of(Map<String, BigDecimal> figures) {
        Map<String, List<Point>> byName = new TreeMap<>();
        figures.forEach((whole, value) -> {
            int slash = whole.indexOf(GatewayFigures.OF_CHAIN);
            Labels labels = slash < 0 ? Labels.EMPTY : Labels.of(CHAIN, whole.substring(0, slash));
            byName.computeIfAbsent(whole.substring(slash + 1), name -> new ArrayList<>())
                    .add(new Point(labels, value.doubleValue()));
        });
        List<MetricSnapshot> snapshots = new ArrayList<>();
        byName.forEach(
                (name, points) -> snapshots.add(name.endsWith(TOTAL) ? counter(name, points) : gauge(name, points)));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            PrometheusTextFormatWriter.create()
                    .write(out, new MetricSnapshots(snapshots), EscapingScheme.UNDERSCORE_ESCAPING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    private static MetricSnapshot counter(String name, List<Point> points) {
        CounterSnapshot.Builder counter = CounterSnapshot.builder()
                .name(name.substring(0, name.length() - TOTAL.length()))
                .help(GatewayFigures.help(name));
        points.forEach(point -> counter.dataPoint(CounterDataPointSnapshot.builder()
                .labels(point.labels())
                .value(point.value())
                .build()));
        return counter.build();
    }

    private static MetricSnapshot gauge(String name, List<Point> points) {
        GaugeSnapshot.Builder gauge = GaugeSnapshot.builder().name(name).help(GatewayFigures.help(name));
        points.forEach(point -> gauge.dataPoint(GaugeDataPointSnapshot.builder()
                .labels(point.labels())
                .value(point.value())
                .build()));
        return gauge.build();
    }
}
