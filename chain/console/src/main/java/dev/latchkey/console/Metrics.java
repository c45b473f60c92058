package dev.latchkey.console;

import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Unit;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;

/**
 * The figures one process keeps about itself, and their text for Prometheus. Each process has one, handed to whatever
 * counts: there is no global registry. Safe for use by several threads.
 *
 * <p>Names begin with {@code latchkey_} and end with their unit; counters get {@code _total} in the text.
 */
public final class Metrics {
    /** The media type of {@link #text}. */
    public static final String CONTENT_TYPE = PrometheusTextFormatWriter.CONTENT_TYPE;

    /** From 50 microseconds, a local hit, to 10 seconds, a link that is nearly down. */
    private static final double[] SECONDS = {
        0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10
    };

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final PrometheusTextFormatWriter writer = PrometheusTextFormatWriter.create();

    /** Begins with what every process has: start time, heap, threads, processor seconds. */
    public Metrics() {
        var runtime = ManagementFactory.getRuntimeMXBean();
        var memory = ManagementFactory.getMemoryMXBean();
        var threads = ManagementFactory.getThreadMXBean();
        gauge("process_start_time_seconds", "Start of the process, Unix time.", () -> runtime.getStartTime() / 1e3);
        gauge(
                "jvm_heap_used_bytes",
                "Heap in use.",
                () -> memory.getHeapMemoryUsage().getUsed());
        gauge("jvm_threads", "Live threads.", threads::getThreadCount);
        if (ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean os) {
            counter("process_cpu_seconds", "Processor time used.", () -> os.getProcessCpuTime() / 1e9);
        }
    }

    /** A count that only grows, with values for these labels. */
    public Counter counter(String name, String help, String... labels) {
        return Counter.builder().name(name).help(help).labelNames(labels).register(registry);
    }

    /** A count that something else keeps already. */
    public void counter(String name, String help, DoubleSupplier value) {
        CounterWithCallback.builder()
                .name(name)
                .help(help)
                .callback(each -> each.call(value.getAsDouble()))
                .register(registry);
    }

    /** A level that goes up and down. */
    public Gauge gauge(String name, String help, String... labels) {
        return Gauge.builder().name(name).help(help).labelNames(labels).register(registry);
    }

    /** A level that is looked up when somebody asks. */
    public void gauge(String name, String help, DoubleSupplier value) {
        GaugeWithCallback.builder()
                .name(name)
                .help(help)
                .callback(each -> each.call(value.getAsDouble()))
                .register(registry);
    }

    /**
     * Levels that are looked up when somebody asks, one for each set of values of the labels.
     *
     * @param values by the labels' values, in the order of the labels
     */
    public void levels(String name, String help, List<String> labels, Supplier<Map<List<String>, Double>> values) {
        GaugeWithCallback.builder()
                .name(name)
                .help(help)
                .labelNames(labels.toArray(String[]::new))
                .callback(each -> values.get().forEach((of, value) -> each.call(value, of.toArray(String[]::new))))
                .register(registry);
    }

    /** How long something takes; the name must end in {@code _seconds}. */
    public Histogram seconds(String name, String help, String... labels) {
        return Histogram.builder()
                .name(name)
                .unit(Unit.SECONDS)
                .help(help)
                .labelNames(labels)
                .classicOnly()
                .classicUpperBounds(SECONDS)
                .register(registry);
    }

    /** Everything in Prometheus' text format 0.0.4. */
    public String text() {
        ByteArrayOutputStream out = new ByteArrayOutputStream(4096);
        try {
            writer.write(out, registry.scrape(), EscapingScheme.UNDERSCORE_ESCAPING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toString(StandardCharsets.UTF_8);
    }
}
