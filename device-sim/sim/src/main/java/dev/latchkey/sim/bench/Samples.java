package dev.latchkey.sim.bench;

import java.util.Arrays;

/** Measured values, in the order of their size. Immutable. */
final class Samples {
    private final double[] sorted;

    Samples(double... values) {
        sorted = values.clone();
        Arrays.sort(sorted);
    }

    double mean() {
        return Arrays.stream(sorted).average().orElse(Double.NaN);
    }

    double median() {
        return quantile(0.5);
    }

    double max() {
        return quantile(1);
    }

    /** The smallest value that at least this part of all does not exceed. */
    double quantile(double part) {
        return sorted.length == 0 ? Double.NaN : sorted[Math.max(0, (int) Math.ceil(part * sorted.length) - 1)];
    }
}
