package dev.latchkey.sim.measure;

import java.nio.ByteBuffer;
import org.HdrHistogram.Histogram;

/**
 * How long something took, each time that it was done in one span: a histogram of 27 kB in a few hundred bytes.
 * Immutable.
 */
final class PackedDurations {
    private static final long SHORTEST_NANOS = 1_000;
    /** What takes longer counts as this long. */
    static final long LONGEST_NANOS = 3_600_000_000_000L;

    private static final int DIGITS = 2;

    private final byte[] octets;
    private final Latency latency;

    private PackedDurations(byte[] octets, Latency latency) {
        this.octets = octets;
        this.latency = latency;
    }

    /** A histogram as all of them are. */
    static Histogram empty() {
        return new Histogram(SHORTEST_NANOS, LONGEST_NANOS, DIGITS);
    }

    /** What can be recorded for a duration. */
    static long bounded(long nanos) {
        return Math.max(0, Math.min(nanos, LONGEST_NANOS));
    }

    static PackedDurations of(Histogram histogram) {
        ByteBuffer buffer = ByteBuffer.allocate(histogram.getNeededByteBufferCapacity());
        byte[] octets = new byte[histogram.encodeIntoByteBuffer(buffer)];
        buffer.flip().get(octets);
        return new PackedDurations(octets, Latency.of(histogram));
    }

    Latency latency() {
        return latency;
    }

    void addTo(Histogram sum) {
        sum.add(Histogram.decodeFromByteBuffer(ByteBuffer.wrap(octets), LONGEST_NANOS));
    }

    PackedDurations with(PackedDurations other) {
        Histogram sum = empty();
        addTo(sum);
        other.addTo(sum);
        return of(sum);
    }
}
