package dev.latchkey.sim.measure;

import dev.latchkey.console.Units;
import dev.latchkey.sim.plot.Axis;
import dev.latchkey.sim.plot.Band;
import dev.latchkey.sim.plot.BarPlot;
import dev.latchkey.sim.plot.LinePlot;
import dev.latchkey.sim.plot.Markup;
import dev.latchkey.sim.plot.Series;
import dev.latchkey.sim.plot.Spans;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.DoubleFunction;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongBiFunction;
import java.util.stream.Stream;

/** The plots of a run. Pure functions of its timeline. */
final class ReportPlots {
    /** A drawing and what stands around it. @param bars whether colours fill bars rather than lines */
    record Plot(String title, String unit, boolean wide, boolean bars, List<Series> legend, Markup drawing) {}

    private static final double FULL = 1086;
    private static final double HALF = 528;
    private static final int BLUE = 0;
    private static final int RED = 1;
    private static final int GREEN = 2;
    private static final int YELLOW = 4;
    private static final int PURPLE = 3;
    private static final int GREY = 5;
    /** Of the most frequent kinds; the rest is grey. */
    private static final int[] KIND_COLOURS = {RED, BLUE, YELLOW, GREEN, PURPLE};
    /** Shorter than anything that goes over a network takes, so that a logarithm can be had. */
    private static final double SHORTEST_SECONDS = 1e-6;

    private final Timeline timeline;
    private final List<Slice> slices;
    private final Spans spans;

    private ReportPlots(Timeline timeline) {
        this.timeline = timeline;
        this.slices = timeline.coarse();
        List<Double> edges = new ArrayList<>(List.of(0.0));
        slices.forEach(slice -> edges.add(slice.endNanos() / 1e9));
        List<Band> bands = timeline.phases().stream()
                .map(phase -> new Band(phase.name(), phase.startNanos() / 1e9, phase.endNanos() / 1e9))
                .toList();
        this.spans = new Spans(edges, bands);
    }

    static List<Plot> of(Timeline timeline) {
        ReportPlots plots = new ReportPlots(timeline);
        Stream<Plot> events = timeline.events().isEmpty() ? Stream.of() : Stream.of(plots.events());
        Stream<Plot> others = Stream.of(
                plots.latency("Send to acknowledged", Slice::acknowledged, "nothing was acknowledged"),
                plots.latency("Send to opened", Slice::opened, "nothing was opened"),
                plots.inFlight(),
                plots.errors(),
                plots.wire(),
                plots.memory());
        return Stream.of(Stream.of(plots.throughput()), events, others)
                .flatMap(each -> each)
                .toList();
    }

    private Plot throughput() {
        List<Series> series = List.of(
                series("sent", BLUE, slice -> slice.perSecond(slice.sent())),
                series(
                        "acknowledged",
                        RED,
                        slice -> slice.perSecond(slice.acknowledged().count())),
                series("opened", GREEN, slice -> slice.perSecond(slice.opened().count())));
        boolean any = timeline.sent() + timeline.opened().count() > 0;
        Axis axis = Axis.linear(any ? highest(series) : 0, ReportPlots::plain);
        return lines(
                "Throughput",
                "readings a second",
                true,
                axis,
                any ? series : List.of(),
                false,
                Units::rate,
                "nothing was sent");
    }

    private Plot latency(String title, Function<Slice, Latency> latency, String empty) {
        List<Series> series = List.of(
                series("p99", RED, slice -> seconds(latency.apply(slice), Latency::p99Nanos)),
                series("p90", YELLOW, slice -> seconds(latency.apply(slice), Latency::p90Nanos)),
                series("p50", BLUE, slice -> seconds(latency.apply(slice), Latency::p50Nanos)));
        double highest = highest(series);
        double lowest = series.stream()
                .flatMap(each -> each.values().stream())
                .filter(Double::isFinite)
                .min(Double::compare)
                .orElse(0.001);
        Axis axis = Axis.decades(lowest, Math.max(highest, lowest), ReportPlots::round);
        return lines(title, "percentiles, log scale", false, axis, series, false, ReportPlots::exact, empty);
    }

    private Plot inFlight() {
        List<Series> series = List.of(series("in flight", BLUE, Slice::inFlight));
        Axis axis = Axis.counting(highest(series), ReportPlots::plain);
        boolean any = timeline.sent() > 0;
        return lines(
                "In flight",
                "sent, not yet acknowledged",
                false,
                axis,
                any ? series : List.of(),
                true,
                ReportPlots::plain,
                "nothing was sent");
    }

    private Plot errors() {
        return bars(
                "Errors",
                false,
                timeline.failures(),
                (slice, kind) -> slice.failures().getOrDefault(kind, 0L),
                "no errors");
    }

    private Plot events() {
        Map<String, Long> counts = new TreeMap<>();
        timeline.events().forEach((kind, latency) -> counts.put(kind, latency.count()));
        return bars(
                "Events",
                true,
                counts,
                (slice, kind) -> slice.events().getOrDefault(kind, Latency.NONE).count(),
                "no events");
    }

    private Plot bars(
            String title, boolean wide, Map<String, Long> counts, ToLongBiFunction<Slice, String> count, String empty) {
        List<String> kinds = counts.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                .map(Map.Entry::getKey)
                .toList();
        List<Series> series = new ArrayList<>();
        for (int i = 0; i < Math.min(KIND_COLOURS.length, kinds.size()); i++) {
            String kind = kinds.get(i);
            series.add(series(kind, KIND_COLOURS[i], slice -> slice.perSecond(count.applyAsLong(slice, kind))));
        }
        if (kinds.size() > KIND_COLOURS.length) {
            List<String> rest = kinds.subList(KIND_COLOURS.length, kinds.size());
            series.add(series(
                    rest.size() + " more kinds",
                    GREY,
                    slice -> slice.perSecond(rest.stream()
                            .mapToLong(kind -> count.applyAsLong(slice, kind))
                            .sum())));
        }
        Axis axis = Axis.linear(BarPlot.highest(series, spans.count()), ReportPlots::plain);
        Markup drawing = BarPlot.draw(
                title + " over time, by kind", wide ? FULL : HALF, spans, axis, series, Units::rate, empty);
        return new Plot(title, "a second, by kind", wide, true, List.copyOf(series), drawing);
    }

    private Plot wire() {
        List<Series> series = List.of(
                series("up", BLUE, slice -> slice.perSecond(slice.wire().upBytes())),
                series("down", RED, slice -> slice.perSecond(slice.wire().downBytes())));
        Axis axis = Axis.linear(highest(series), Units::bytes);
        List<Series> shown = timeline.wireMeasured() ? series : List.of();
        return lines(
                "On the wire",
                "UDP payload a second",
                false,
                axis,
                shown,
                true,
                value -> Units.bytes(value) + "/s",
                "the wire was not measured");
    }

    private Plot memory() {
        List<Series> series = new ArrayList<>();
        if (timeline.peakResidentBytes() > 0) {
            series.add(series("process", BLUE, Slice::residentBytes));
        }
        series.add(series("heap", RED, Slice::heapBytes));
        Axis axis = Axis.linear(highest(series), Units::bytes);
        return lines(
                "Memory of the simulator",
                "all devices are in it",
                false,
                axis,
                series,
                true,
                Units::bytes,
                "nothing was measured");
    }

    private Plot lines(
            String title,
            String unit,
            boolean wide,
            Axis axis,
            List<Series> series,
            boolean filled,
            DoubleFunction<String> label,
            String empty) {
        Markup drawing = LinePlot.draw(
                title + " over time, " + unit, wide ? FULL : HALF, spans, axis, series, filled, label, empty);
        boolean any = series.stream().anyMatch(each -> each.values().stream().anyMatch(Double::isFinite));
        return new Plot(title, unit, wide, false, any ? series : List.of(), drawing);
    }

    private Series series(String name, int colour, ToDoubleFunction<Slice> value) {
        return new Series(
                name, colour, slices.stream().map(value::applyAsDouble).toList());
    }

    private static double seconds(Latency latency, ToDoubleFunction<Latency> nanos) {
        return latency.count() == 0 ? Double.NaN : Math.max(SHORTEST_SECONDS, nanos.applyAsDouble(latency) / 1e9);
    }

    private static double highest(List<Series> series) {
        return series.stream()
                .flatMap(each -> each.values().stream())
                .filter(Double::isFinite)
                .max(Double::compare)
                .orElse(0.0);
    }

    private static String plain(double value) {
        return value == Math.rint(value) ? Units.count((long) value) : Double.toString(Math.rint(value * 1e6) / 1e6);
    }

    private static String exact(double seconds) {
        return Units.text(Duration.ofNanos((long) (seconds * 1e9)));
    }

    /** One, two or five of something. */
    private static String round(double seconds) {
        if (seconds >= 0.9999) {
            return Math.round(seconds) + " s";
        }
        return seconds >= 0.9999e-3 ? Math.round(seconds * 1e3) + " ms" : Math.round(seconds * 1e6) + " \u00b5s";
    }
}
