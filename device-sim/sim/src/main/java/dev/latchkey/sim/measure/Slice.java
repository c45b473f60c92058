package dev.latchkey.sim.measure;

import java.util.Map;

/**
 * What happened in one span of a run. Things are counted when they end: a reading sent in one second and acknowledged in
 * the next counts in both. Immutable.
 *
 * @param startNanos since the run began
 * @param widthNanos how long the span is; the last one of a run may be shorter or longer than the others
 * @param acknowledged from the send to the gateway's answer
 * @param opened from the send to the recipient's opening
 * @param failures how often each kind of failure happened
 * @param events how often each other kind of thing happened, and how long it took
 * @param inFlight sent, and neither acknowledged nor failed, when the span ended; of spans that were merged the highest,
 *     as with memory
 * @param cpuNanos processor time of this process
 * @param residentBytes memory of this process when the span ended, 0 when not known
 * @param heapBytes Java heap in use when the span ended
 */
public record Slice(
        long startNanos,
        long widthNanos,
        long sent,
        Latency acknowledged,
        Latency opened,
        Map<String, Long> failures,
        Map<String, Latency> events,
        long inFlight,
        WireCounts wire,
        long cpuNanos,
        long residentBytes,
        long heapBytes) {
    public Slice {
        failures = Map.copyOf(failures);
        events = Map.copyOf(events);
    }

    /** As a rate: so many in this span are how many a second. */
    public double perSecond(long count) {
        return count * 1e9 / widthNanos;
    }

    public long failed() {
        return failures.values().stream().mapToLong(Long::longValue).sum();
    }

    long endNanos() {
        return startNanos + widthNanos;
    }
}
