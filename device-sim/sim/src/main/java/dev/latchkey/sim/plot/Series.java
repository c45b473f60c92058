package dev.latchkey.sim.plot;

import java.util.List;
import java.util.stream.DoubleStream;

/**
 * Named values over time. Immutable.
 *
 * @param colour 0 to 5
 * @param values one for each span of the plot; NaN where there is none
 */
public record Series(String name, int colour, List<Double> values) {
    /** As many as there are colours that everybody can tell apart. */
    public static final int COLOURS = 6;

    public Series {
        if (colour < 0 || colour >= COLOURS) {
            throw new IllegalArgumentException("there is no such colour");
        }
        values = List.copyOf(values);
    }

    DoubleStream present() {
        return values.stream().mapToDouble(Double::doubleValue).filter(Double::isFinite);
    }
}
