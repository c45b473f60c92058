package dev.latchkey.sim.measure;

import java.nio.ByteBuffer;
import org.HdrHistogram.Histogram;

/** Makes, packs and unpacks the histograms of one span: open ones take 27 kB, packed ones a few hundred bytes. */
final class Durations {
    private static final long SHORTEST_NANOS = 1_000;
    /** What takes longer counts as this long. */
    static final long LONGEST_NANOS = 3_600_000_000_000L;

    private static final int DIGITS = 2;

    private Durations() {}

    static Histogram empty() {
        return new Histogram(SHORTEST_NANOS, LONGEST_NANOS, DIGITS);
    }

    static long bounded(long nanos) {
        return Math.max(0, Math.min(nanos, LONGEST_NANOS));
    }

    static byte[] packed(Histogram histogram) {
        ByteBuffer buffer = ByteBuffer.allocate(histogram.getNeededByteBufferCapacity());
        byte[] octets = new byte[histogram.encodeIntoByteBuffer(buffer)];
        buffer.flip().get(octets);
        return octets;
    }

    static Histogram unpacked(byte[] octets) {
        return Histogram.decodeFromByteBuffer(ByteBuffer.wrap(octets), LONGEST_NANOS);
    }
}
