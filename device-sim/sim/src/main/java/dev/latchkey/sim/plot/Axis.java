package dev.latchkey.sim.plot;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleFunction;

/**
 * Where values lie between 0 and 1, and the round ones that are marked. Immutable.
 *
 * @param min the value at 0; above 0 when logarithmic
 * @param max the value at 1, above min
 */
public record Axis(double min, double max, boolean logarithmic, List<Tick> ticks) {
    /** A value that is marked. */
    public record Tick(double value, String label) {}

    private static final int MAX_TICKS = 6;
    /** Steps that people count in, in seconds. */
    private static final double[] TIME_STEPS = {
        0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 21600, 43200, 86400
    };

    private static final double MINUTES_FROM = 120;
    private static final double HOURS_FROM = 7200;

    public Axis {
        if (!(max > min) || (logarithmic && !(min > 0))) {
            throw new IllegalArgumentException("an axis needs room between its ends");
        }
        ticks = List.copyOf(ticks);
    }

    /** From 0 to a round value at or above the highest, with steps of 1, 2 or 5 times a power of ten. */
    public static Axis linear(double highest, DoubleFunction<String> label) {
        return linear(highest, 0, label);
    }

    /** As {@link #linear}, of things that cannot be parted: steps are whole. */
    public static Axis counting(double highest, DoubleFunction<String> label) {
        return linear(highest, 1, label);
    }

    private static Axis linear(double highest, double leastStep, DoubleFunction<String> label) {
        double top = highest > 0 && Double.isFinite(highest) ? highest : 1;
        double step = Math.max(leastStep, roundStep(top / (MAX_TICKS - 1)));
        int steps = Math.max(1, (int) Math.ceil(top / step - 1e-9));
        List<Tick> ticks = new ArrayList<>();
        for (int i = 0; i <= steps; i++) {
            ticks.add(new Tick(i * step, label.apply(i * step)));
        }
        return new Axis(0, steps * step, false, ticks);
    }

    /** Decades that hold both values, which must be above 0; between the decades 2 and 5 when there are few. */
    public static Axis decades(double lowest, double highest, DoubleFunction<String> label) {
        int from = (int) Math.floor(Math.log10(lowest) + 1e-9);
        int to = Math.max(from + 1, (int) Math.ceil(Math.log10(highest) - 1e-9));
        boolean few = to - from < 3;
        int stride = 1 + (to - from) / (MAX_TICKS + 1);
        List<Tick> ticks = new ArrayList<>();
        for (int decade = from; decade <= to; decade += stride) {
            for (double part : few && decade < to ? new double[] {1, 2, 5} : new double[] {1}) {
                double value = part * Math.pow(10, decade);
                ticks.add(new Tick(value, label.apply(value)));
            }
        }
        return new Axis(Math.pow(10, from), Math.pow(10, to), true, ticks);
    }

    /** From 0 to exactly so many seconds. @param most ticks there should be */
    public static Axis time(double seconds, int most) {
        double end = Math.max(seconds, 0.1);
        double step = TIME_STEPS[TIME_STEPS.length - 1];
        for (int i = TIME_STEPS.length - 1; i >= 0 && end / TIME_STEPS[i] <= most; i--) {
            step = TIME_STEPS[i];
        }
        while (end / step > most) {
            step *= 2;
        }
        List<Tick> ticks = new ArrayList<>();
        for (int i = 0; i * step <= end + 1e-9; i++) {
            ticks.add(
                    new Tick(i * step, clock(i * step, end).replace(" min", "").replace(" h", "")));
        }
        return new Axis(0, end, false, ticks);
    }

    /** Where a value lies, 0 to 1; outside values at the nearer end. */
    public double at(double value) {
        double part = logarithmic
                ? Math.log(Math.max(value, Double.MIN_NORMAL) / min) / Math.log(max / min)
                : (value - min) / (max - min);
        return Math.max(0, Math.min(1, part));
    }

    /** What the marks of a time axis are in, when they do not say so themselves. */
    static String unitOfTime(double end) {
        return end < MINUTES_FROM ? "" : end < HOURS_FROM ? "min:s" : "h:min";
    }

    /** Seconds below two minutes, then minutes and seconds, then hours and minutes. */
    static String clock(double seconds, double end) {
        if (end < MINUTES_FROM) {
            return (seconds == Math.rint(seconds)
                            ? "" + Math.round(seconds)
                            : String.format(Locale.ROOT, "%.1f", seconds))
                    + " s";
        }
        long whole = Math.round(seconds);
        return end < HOURS_FROM
                ? String.format(Locale.ROOT, "%d:%02d min", whole / 60, whole % 60)
                : String.format(Locale.ROOT, "%d:%02d h", whole / 3600, whole / 60 % 60);
    }

    private static double roundStep(double atLeast) {
        double decade = Math.pow(10, Math.floor(Math.log10(atLeast)));
        for (double part : new double[] {1, 2, 5}) {
            if (part * decade >= atLeast * (1 - 1e-9)) {
                return part * decade;
            }
        }
        return 10 * decade;
    }
}
