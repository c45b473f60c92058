package dev.latchkey.sim.measure;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.console.Json;
import dev.latchkey.host.AtomicFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A run for programs: one JSON object, described in the module's README. Names end in their unit: seconds ({@code _s}),
 * bytes, per second. A later version may add members; {@link #VERSION} grows when one changes its meaning or goes.
 */
public final class JsonReport {
    public static final int VERSION = 1;

    private JsonReport() {}

    /**
     * Writes the whole file or nothing, over one that is there.
     *
     * @throws IOException when the file cannot be written; an older one is as it was
     */
    public static void write(Path file, Run run) throws IOException {
        byte[] octets = (text(run) + "\n").getBytes(StandardCharsets.UTF_8);
        AtomicFile.write(file, Bytes.of(octets), AtomicFile.Mode.SHARED);
    }

    static String text(Run run) {
        return Json.text(json(run));
    }

    private static Map<String, Object> json(Run run) {
        Timeline timeline = run.timeline();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("report", "latchkey-sim");
        json.put("version", VERSION);
        json.put("scenario", run.scenario());
        json.put("seed", run.seed().isPresent() ? run.seed().getAsLong() : null);
        json.put("began", timeline.began());
        json.put("elapsed_s", seconds(timeline.elapsedNanos()));
        json.put(
                "outcome",
                object(
                        "passed",
                        run.outcome().passed(),
                        "reasons",
                        run.outcome().reasons()));
        json.put("settings", run.settings());
        json.put("findings", run.findings());
        json.put(
                "machine",
                object(
                        "cores", run.machine().cores(),
                        "memory_bytes", known(run.machine().memoryBytes()),
                        "java", run.machine().java(),
                        "system", run.machine().system()));
        json.put("totals", totals(timeline));
        json.put("rates", rates(timeline));
        json.put(
                "process",
                object(
                        "cpu_s", seconds(timeline.cpuNanos()),
                        "peak_resident_bytes", known(timeline.peakResidentBytes()),
                        "peak_heap_bytes", timeline.peakHeapBytes()));
        List<Object> phases = new ArrayList<>();
        timeline.phases().forEach(phase -> phases.add(json(phase)));
        json.put("phases", phases);
        json.put("slice_s", seconds(timeline.widthNanos()));
        List<Object> slices = new ArrayList<>();
        timeline.slices().forEach(slice -> slices.add(json(slice, timeline.wireMeasured())));
        json.put("slices", slices);
        return json;
    }

    private static Map<String, Object> totals(Timeline timeline) {
        return object(
                "sent", timeline.sent(),
                "unconfirmed", timeline.unconfirmed(),
                "in_flight", timeline.inFlight(),
                "acknowledged", json(timeline.acknowledged()),
                "opened", json(timeline.opened()),
                "failures", timeline.failures(),
                "events", json(timeline.events()),
                "wire", timeline.wireMeasured() ? json(timeline.wire()) : null);
    }

    private static Map<String, Object> rates(Timeline timeline) {
        KeyFigures figures = KeyFigures.of(timeline);
        boolean perReading = timeline.sent() > 0;
        boolean wire = perReading && timeline.wireMeasured();
        return object(
                "sent_per_s",
                figures.sentPerSecond(),
                "acknowledged_per_s",
                figures.acknowledgedPerSecond(),
                "opened_per_s",
                figures.openedPerSecond(),
                "up_bytes_per_reading",
                wire ? figures.upBytesPerReading() : null,
                "down_bytes_per_reading",
                wire ? figures.downBytesPerReading() : null,
                "cpu_s_per_reading",
                perReading ? figures.cpuNanosPerReading() / 1e9 : null);
    }

    private static Map<String, Object> json(Phase phase) {
        return object(
                "name", phase.name(),
                "start_s", seconds(phase.startNanos()),
                "end_s", seconds(phase.endNanos()),
                "goal", phase.goal().isEmpty() ? null : phase.goal(),
                "target", known(phase.target()),
                "reached", phase.reached());
    }

    private static Map<String, Object> json(Slice slice, boolean wireMeasured) {
        return object(
                "start_s", seconds(slice.startNanos()),
                "width_s", seconds(slice.widthNanos()),
                "sent", slice.sent(),
                "acknowledged", json(slice.acknowledged()),
                "opened", json(slice.opened()),
                "failures", new TreeMap<>(slice.failures()),
                "events", json(slice.events()),
                "in_flight", slice.inFlight(),
                "wire", wireMeasured ? json(slice.wire()) : null,
                "cpu_s", seconds(slice.cpuNanos()),
                "resident_bytes", known(slice.residentBytes()),
                "heap_bytes", slice.heapBytes());
    }

    private static Map<String, Object> json(Map<String, Latency> events) {
        Map<String, Object> json = new TreeMap<>();
        events.forEach((kind, latency) -> json.put(kind, json(latency)));
        return json;
    }

    private static Map<String, Object> json(Latency latency) {
        if (latency.count() == 0) {
            return object("count", 0);
        }
        return object(
                "count", latency.count(),
                "p50_s", seconds(latency.p50Nanos()),
                "p90_s", seconds(latency.p90Nanos()),
                "p99_s", seconds(latency.p99Nanos()),
                "max_s", seconds(latency.maxNanos()));
    }

    private static Map<String, Object> json(WireCounts wire) {
        return object(
                "up_datagrams", wire.upDatagrams(),
                "up_bytes", wire.upBytes(),
                "down_datagrams", wire.downDatagrams(),
                "down_bytes", wire.downBytes());
    }

    private static Map<String, Object> object(Object... namesAndValues) {
        Map<String, Object> object = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            object.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return object;
    }

    private static double seconds(long nanos) {
        return nanos / 1e9;
    }

    /** Null where 0 stands for what nobody knows. */
    private static Long known(long value) {
        return value > 0 ? value : null;
    }
}
