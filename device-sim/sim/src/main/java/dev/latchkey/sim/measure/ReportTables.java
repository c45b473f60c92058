package dev.latchkey.sim.measure;

import dev.latchkey.console.Units;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The tables of a run, for screen and page alike. Pure functions. */
final class ReportTables {
    /** Cells are text; a title says what the table is, and numeric columns are those after the first. */
    record Rows(String title, List<String> header, List<List<String>> rows) {}

    private ReportTables() {}

    /** All that are not empty. */
    static List<Rows> of(Run run) {
        return List.of(
                        counts(run.timeline()),
                        failures(run.timeline()),
                        phases(run.timeline()),
                        pairs("Measured beside", measured(run.timeline())),
                        pairs("Found", run.findings()),
                        pairs("Settings", run.settings()))
                .stream()
                .filter(table -> !table.rows().isEmpty())
                .toList();
    }

    /** What happened how often, how fast, and how long it took. */
    static Rows counts(Timeline timeline) {
        KeyFigures figures = KeyFigures.of(timeline);
        List<List<String>> rows = new ArrayList<>();
        timeline.events()
                .forEach((kind, latency) -> rows.add(row(
                        kind,
                        latency,
                        KeyFigures.rate(
                                timeline.slices(),
                                slice -> slice.events()
                                        .getOrDefault(kind, Latency.NONE)
                                        .count()))));
        if (timeline.sent() > 0) {
            rows.add(
                    List.of("sent", Units.count(timeline.sent()), Units.rate(figures.sentPerSecond()), "", "", "", ""));
        }
        if (timeline.unconfirmed() > 0) {
            rows.add(List.of("without an answer asked for", Units.count(timeline.unconfirmed()), "", "", "", "", ""));
        }
        if (timeline.sent() > timeline.unconfirmed() || timeline.acknowledged().count() > 0) {
            rows.add(row("send to acknowledged", timeline.acknowledged(), figures.acknowledgedPerSecond()));
        }
        if (timeline.sent() > 0 || timeline.opened().count() > 0) {
            rows.add(row("send to opened", timeline.opened(), figures.openedPerSecond()));
        }
        if (timeline.inFlight() > 0) {
            rows.add(List.of("in flight at the end", Units.count(timeline.inFlight()), "", "", "", "", ""));
        }
        return new Rows("Counts and latencies", List.of("what", "count", "rate", "p50", "p90", "p99", "max"), rows);
    }

    static Rows failures(Timeline timeline) {
        List<List<String>> rows = new ArrayList<>();
        timeline.failures().entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                .forEach(kind -> rows.add(List.of(kind.getKey(), Units.count(kind.getValue()))));
        return new Rows("Errors", List.of("kind", "count"), rows);
    }

    static Rows phases(Timeline timeline) {
        List<List<String>> rows = new ArrayList<>();
        for (Phase phase : timeline.phases()) {
            String target = phase.target() > 0 ? " of " + Units.count(phase.target()) : "";
            String reached = phase.goal().isEmpty() ? "" : Units.count(phase.reached()) + target + " " + phase.goal();
            rows.add(List.of(
                    phase.name(), time(phase.startNanos()), time(phase.endNanos() - phase.startNanos()), reached));
        }
        return new Rows("Phases", List.of("phase", "begins at", "takes", "reached"), rows);
    }

    /** The wire and this process, by name. */
    static Map<String, String> measured(Timeline timeline) {
        KeyFigures figures = KeyFigures.of(timeline);
        Map<String, String> rows = new LinkedHashMap<>();
        WireCounts wire = timeline.wire();
        if (timeline.wireMeasured()) {
            rows.put("wire up", passed(wire.upBytes(), wire.upDatagrams()));
            rows.put("wire down", passed(wire.downBytes(), wire.downDatagrams()));
            if (timeline.sent() > 0) {
                rows.put("wire per reading, up", Units.bytes(figures.upBytesPerReading()));
                rows.put("wire per reading, down", Units.bytes(figures.downBytesPerReading()));
            }
        }
        rows.put("duration", time(timeline.elapsedNanos()));
        rows.put("CPU time", time(timeline.cpuNanos()));
        if (timeline.sent() > 0) {
            rows.put("CPU time per reading", time((long) figures.cpuNanosPerReading()));
        }
        if (timeline.peakResidentBytes() > 0) {
            rows.put("peak memory", Units.bytes(timeline.peakResidentBytes()));
        }
        rows.put("peak heap", Units.bytes(timeline.peakHeapBytes()));
        return rows;
    }

    private static String passed(long bytes, long datagrams) {
        return Units.bytes(bytes) + " in " + Units.count(datagrams) + " datagrams";
    }

    private static Rows pairs(String title, Map<String, String> pairs) {
        List<List<String>> rows = new ArrayList<>();
        pairs.forEach((name, value) -> rows.add(List.of(name, value)));
        return new Rows(title, List.of(), rows);
    }

    private static List<String> row(String name, Latency latency, double rate) {
        if (latency.count() == 0) {
            return List.of(name, "0", "", "", "", "", "");
        }
        return List.of(
                name,
                Units.count(latency.count()),
                Units.rate(rate),
                time(latency.p50Nanos()),
                time(latency.p90Nanos()),
                time(latency.p99Nanos()),
                time(latency.maxNanos()));
    }

    static String time(long nanos) {
        return nanos == 0 ? "0 s" : Units.text(Duration.ofNanos(nanos));
    }
}
