package dev.latchkey.sim.measure;

import org.HdrHistogram.AbstractHistogram;

/**
 * How long something took: how often it happened, and percentiles in nanoseconds, exact to two digits. All 0 when it did
 * not happen. Immutable.
 *
 * @param p50Nanos half took no longer
 * @param maxNanos the longest
 */
public record Latency(long count, long p50Nanos, long p90Nanos, long p99Nanos, long maxNanos) {
    public static final Latency NONE = new Latency(0, 0, 0, 0, 0);

    static Latency of(AbstractHistogram histogram) {
        if (histogram.getTotalCount() == 0) {
            return NONE;
        }
        return new Latency(
                histogram.getTotalCount(),
                histogram.getValueAtPercentile(50),
                histogram.getValueAtPercentile(90),
                histogram.getValueAtPercentile(99),
                histogram.getMaxValue());
    }
}
