package dev.latchkey.sim.measure;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.console.Units;
import dev.latchkey.host.AtomicFile;
import dev.latchkey.sim.plot.Markup;
import dev.latchkey.sim.plot.Series;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * A run for people: one page with plots and tables in one file, which needs no network and no script; its own policy
 * forbids both. It is well-formed as HTML and as XML. Names and kinds of errors are text in it, whatever they contain.
 */
public final class HtmlReport {
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern(
                    "d MMMM uuuu, HH:mm 'UTC'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    private HtmlReport() {}

    /**
     * Writes the whole file or nothing, over one that is there.
     *
     * @throws IOException when the file cannot be written; an older one is as it was
     */
    public static void write(Path file, Run run) throws IOException {
        byte[] octets = text(run).getBytes(StandardCharsets.UTF_8);
        AtomicFile.write(file, Bytes.of(octets), AtomicFile.Mode.SHARED);
    }

    static String text(Run run) {
        Markup page = new Markup();
        page.trusted("<!DOCTYPE html>\n").open("html", "lang", "en").open("head");
        page.empty("meta", "charset", "utf-8");
        page.empty("meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
        page.empty(
                "meta",
                "http-equiv",
                "Content-Security-Policy",
                "content",
                "default-src 'none'; style-src 'unsafe-inline'");
        page.leaf("title", run.scenario() + " - Latchkey simulator");
        page.open("style").trusted(styles()).close().close().line();
        page.open("body").open("main").line();
        head(page, run);
        outcome(page, run.outcome());
        figures(page, run.timeline());
        page.open("section", "class", "plots").line();
        ReportPlots.of(run.timeline()).forEach(plot -> plot(page, plot));
        page.close().line();
        page.open("section", "class", "tables").line();
        ReportTables.of(run).forEach(table -> table(page, table));
        page.close().line();
        foot(page);
        return page.close().close().close().line().toString();
    }

    private static void head(Markup page, Run run) {
        Timeline timeline = run.timeline();
        Machine machine = run.machine();
        page.open("header").leaf("p", "Latchkey simulator", "class", "over").leaf("h1", run.scenario());
        page.open("p", "class", "under");
        page.leaf("span", DATE.format(timeline.began()));
        page.leaf("span", "took " + ReportTables.time(timeline.elapsedNanos()));
        run.seed().ifPresent(seed -> page.leaf("span", "seed " + seed));
        String memory = machine.memoryBytes() > 0 ? ", " + Units.bytes(machine.memoryBytes()) : "";
        page.leaf("span", machine.cores() + (machine.cores() == 1 ? " core" : " cores") + memory);
        page.leaf("span", "Java " + machine.java() + ", " + machine.system());
        page.close().close().line();
    }

    private static void outcome(Markup page, Outcome outcome) {
        page.open("section", "class", "outcome " + (outcome.passed() ? "passed" : "failed"));
        page.leaf("strong", outcome.passed() ? "\u2713 Passed" : "\u2717 Failed");
        if (!outcome.reasons().isEmpty()) {
            page.open("ul");
            outcome.reasons().forEach(reason -> page.leaf("li", reason));
            page.close();
        }
        page.close().line();
    }

    private static void figures(Markup page, Timeline timeline) {
        KeyFigures figures = KeyFigures.of(timeline);
        page.open("dl", "class", "figures").line();
        long opened = timeline.opened().count();
        figure(page, "Readings opened", Units.count(opened), "of " + Units.count(timeline.sent()) + " sent");
        figure(page, "Throughput", Units.rate(figures.openedPerSecond()), "opened");
        latency(page, "Acknowledged, p50", timeline.acknowledged());
        latency(page, "Opened, p50", timeline.opened());
        int kinds = timeline.failures().size();
        String ofKinds = kinds == 0 ? "of any kind" : kinds == 1 ? "of one kind" : "of " + kinds + " kinds";
        figure(page, "Errors", Units.count(timeline.failed()), ofKinds);
        if (timeline.wireMeasured() && timeline.sent() > 0) {
            figure(
                    page,
                    "Wire per reading",
                    Units.bytes(figures.upBytesPerReading()),
                    "up, " + Units.bytes(figures.downBytesPerReading()) + " down");
        }
        boolean resident = timeline.peakResidentBytes() > 0;
        figure(
                page,
                "Peak memory",
                Units.bytes(resident ? timeline.peakResidentBytes() : timeline.peakHeapBytes()),
                (resident ? "" : "heap, ") + ReportTables.time(timeline.cpuNanos()) + " of CPU");
        page.close().line();
    }

    private static void latency(Markup page, String name, Latency latency) {
        boolean any = latency.count() > 0;
        figure(
                page,
                name,
                any ? ReportTables.time(latency.p50Nanos()) : "\u2013",
                any ? "p99 " + ReportTables.time(latency.p99Nanos()) : "never happened");
    }

    private static void figure(Markup page, String name, String value, String note) {
        page.open("div", "class", "card").leaf("dt", name);
        page.leaf("dd", value, "class", "value").leaf("dd", note, "class", "note");
        page.close().line();
    }

    private static void plot(Markup page, ReportPlots.Plot plot) {
        page.open("figure", "class", plot.wide() ? "card plot wide" : "card plot")
                .open("figcaption");
        page.leaf("h2", plot.title()).leaf("span", plot.unit(), "class", "unit");
        if (plot.legend().size() > 1 || plot.bars() && !plot.legend().isEmpty()) {
            page.open("ul", "class", "legend");
            for (Series series : plot.legend()) {
                page.open("li").open("svg", "viewBox", "0 0 22 10", "aria-hidden", "true");
                String colour = "c" + series.colour();
                if (plot.bars()) {
                    page.empty("rect", "class", "bar " + colour, "x", "6", "y", "0", "width", "10", "height", "10");
                } else {
                    page.empty("path", "class", "line " + colour, "d", "M1 5H21");
                }
                page.close().text(series.name()).close();
            }
            page.close();
        }
        page.close().line().add(plot.drawing()).line().close().line();
    }

    private static void table(Markup page, ReportTables.Rows table) {
        boolean wide = table.header().size() > 4;
        page.open("div", "class", wide ? "card scroll wide" : "card scroll").leaf("h2", table.title());
        page.open("table");
        if (!table.header().isEmpty()) {
            page.open("thead").open("tr");
            for (int c = 0; c < table.header().size(); c++) {
                cell(page, "th", table.header().get(c), c);
            }
            page.close().close();
        }
        page.open("tbody");
        table.rows().forEach(row -> {
            page.open("tr");
            for (int c = 0; c < row.size(); c++) {
                cell(page, "td", row.get(c), c);
            }
            page.close().line();
        });
        page.close().close().close().line();
    }

    private static void cell(Markup page, String element, String text, int column) {
        if (column == 0) {
            page.leaf(element, text);
        } else {
            page.leaf(element, text, "class", "number");
        }
    }

    private static void foot(Markup page) {
        page.open("footer");
        page.leaf(
                "p",
                "Readings, acknowledgements and openings count in the second in which they happen, so that what was slow"
                        + " shows when it ends. Acknowledged means that the gateway has the reading on its disk; opened, that"
                        + " its recipient decrypted it and reported it.");
        page.leaf(
                "p",
                "Average rates are over the time from the first to the last of their kind. Bytes are UDP payload with DTLS,"
                        + " without IP headers; per reading they are all that passed while readings were on their way."
                        + " Percentiles are exact to two digits.");
        page.close().line();
    }

    private static String styles() {
        try (InputStream in = HtmlReport.class.getResourceAsStream("report.css")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
