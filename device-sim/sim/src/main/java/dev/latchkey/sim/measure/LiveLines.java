package dev.latchkey.sim.measure;

import dev.latchkey.console.ProgressBar;
import dev.latchkey.console.Screen.Line;
import dev.latchkey.console.Screen.Tone;
import dev.latchkey.console.Units;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/** The words of the live view. Pure functions of what a meter knows. */
final class LiveLines {
    /** Of events, those that there are most of; the rest is in the report. */
    private static final int MAX_EVENTS = 3;

    private static final int MAX_ERRORS = 4;
    /** A century; the number would not fit otherwise. */
    private static final double MAX_ESTIMATE_NANOS = 3e18;

    private static final String ROW = "  %-14s%12s%10s%10s%10s%10s";

    private LiveLines() {}

    /** A few lines that fit 80 columns; rates and latencies are those of the last seconds. */
    static List<Line> block(Timeline timeline, Recent recent) {
        List<Line> lines = new ArrayList<>();
        phase(timeline).ifPresent(phase -> lines.add(new Line("  " + headline(phase), Tone.STRONG)));
        lines.add(new Line(row("", "total", "rate", "p50", "p90", "p99"), Tone.FAINT));
        mostFrequent(timeline.events(), Latency::count, MAX_EVENTS)
                .forEach(event -> lines.add(
                        new Line(row(event.getKey(), event.getValue().count(), "", event.getValue()), Tone.PLAIN)));
        if (timeline.sent() > 0 || timeline.events().isEmpty()) {
            lines.add(new Line(
                    row("sent", Units.count(timeline.sent()), Units.rate(recent.sent()), "", "", ""), Tone.PLAIN));
            lines.add(new Line(
                    row(
                            "acknowledged",
                            timeline.acknowledged().count(),
                            Units.rate(recent.acknowledged()),
                            recent.acknowledging()),
                    Tone.PLAIN));
            lines.add(new Line(
                    row("opened", timeline.opened().count(), Units.rate(recent.opened()), recent.opening()),
                    Tone.PLAIN));
        }
        lines.add(new Line("  " + machine(timeline, recent), Tone.PLAIN));
        if (timeline.failed() > 0) {
            lines.add(new Line("  " + errors(timeline), Tone.BAD));
        }
        return lines;
    }

    /** All in one line, for a log. */
    static String line(Timeline timeline, Recent recent) {
        StringBuilder line = new StringBuilder("  ");
        phase(timeline).ifPresent(phase -> {
            line.append(ascii(phase.name())).append("  ");
            if (phase.target() > 0) {
                line.append(percent(phase)).append("  ").append(reached(phase)).append("  ");
            }
        });
        if (timeline.sent() > 0) {
            line.append("sent ")
                    .append(Units.rate(recent.sent()))
                    .append("  acknowledged ")
                    .append(Units.rate(recent.acknowledged()))
                    .append("  opened ")
                    .append(Units.rate(recent.opened()))
                    .append("  in flight ")
                    .append(Units.count(timeline.inFlight()));
            if (recent.opening().count() > 0) {
                line.append("  send to opened p50 ")
                        .append(ReportTables.time(recent.opening().p50Nanos()))
                        .append(", p99 ")
                        .append(ReportTables.time(recent.opening().p99Nanos()));
            }
        }
        if (timeline.failed() > 0) {
            line.append("  ").append(errors(timeline));
        }
        return line.toString().stripTrailing();
    }

    private static Optional<Phase> phase(Timeline timeline) {
        List<Phase> phases = timeline.phases();
        return phases.isEmpty() ? Optional.empty() : Optional.of(phases.get(phases.size() - 1));
    }

    private static String headline(Phase phase) {
        long nanos = phase.endNanos() - phase.startNanos();
        String took = ReportTables.time(wholeSeconds(nanos));
        if (phase.target() == 0) {
            return ascii(phase.name()) + "  " + took;
        }
        long left = phase.target() - phase.reached();
        String estimate = phase.reached() == 0 || left <= 0
                ? ""
                : "  "
                        + ReportTables.time(wholeSeconds(
                                (long) Math.min(MAX_ESTIMATE_NANOS, (double) nanos / phase.reached() * left)))
                        + " left";
        double part = (double) phase.reached() / phase.target();
        return ascii(phase.name()) + "  " + ProgressBar.drawn(part) + "  " + percent(phase) + "  " + reached(phase)
                + "  " + took + estimate;
    }

    private static String machine(Timeline timeline, Recent recent) {
        List<Slice> slices = timeline.slices();
        long memory = slices.isEmpty() ? 0 : memory(slices.get(slices.size() - 1));
        String wire = timeline.wireMeasured()
                ? "up " + Units.bytes(recent.upBytes()) + "/s  down " + Units.bytes(recent.downBytes()) + "/s  "
                : "";
        return Units.count(timeline.inFlight()) + " in flight  " + wire
                + String.format(Locale.ROOT, "%.2f CPUs  ", recent.cpus()) + Units.bytes(memory);
    }

    private static long memory(Slice slice) {
        return slice.residentBytes() > 0 ? slice.residentBytes() : slice.heapBytes();
    }

    private static String errors(Timeline timeline) {
        String kinds = mostFrequent(timeline.failures(), Long::longValue, MAX_ERRORS).stream()
                .map(kind -> ascii(kind.getKey()) + " " + Units.count(kind.getValue()))
                .collect(Collectors.joining(", "));
        String more = timeline.failures().size() > MAX_ERRORS ? ", ..." : "";
        return Units.count(timeline.failed()) + (timeline.failed() == 1 ? " error: " : " errors: ") + kinds + more;
    }

    private static <T> List<Map.Entry<String, T>> mostFrequent(
            Map<String, T> kinds, ToLongFunction<T> count, int most) {
        return kinds.entrySet().stream()
                .sorted(Comparator.comparingLong((Map.Entry<String, T> kind) -> -count.applyAsLong(kind.getValue())))
                .limit(most)
                .toList();
    }

    private static String row(String name, long total, String rate, Latency latency) {
        return latency.count() == 0
                ? row(name, Units.count(total), rate, "-", "-", "-")
                : row(
                        name,
                        Units.count(total),
                        rate,
                        ReportTables.time(latency.p50Nanos()),
                        ReportTables.time(latency.p90Nanos()),
                        ReportTables.time(latency.p99Nanos()));
    }

    private static String row(String name, String... cells) {
        String label = ascii(name);
        Object[] values = {
            label.substring(0, Math.min(label.length(), 14)), cells[0], cells[1], cells[2], cells[3], cells[4]
        };
        return String.format(Locale.ROOT, ROW, values).stripTrailing();
    }

    private static String reached(Phase phase) {
        return Units.count(phase.reached()) + "/" + Units.count(phase.target()) + " " + ascii(phase.goal());
    }

    private static String percent(Phase phase) {
        return Math.min(100, phase.reached() * 100 / phase.target()) + "%";
    }

    private static long wholeSeconds(long nanos) {
        return (nanos + 500_000_000L) / 1_000_000_000L * 1_000_000_000L;
    }

    /** What takes one column each on any terminal. */
    static String ascii(String text) {
        return text.replaceAll("[^ -~]", "?");
    }
}
