package dev.latchkey.sim.measure;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/** A span of a run that is over, with its histograms packed, so that it can be merged with the next one. Immutable. */
final class Span {
    /** What the span ended with and took, beside what was counted in it. */
    record Ending(long inFlight, WireCounts wire, long cpuNanos, long residentBytes, long heapBytes) {}

    private final Slice slice;
    private final Map<String, byte[]> packed;

    private Span(Slice slice, Map<String, byte[]> packed) {
        this.slice = slice;
        this.packed = packed;
    }

    static Span of(
            long startNanos,
            long widthNanos,
            long sent,
            Map<String, Long> failures,
            Map<String, Histogram> durations,
            Ending ending) {
        Map<String, byte[]> packed = new HashMap<>();
        Map<String, Latency> events = new TreeMap<>();
        durations.forEach((kind, histogram) -> {
            if (histogram.getTotalCount() > 0) {
                packed.put(kind, Durations.packed(histogram));
                events.put(kind, Latency.of(histogram));
            }
        });
        Latency acknowledged = events.getOrDefault(Meter.ACKNOWLEDGED, Latency.NONE);
        Latency opened = events.getOrDefault(Meter.OPENED, Latency.NONE);
        events.keySet().removeAll(Set.of(Meter.ACKNOWLEDGED, Meter.OPENED));
        Slice slice = new Slice(
                startNanos,
                widthNanos,
                sent,
                acknowledged,
                opened,
                failures,
                events,
                ending.inFlight(),
                ending.wire(),
                ending.cpuNanos(),
                ending.residentBytes(),
                ending.heapBytes());
        return new Span(slice, packed);
    }

    Slice slice() {
        return slice;
    }

    /** Adds what took how long in this span. */
    void addTo(Map<String, Histogram> durations) {
        packed.forEach((kind, octets) ->
                durations.computeIfAbsent(kind, any -> Durations.empty()).add(Durations.unpacked(octets)));
    }

    /** This and the one right after it, as one. */
    Span with(Span next) {
        Slice later = next.slice;
        Map<String, Long> failures = new HashMap<>(slice.failures());
        later.failures().forEach((kind, count) -> failures.merge(kind, count, Long::sum));
        Map<String, Histogram> durations = new HashMap<>();
        addTo(durations);
        next.addTo(durations);
        return of(
                slice.startNanos(),
                slice.widthNanos() + later.widthNanos(),
                slice.sent() + later.sent(),
                failures,
                durations,
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
