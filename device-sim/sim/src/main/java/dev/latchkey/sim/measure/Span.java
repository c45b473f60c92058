package dev.latchkey.sim.measure;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/** A span of a run that is over, with its histograms packed, so that it can be merged with the next one. Immutable. */
final class Span {
    /** What the span ended with and took, beside what was counted in it. */
    record Ending(long inFlight, WireCounts wire, long cpuNanos, long residentBytes, long heapBytes) {}

    private final Slice slice;
    private final Map<String, PackedDurations> durations;

    private Span(
            long startNanos,
            long widthNanos,
            long sent,
            Map<String, Long> failures,
            Map<String, PackedDurations> durations,
            Ending ending) {
        this.durations = durations;
        Map<String, Latency> events = new TreeMap<>();
        durations.forEach((kind, packed) -> events.put(kind, packed.latency()));
        Latency acknowledged = events.remove(Meter.ACKNOWLEDGED);
        Latency opened = events.remove(Meter.OPENED);
        this.slice = new Slice(
                startNanos,
                widthNanos,
                sent,
                acknowledged == null ? Latency.NONE : acknowledged,
                opened == null ? Latency.NONE : opened,
                failures,
                events,
                ending.inFlight(),
                ending.wire(),
                ending.cpuNanos(),
                ending.residentBytes(),
                ending.heapBytes());
    }

    /** Keeps nothing of what it is given. */
    static Span of(
            long startNanos,
            long widthNanos,
            long sent,
            Map<String, Long> failures,
            Map<String, Histogram> durations,
            Ending ending) {
        Map<String, PackedDurations> packed = new HashMap<>();
        durations.forEach((kind, histogram) -> {
            if (histogram.getTotalCount() > 0) {
                packed.put(kind, PackedDurations.of(histogram));
            }
        });
        return new Span(startNanos, widthNanos, sent, failures, packed, ending);
    }

    Slice slice() {
        return slice;
    }

    /** Adds what took how long in this span. */
    void addTo(Map<String, Histogram> sums) {
        durations.forEach((kind, packed) -> packed.addTo(sums.computeIfAbsent(kind, any -> PackedDurations.empty())));
    }

    /** This and the one right after it, as one. */
    Span with(Span next) {
        Slice later = next.slice;
        Map<String, Long> failures = new HashMap<>(slice.failures());
        later.failures().forEach((kind, count) -> failures.merge(kind, count, Long::sum));
        Map<String, PackedDurations> both = new HashMap<>(durations);
        next.durations.forEach((kind, packed) -> both.merge(kind, packed, PackedDurations::with));
        return new Span(
                slice.startNanos(),
                slice.widthNanos() + later.widthNanos(),
                slice.sent() + later.sent(),
                failures,
                both,
                new Ending(
                        Math.max(slice.inFlight(), later.inFlight()),
                        slice.wire().plus(later.wire()),
                        slice.cpuNanos() + later.cpuNanos(),
                        Math.max(slice.residentBytes(), later.residentBytes()),
                        Math.max(slice.heapBytes(), later.heapBytes())));
    }

    /** Makes of each two in a row one; there must be an even number of them. */
    static void mergePairs(List<Span> spans) {
        int half = spans.size() / 2;
        for (int i = 0; i < half; i++) {
            spans.set(i, spans.get(2 * i).with(spans.get(2 * i + 1)));
        }
        spans.subList(half, spans.size()).clear();
    }
}
