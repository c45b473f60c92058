package dev.latchkey.sim.plot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;

final class PlotTest {
    private static final double WIDTH = 580;
    private static final double FLOOR = Frame.HEIGHT - Frame.BOTTOM;
    private static final double PLOT_HEIGHT = FLOOR - Frame.TOP;
    /** Ten seconds of 50 units each. */
    private static final Spans SPANS = spans(List.of());

    private static final Axis AXIS = Axis.linear(100, PlotTest::label);

    @Test
    void aValueStandsInTheMiddleOfItsSpanAtItsHeight() {
        List<Drawing.Point> points = Drawing.points(
                lines(SPANS, series(0, 0, 50, 100, 25)).of("path", "line").get(0));
        assertThat(points).hasSize(4);
        assertThat(points.get(1).x()).isCloseTo(Frame.LEFT + 75, within(0.1));
        assertThat(points)
                .extracting(Drawing.Point::y)
                .containsExactly(FLOOR, round(FLOOR - PLOT_HEIGHT / 2), Frame.TOP, round(FLOOR - PLOT_HEIGHT / 4));
    }

    @Test
    void aSpanWithoutAValueIsAGapAndALonelyValueADot() {
        Element path = lines(SPANS, series(0, 1, 2, Double.NaN, 3, Double.NaN, 4, 5))
                .of("path", "line")
                .get(0);
        String drawn = path.getAttribute("d");
        assertThat(drawn.chars().filter(c -> c == 'M')).hasSize(3);
        assertThat(drawn).containsOnlyOnce("h0");
        assertThat(drawn).doesNotContain("NaN");
    }

    @Test
    void marksStayInsideAndLabelsApart() {
        Spans spans = spans(List.of(new Band("join", 0, 4), new Band("x", 4, 4.1), new Band("a long name", 4.1, 10)));
        Drawing drawing = lines(spans, series(0, 1e9, -5, 50));
        assertThat(Drawing.points(drawing.of("path", "line").get(0))).allSatisfy(point -> {
            assertThat(point.x()).isBetween(Frame.LEFT, WIDTH - Frame.RIGHT);
            assertThat(point.y()).isBetween(Frame.TOP, FLOOR);
        });
        assertThat(drawing.of("rect", "band")).hasSize(3);
        assertThat(drawing.texts("phase")).containsExactly("join", "a long name");

        double before = -100;
        for (Element tick : drawing.of("text", "time")) {
            double x = Double.parseDouble(tick.getAttribute("x"));
            assertThat(x - before).isGreaterThan(40);
            before = x;
        }
        assertThat(drawing.texts("time")).startsWith("0 s", "2 s").endsWith("10 s");
        assertThat(drawing.of("text", "time").get(5).getAttribute("text-anchor"))
                .isEqualTo("end");
        assertThat(drawing.texts("value")).contains("0 u", "20 u", "100 u");
    }

    @Test
    void aLongNameOfABandIsCut() {
        Drawing drawing = lines(spans(List.of(new Band("everybody reconnects", 0, 2))), series(0, 1));
        assertThat(drawing.texts("phase"))
                .singleElement()
                .satisfies(name -> assertThat(name).startsWith("everyb").endsWith("\u2026"));
    }

    @Test
    void thePointerFindsValuesAndTheirTexts() {
        Drawing drawing = lines(SPANS, series(0, 7, Double.NaN, 9), series(1, 1, 2, 3));
        assertThat(drawing.texts("reading")).hasSize(10).startsWith("0 s   s0 7 u   s1 1 u", "1 s   s1 2 u");
        for (Element plate : drawing.of("rect", "plate")) {
            double x = Double.parseDouble(plate.getAttribute("x"));
            double width = Double.parseDouble(plate.getAttribute("width"));
            assertThat(x).isGreaterThanOrEqualTo(Frame.LEFT);
            assertThat(x + width).isLessThanOrEqualTo(WIDTH - Frame.RIGHT + 0.1);
        }
    }

    @Test
    void manySpansHaveNoMoreProbesThanAPointerCanFind() {
        List<Double> edges = new ArrayList<>();
        List<Double> values = new ArrayList<>();
        for (int i = 0; i <= 1000; i++) {
            edges.add((double) i);
            values.add(1.0);
        }
        Series series = new Series("s", 0, values.subList(0, 1000));
        Markup svg = LinePlot.draw(
                "x", WIDTH, new Spans(edges, List.of()), AXIS, List.of(series), true, PlotTest::label, "none");
        Drawing drawing = new Drawing(svg.toString());
        assertThat(drawing.of("g", "probe")).hasSizeBetween(60, 120);
        assertThat(drawing.of("path", "fill").get(0).getAttribute("d")).endsWith("Z");
    }

    @Test
    void nothingIsSaidInWords() {
        Drawing empty = lines(SPANS, series(0, Double.NaN));
        assertThat(empty.texts("nothing")).containsExactly("nothing happened");
        assertThat(empty.of("path", "line")).isEmpty();
        assertThat(empty.texts("value")).containsOnly("");
        assertThat(bars(series(0, 0, 0)).texts("nothing")).containsExactly("no bars");
        Spans never = new Spans(List.of(0.0), List.of());
        Markup svg = LinePlot.draw("x", WIDTH, never, AXIS, List.of(), false, PlotTest::label, "never");
        assertThat(new Drawing(svg.toString()).texts("nothing")).containsExactly("never");
    }

    @Test
    void barsStandUponEachOther() {
        Drawing drawing = bars(series(0, 40, 10), series(1, 20, Double.NaN));
        String lower = drawing.of("path", "c0").get(0).getAttribute("d");
        String upper = drawing.of("path", "c1").get(0).getAttribute("d");
        String border = Markup.number(FLOOR - 0.4 * PLOT_HEIGHT);
        assertThat(lower).startsWith("M66 " + Markup.number(FLOOR) + "V" + border + "H");
        assertThat(upper).startsWith("M66 " + border + "V" + Markup.number(FLOOR - 0.6 * PLOT_HEIGHT));
        assertThat(upper.chars().filter(c -> c == 'M')).hasSize(1);
        assertThat(BarPlot.highest(List.of(series(0, 40, 10), series(1, 20, 5)), 10))
                .isEqualTo(60);
    }

    @Test
    void textIsTextWhateverItContains() {
        String hostile = "</text><script>\"&'\u0000\u202e\ud800";
        Spans spans = spans(List.of(new Band(hostile, 0, 10)));
        Series series = new Series(hostile, 0, series(0, 1).values());
        Markup svg = LinePlot.draw(hostile, WIDTH, spans, AXIS, List.of(series), false, PlotTest::label, hostile);
        Drawing drawing = new Drawing(svg.toString());
        String shown = "</text><script>\"&'\ufffd\ufffd\ufffd";
        assertThat(drawing.texts("phase")).containsExactly(shown);
        assertThat(drawing.elements("svg").get(0).getAttribute("aria-label")).isEqualTo(shown);
        assertThat(drawing.elements("script")).isEmpty();
        assertThat(drawing.texts("reading").get(0)).contains(shown);
    }

    private static Drawing lines(Spans spans, Series... series) {
        return new Drawing(
                LinePlot.draw("d", WIDTH, spans, AXIS, List.of(series), false, PlotTest::label, "nothing happened")
                        .toString());
    }

    private static Drawing bars(Series... series) {
        return new Drawing(BarPlot.draw("d", WIDTH, SPANS, AXIS, List.of(series), PlotTest::label, "no bars")
                .toString());
    }

    /** The values, and as many gaps as make ten. */
    private static Series series(int colour, double... values) {
        List<Double> all = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            all.add(i < values.length ? values[i] : Double.NaN);
        }
        return new Series("s" + colour, colour, all);
    }

    private static Spans spans(List<Band> bands) {
        List<Double> edges = new ArrayList<>();
        for (int i = 0; i <= 10; i++) {
            edges.add((double) i);
        }
        return new Spans(edges, bands);
    }

    private static String label(double value) {
        return Math.round(value) + " u";
    }

    private static double round(double value) {
        return Double.parseDouble(Markup.number(value));
    }
}
