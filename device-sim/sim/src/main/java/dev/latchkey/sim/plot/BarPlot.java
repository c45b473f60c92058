package dev.latchkey.sim.plot;

import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleFunction;

/** Bars over time, as wide as their spans, those of one series upon those of the one before it. Stateless. */
public final class BarPlot {
    private BarPlot() {}

    /** The highest stack, for the axis. */
    public static double highest(List<Series> series, int spans) {
        double[] heights = new double[spans];
        for (Series each : series) {
            for (int i = 0; i < spans; i++) {
                heights[i] += present(each, i);
            }
        }
        return Arrays.stream(heights).max().orElse(0);
    }

    /** Draws it; see {@link LinePlot#draw}. */
    public static Markup draw(
            String described,
            double width,
            Spans spans,
            Axis axis,
            List<Series> series,
            DoubleFunction<String> label,
            String empty) {
        Frame frame = new Frame(width, spans, axis);
        boolean any = highest(series, spans.count()) > 0;
        Markup svg = frame.begin(described, any);
        if (!any) {
            frame.nothing(svg, empty);
            return frame.end(svg);
        }
        double[] below = new double[spans.count()];
        for (Series each : series) {
            StringBuilder path = new StringBuilder();
            for (int i = 0; i < spans.count(); i++) {
                double value = present(each, i);
                if (value > 0) {
                    bar(path, frame, spans, i, below[i], below[i] + value);
                    below[i] += value;
                }
            }
            svg.empty("path", "class", "bar c" + each.colour(), "d", path.toString());
        }
        frame.probes(svg, series, label);
        return frame.end(svg);
    }

    private static void bar(StringBuilder path, Frame frame, Spans spans, int span, double from, double to) {
        double left = frame.x(spans.from(span));
        // A thousandth of the plot's width would not be seen.
        double right = Math.max(left + 0.8, frame.x(spans.to(span)) - 0.4);
        path.append('M')
                .append(Markup.number(left))
                .append(' ')
                .append(Markup.number(frame.y(from)))
                .append('V')
                .append(Markup.number(frame.y(to)))
                .append('H')
                .append(Markup.number(right))
                .append('V')
                .append(Markup.number(frame.y(from)))
                .append('Z');
    }

    private static double present(Series series, int span) {
        double value = series.values().get(span);
        return Double.isFinite(value) ? value : 0;
    }
}
