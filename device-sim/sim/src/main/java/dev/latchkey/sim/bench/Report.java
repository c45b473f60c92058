package dev.latchkey.sim.bench;

import dev.latchkey.console.Json;
import dev.latchkey.console.Screen;
import dev.latchkey.host.EcProviders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Gathers what the benchmarks found: shows each table when it is done, and the claims together at the end. */
final class Report {
    private final Screen screen;
    private final Map<String, Object> json = new LinkedHashMap<>();
    private final Figures claims = new Figures("claims", "what", "measured", "to reach");

    Report(Screen screen) {
        this.screen = screen;
        json.put("java", Runtime.version().toString());
        json.put("processors", Runtime.getRuntime().availableProcessors());
        json.put("provider", EcProviders.name());
    }

    Screen screen() {
        return screen;
    }

    /** Shows a table and keeps it for the file. */
    void add(Figures figures) {
        screen.line("");
        screen.table(figures.table());
        screen.line("");
        json.put(figures.name(), figures.json());
    }

    /** A figure that a document or a design names, next to what it should be. */
    void claim(String what, Object measured, String toReach) {
        claims.row(what, measured, toReach);
    }

    /** Shows the claims in one table. */
    void summary() {
        add(claims);
    }

    /** Writes all tables as one JSON object. */
    void writeTo(Path file) throws IOException {
        json.put(claims.name(), claims.json());
        Files.writeString(file, Json.pretty(json) + "\n");
        screen.line("written to " + file);
    }
}
