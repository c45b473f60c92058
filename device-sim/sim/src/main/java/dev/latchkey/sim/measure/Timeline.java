package dev.latchkey.sim.measure;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * All that a {@link Meter} knew at one moment. Immutable.
 *
 * @param began when the run began
 * @param elapsedNanos how long it had been running
 * @param widthNanos of a slice: a second, and twice as much each time that there are too many
 * @param slices one after the other without a gap
 * @param coarse the same, merged to at most 360 or so, for plots
 * @param phases in order
 * @param sent readings handed to the device library
 * @param unconfirmed those of them for which no answer was asked
 * @param inFlight sent, and neither acknowledged nor failed
 * @param acknowledged over the whole run, as are the next three
 * @param failures how often each kind of failure happened, in order of the name
 * @param events how often each other kind of thing happened and how long it took, in order of the name
 * @param wire over the whole run; empty counts when nobody measured the wire
 * @param wireMeasured whether somebody measured the wire
 * @param cpuNanos processor time of this process during the run
 * @param peakResidentBytes most memory of this process, 0 when not known
 * @param peakHeapBytes most heap in use, as seen at the ends of slices
 */
public record Timeline(
        Instant began,
        long elapsedNanos,
        long widthNanos,
        List<Slice> slices,
        List<Slice> coarse,
        List<Phase> phases,
        long sent,
        long unconfirmed,
        long inFlight,
        Latency acknowledged,
        Latency opened,
        Map<String, Long> failures,
        Map<String, Latency> events,
        WireCounts wire,
        boolean wireMeasured,
        long cpuNanos,
        long peakResidentBytes,
        long peakHeapBytes) {
    public Timeline {
        slices = List.copyOf(slices);
        coarse = List.copyOf(coarse);
        phases = List.copyOf(phases);
        failures = Collections.unmodifiableMap(new TreeMap<>(failures));
        events = Collections.unmodifiableMap(new TreeMap<>(events));
    }

    /** Failures of all kinds. */
    public long failed() {
        return failures.values().stream().mapToLong(Long::longValue).sum();
    }

    /** So many in the whole run are how many a second; 0 when no time has passed. */
    public double perSecond(long count) {
        return elapsedNanos > 0 ? count * 1e9 / elapsedNanos : 0;
    }
}
