package dev.latchkey.sim.plot;

import java.util.List;
import java.util.function.DoubleFunction;

/**
 * Lines over time, one for each series; a gap where a series has no value. A value stands in the middle of its span.
 * Stateless.
 */
public final class LinePlot {
    private LinePlot() {}

    /**
     * Draws it.
     *
     * @param described for who cannot see it
     * @param width in units of the drawing; the height is always the same
     * @param filled whether what is below the lines is tinted
     * @param label a value with its unit
     * @param empty what to say when no series has a value
     */
    public static Markup draw(
            String described,
            double width,
            Spans spans,
            Axis axis,
            List<Series> series,
            boolean filled,
            DoubleFunction<String> label,
            String empty) {
        Frame frame = new Frame(width, spans, axis);
        boolean any = series.stream().anyMatch(each -> each.present().findAny().isPresent());
        Markup svg = frame.begin(described, any);
        if (!any) {
            frame.nothing(svg, empty);
            return frame.end(svg);
        }
        for (Series each : series) {
            if (filled) {
                svg.empty("path", "class", "fill c" + each.colour(), "d", path(frame, spans, each, axis.min(), true));
            }
            svg.empty("path", "class", "line c" + each.colour(), "d", path(frame, spans, each, axis.min(), false));
        }
        frame.probes(svg, series, label);
        return frame.end(svg);
    }

    private static String path(Frame frame, Spans spans, Series series, double floor, boolean closed) {
        StringBuilder path = new StringBuilder();
        int from = 0;
        while (from < spans.count()) {
            if (!Double.isFinite(series.values().get(from))) {
                from++;
                continue;
            }
            int to = from;
            while (to < spans.count() && Double.isFinite(series.values().get(to))) {
                to++;
            }
            for (int i = from; i < to; i++) {
                path.append(i == from ? 'M' : 'L')
                        .append(Markup.number(frame.x(spans.middle(i))))
                        .append(' ')
                        .append(Markup.number(frame.y(series.values().get(i))));
            }
            if (closed) {
                String ground = Markup.number(frame.y(floor));
                path.append('L')
                        .append(Markup.number(frame.x(spans.middle(to - 1))))
                        .append(' ')
                        .append(ground);
                path.append('L')
                        .append(Markup.number(frame.x(spans.middle(from))))
                        .append(' ')
                        .append(ground);
                path.append('Z');
            } else if (to == from + 1) {
                path.append("h0"); // with round ends it is a dot
            }
            from = to;
        }
        return path.toString();
    }
}
