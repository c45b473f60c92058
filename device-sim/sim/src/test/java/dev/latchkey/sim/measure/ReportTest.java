package dev.latchkey.sim.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.latchkey.console.Screen;
import dev.latchkey.sim.plot.Drawing;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;

final class ReportTest {
    private static final Run FAILED = SampleRun.of(60, false);
    private static final Run EMPTY = SampleRun.run(new TestTime().meter().timeline(), true);

    @TempDir
    private Path directory;

    @Test
    void thePageNeedsNeitherNetworkNorScript() {
        String page = HtmlReport.text(FAILED);
        assertThat(Pattern.compile(
                                "(?i)(src|href|action)\\s*=|@import|url\\(|<script|<link|<iframe|https?:|\\bon[a-z]+=\"")
                        .matcher(page)
                        .results()
                        .map(found -> found.group()))
                .isEmpty();
        assertThat(new Drawing(page).elements("meta"))
                .extracting(meta -> meta.getAttribute("content"))
                .contains("default-src 'none'; style-src 'unsafe-inline'");
    }

    @Test
    void thePageSaysWhatRanWhereAndHowItWent() {
        Drawing page = new Drawing(HtmlReport.text(FAILED));
        assertThat(page.elements("h1")).extracting(Element::getTextContent).containsExactly("lossy");
        assertThat(page.of("p", "under").get(0).getTextContent())
                .contains("1 March 2026, 10:00 UTC", "took 60.7 s", "seed 7", "2 cores, 8.20 GB", "Java 17.0.15+6");
        assertThat(page.of("section", "failed").get(0).getTextContent())
                .contains("Failed", "12 of 30,000 readings", SampleRun.HOSTILE);
        assertThat(page.of("section", "passed")).isEmpty();
        assertThat(new Drawing(HtmlReport.text(SampleRun.run(FAILED.timeline(), true))).of("section", "passed"))
                .hasSize(1);
    }

    @Test
    void everyPlotHasItsLegendUnitAndPhases() {
        Drawing page = new Drawing(HtmlReport.text(FAILED));
        List<Element> plots = page.of("figure", "plot");
        assertThat(plots)
                .extracting(plot -> text(plot, "h2"))
                .containsExactly(
                        "Throughput",
                        "Events",
                        "Send to acknowledged",
                        "Send to opened",
                        "In flight",
                        "Errors",
                        "On the wire",
                        "Memory of the simulator");
        assertThat(text(plots.get(0), "ul")).isEqualTo("sentacknowledgedopened");
        assertThat(text(plots.get(1), "ul")).isEqualTo("reconnectedjoined");
        assertThat(text(plots.get(2), "ul")).isEqualTo("p99p90p50");
        assertThat(text(plots.get(5), "ul")).contains("no answer", "handshake");
        assertThat(page.texts("phase")).filteredOn("join"::equals).hasSize(8);
        assertThat(page.texts("value")).contains("400", "10 ms", "1 s", "20 kB", "100 MB");
        assertThat(page.texts("nothing")).isEmpty();
    }

    @Test
    void aRunInWhichNothingHappenedHasAPageToo() {
        Drawing page = new Drawing(HtmlReport.text(EMPTY));
        assertThat(page.texts("nothing"))
                .containsExactly(
                        "nothing was sent",
                        "nothing was acknowledged",
                        "nothing was opened",
                        "nothing was sent",
                        "no errors",
                        "the wire was not measured",
                        "nothing was measured");
        assertThat(JsonReport.text(EMPTY)).contains("\"slices\":[]", "\"wire\":null");
    }

    @Test
    void hoursTakeNoMorePageThanItsPlotsCanShow() {
        TestTime time = new TestTime();
        Meter meter = time.meter();
        for (int i = 0; i < 2_000; i++) {
            meter.sent();
            meter.acknowledged(i % 3 == 0 ? 2_000_000_000L : 1_000_000);
            time.passes(4);
        }
        Timeline timeline = meter.timeline();
        assertThat(timeline.coarse()).hasSizeBetween(CoarseSpans.MAX_SPANS / 2, CoarseSpans.MAX_SPANS + 1);
        assertThat(timeline.coarse().stream().mapToLong(Slice::sent).sum()).isEqualTo(2_000);
        assertThat(timeline.coarse().get(7).acknowledged().p50Nanos()).isBetween(900_000L, 1_100_000L);
        assertThat(HtmlReport.text(SampleRun.run(timeline, true)).length()).isLessThan(400_000);
    }

    @Test
    void theJsonHasTheSameTotalsAsItsSlices() throws IOException {
        Map<String, Object> json = json(JsonReport.text(FAILED));
        assertThat(json)
                .containsEntry("report", "latchkey-sim")
                .containsEntry("version", 1L)
                .containsEntry("scenario", "lossy")
                .containsEntry("seed", 7L)
                .containsEntry("began", "2026-03-01T10:00:00Z");
        assertThat(at(json, "outcome", "passed")).isEqualTo(false);
        assertThat(at(json, "totals", "failures", SampleRun.HOSTILE)).isNotNull();
        List<?> slices = (List<?>) json.get("slices");
        assertThat(slices).hasSize(61);
        long sent = slices.stream().mapToLong(slice -> (Long) at(slice, "sent")).sum();
        long opened = slices.stream()
                .mapToLong(slice -> (Long) at(slice, "opened", "count"))
                .sum();
        long up = slices.stream()
                .mapToLong(slice -> (Long) at(slice, "wire", "up_bytes"))
                .sum();
        assertThat(at(json, "totals", "sent")).isEqualTo(sent);
        assertThat(at(json, "totals", "opened", "count")).isEqualTo(opened);
        assertThat(at(json, "totals", "wire", "up_bytes")).isEqualTo(up);
        assertThat(slices.get(30).toString()).contains("p99_s", "in_flight", "cpu_s", "resident_bytes");
    }

    @Test
    void theScreenShowsTheTablesAndTheOutcomeLast() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Summary.show(Screen.plain(new PrintStream(out, true, StandardCharsets.UTF_8)), FAILED);
        List<String> lines = out.toString(StandardCharsets.UTF_8).lines().toList();
        assertThat(lines)
                .anySatisfy(line -> assertThat(line).matches("send to opened +[0-9,]+ +[0-9]+/s( +[0-9.]+ m?s){4}"));
        assertThat(lines).anySatisfy(line -> assertThat(line).startsWith("wire per reading, up"));
        assertThat(lines).anySatisfy(line -> assertThat(line).startsWith("joined"));
        assertThat(lines).contains("! 12 of 30,000 readings were neither acknowledged nor opened");
        assertThat(lines).endsWith("FAILED: lossy in 60.7 s");
    }

    @Test
    void aReportThatCannotBeWrittenLeavesNothing() throws IOException {
        Path blocked = Files.createDirectory(directory.resolve("blocked"));
        Files.createFile(blocked.resolve("inside"));
        assertThatThrownBy(() -> HtmlReport.write(blocked, FAILED)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> JsonReport.write(directory.resolve("missing/x"), FAILED))
                .isInstanceOf(IOException.class);
        Path page = directory.resolve("page.html");
        HtmlReport.write(page, EMPTY);
        HtmlReport.write(page, FAILED);
        assertThat(page).hasContent(HtmlReport.text(FAILED));
        try (Stream<Path> left = Files.list(directory)) {
            assertThat(left).containsExactlyInAnyOrder(blocked, page);
        }
    }

    private static String text(Element parent, String name) {
        return parent.getElementsByTagName(name).item(0).getTextContent();
    }

    private static Object at(Object json, String... path) {
        Object here = json;
        for (String name : path) {
            here = ((Map<?, ?>) here).get(name);
        }
        return here;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> json(String text) throws IOException {
        try (JsonParser parser = new JsonFactory().createParser(text)) {
            parser.nextToken();
            return (Map<String, Object>) value(parser);
        }
    }

    private static Object value(JsonParser parser) throws IOException {
        switch (parser.currentToken()) {
            case START_OBJECT:
                Map<String, Object> object = new LinkedHashMap<>();
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    String name = parser.currentName();
                    parser.nextToken();
                    object.put(name, value(parser));
                }
                return object;
            case START_ARRAY:
                List<Object> array = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    array.add(value(parser));
                }
                return array;
            case VALUE_NUMBER_INT:
                return parser.getLongValue();
            case VALUE_NUMBER_FLOAT:
                return parser.getDoubleValue();
            case VALUE_TRUE:
            case VALUE_FALSE:
                return parser.getBooleanValue();
            case VALUE_NULL:
                return null;
            default:
                return parser.getText();
        }
    }
}
