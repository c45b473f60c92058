package dev.latchkey.sim.plot;

import java.util.List;
import java.util.function.DoubleFunction;

/** What lies around and behind the marks of a plot: size, bands, grid, labels, and the reading under the pointer. */
final class Frame {
    static final double HEIGHT = 250;
    static final double LEFT = 66;
    static final double RIGHT = 14;
    static final double TOP = 24;
    static final double BOTTOM = 28;
    /** About as wide as a character of the labels is. */
    private static final double CHARACTER = 6.4;
    /** Likewise of the bold ones. */
    private static final double BOLD_CHARACTER = 7.4;
    /** Where the pointer finds values; more would make the page heavy. */
    private static final int MAX_PROBES = 120;

    private final double width;
    private final Spans spans;
    private final Axis time;
    private final Axis values;

    Frame(double width, Spans spans, Axis values) {
        this.width = width;
        this.spans = spans;
        this.time = Axis.time(spans.end(), (int) ((width - LEFT - RIGHT) / 80));
        this.values = values;
    }

    double x(double seconds) {
        return LEFT + time.at(seconds) * (width - LEFT - RIGHT);
    }

    double y(double value) {
        return HEIGHT - BOTTOM - values.at(value) * (HEIGHT - TOP - BOTTOM);
    }

    /**
     * Opens the drawing, with everything that lies behind the marks.
     *
     * @param described for who cannot see it
     * @param marked whether there will be marks, without which there is nothing to read off a grid
     */
    Markup begin(String described, boolean marked) {
        Markup svg = new Markup();
        svg.open(
                "svg",
                "viewBox",
                "0 0 " + Markup.number(width) + " " + Markup.number(HEIGHT),
                "role",
                "img",
                "aria-label",
                described);
        bands(svg);
        for (Axis.Tick tick : marked ? values.ticks() : List.<Axis.Tick>of()) {
            double y = y(tick.value());
            line(svg, "grid", LEFT, y, width - RIGHT, y);
            label(svg, "value", LEFT - 8, y + 4, "end", tick.label());
        }
        label(svg, "value", LEFT - 18, HEIGHT - BOTTOM + 17, "end", Axis.unitOfTime(spans.end()));
        for (Axis.Tick tick : time.ticks()) {
            double x = x(tick.value());
            line(svg, "tick", x, HEIGHT - BOTTOM, x, HEIGHT - BOTTOM + 4);
            // The first and the last stay within the drawing.
            boolean last = x > width - RIGHT - tick.label().length() * CHARACTER / 2;
            label(svg, "time", x, HEIGHT - BOTTOM + 17, last ? "end" : "middle", tick.label());
        }
        return svg;
    }

    /** Closes the drawing. */
    Markup end(Markup svg) {
        line(svg, "axis", LEFT, HEIGHT - BOTTOM, width - RIGHT, HEIGHT - BOTTOM);
        return svg.close();
    }

    /** Says in the middle that there is nothing to see. */
    void nothing(Markup svg, String text) {
        label(svg, "nothing", (LEFT + width - RIGHT) / 2, (HEIGHT - BOTTOM + TOP) / 2 + 4, "middle", text);
    }

    /** Where the pointer is, a line and the values there; without a script, by the style sheet. */
    void probes(Markup svg, List<Series> series, DoubleFunction<String> label) {
        int step = Math.max(1, (spans.count() + MAX_PROBES - 1) / MAX_PROBES);
        for (int first = 0; first < spans.count(); first += step) {
            int last = Math.min(first + step, spans.count()) - 1;
            int middle = (first + last) / 2;
            StringBuilder text = new StringBuilder(Axis.clock(Math.rint(spans.from(middle) * 10) / 10, spans.end()));
            for (Series each : series) {
                double value = each.values().get(middle);
                if (Double.isFinite(value)) {
                    text.append("   ").append(each.name()).append(' ').append(label.apply(value));
                }
            }
            double from = x(spans.from(first));
            double x = x(spans.middle(middle));
            double textWidth = text.length() * CHARACTER + 12;
            double textX = Math.max(LEFT, Math.min(x - textWidth / 2, width - RIGHT - textWidth));
            svg.open("g", "class", "probe");
            svg.empty(
                    "rect",
                    "class",
                    "area",
                    "x",
                    Markup.number(from),
                    "y",
                    Markup.number(TOP),
                    "width",
                    Markup.number(x(spans.to(last)) - from),
                    "height",
                    Markup.number(HEIGHT - TOP - BOTTOM));
            line(svg, "cross", x, TOP, x, HEIGHT - BOTTOM);
            svg.empty(
                    "rect",
                    "class",
                    "plate",
                    "x",
                    Markup.number(textX),
                    "y",
                    "1",
                    "width",
                    Markup.number(textWidth),
                    "height",
                    Markup.number(TOP - 4),
                    "rx",
                    "4");
            label(svg, "reading", textX + textWidth / 2, TOP - 9, "middle", text.toString());
            svg.close();
        }
    }

    private void bands(Markup svg) {
        boolean shaded = false;
        for (Band band : spans.bands()) {
            double from = x(band.from());
            double to = x(band.to());
            svg.empty(
                    "rect",
                    "class",
                    shaded ? "band shaded" : "band",
                    "x",
                    Markup.number(from),
                    "y",
                    Markup.number(TOP),
                    "width",
                    Markup.number(to - from),
                    "height",
                    Markup.number(HEIGHT - TOP - BOTTOM));
            shaded = !shaded;
            int fits = (int) ((to - from - 8) / BOLD_CHARACTER);
            if (fits >= Math.min(band.name().length(), 3)) {
                String name =
                        band.name().length() <= fits ? band.name() : band.name().substring(0, fits - 1) + "\u2026";
                label(svg, "phase", from + 4, TOP - 8, "start", name);
            }
            if (from > LEFT) {
                line(svg, "border", from, TOP - 18, from, HEIGHT - BOTTOM);
            }
        }
    }

    private static void line(Markup svg, String kind, double x1, double y1, double x2, double y2) {
        svg.empty(
                "line",
                "class",
                kind,
                "x1",
                Markup.number(x1),
                "y1",
                Markup.number(y1),
                "x2",
                Markup.number(x2),
                "y2",
                Markup.number(y2));
    }

    private static void label(Markup svg, String kind, double x, double y, String anchor, String text) {
        svg.leaf("text", text, "class", kind, "x", Markup.number(x), "y", Markup.number(y), "text-anchor", anchor);
    }
}
