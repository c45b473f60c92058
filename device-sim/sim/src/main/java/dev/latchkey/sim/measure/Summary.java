package dev.latchkey.sim.measure;

import dev.latchkey.console.Screen;
import dev.latchkey.console.Table;

/** What a run came to, as tables on the screen and the outcome in the last line. */
public final class Summary {
    private Summary() {}

    /** Below whatever the screen shows already. */
    public static void show(Screen screen, Run run) {
        for (ReportTables.Rows rows : ReportTables.of(run)) {
            if (rows.title().equals("Settings")) {
                continue; // who reads the screen has just typed them
            }
            Table table = new Table(ascii(rows.header().toArray()));
            rows.rows().forEach(row -> table.row((Object[]) ascii(row.toArray())));
            screen.line("");
            screen.table(table);
        }
        screen.line("");
        boolean passed = run.outcome().passed();
        run.outcome().reasons().forEach(reason -> screen.line((passed ? "  " : "! ") + LiveLines.ascii(reason)));
        screen.line((passed ? "passed: " : "FAILED: ") + LiveLines.ascii(run.scenario()) + " in "
                + ReportTables.time(run.timeline().elapsedNanos()));
    }

    private static String[] ascii(Object... cells) {
        String[] texts = new String[cells.length];
        for (int i = 0; i < cells.length; i++) {
            texts[i] = LiveLines.ascii((String) cells[i]);
        }
        return texts;
    }
}
