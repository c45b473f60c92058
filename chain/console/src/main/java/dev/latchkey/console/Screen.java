package dev.latchkey.console;

import java.io.PrintStream;
import java.util.function.LongSupplier;

/**
 * The lines a long-running command shows while it works: phases, and at most one progress bar below them. On a terminal
 * the bar is redrawn in place; elsewhere it becomes plain lines, at most one a second. Safe for use by several threads.
 */
public final class Screen {
    private static final int DEFAULT_COLUMNS = 80;
    private static final String WIPE = "\r\033[K";

    private final PrintStream out;
    private final boolean terminal;
    private final int columns;
    private final LongSupplier nanoTime;

    /** What stands on the last, unfinished line of a terminal; guarded by this. */
    private String drawn = "";

    Screen(PrintStream out, boolean terminal, int columns, LongSupplier nanoTime) {
        this.out = out;
        this.terminal = terminal;
        this.columns = columns;
        this.nanoTime = nanoTime;
    }

    /**
     * Standard output. Whether it is a terminal the launcher says, by the property {@code latchkey.terminal} with the
     * number of columns: Java 17 cannot tell.
     */
    public static Screen standard() {
        Integer columns = Integer.getInteger("latchkey.terminal");
        boolean terminal = columns != null;
        int usable = terminal && columns >= 20 ? columns : DEFAULT_COLUMNS;
        return new Screen(System.out, terminal, usable, System::nanoTime);
    }

    /** A line that says what begins now. */
    public void phase(String text) {
        line("* " + text);
    }

    /** Any other line; a progress bar stays below it. */
    public synchronized void line(String text) {
        if (drawn.isEmpty()) {
            out.println(text);
        } else {
            out.print(WIPE + text + System.lineSeparator() + drawn);
        }
        out.flush();
    }

    /** The table in full, above the progress bar if there is one. */
    public synchronized void table(Table table) {
        for (String row : table.lines()) {
            line(row);
        }
    }

    /**
     * A progress bar.
     *
     * @param label what is counted, such as {@code readings}
     * @param total how many there will be; 0 when that is not known
     */
    public ProgressBar progress(String label, long total) {
        return new ProgressBar(this, label, total);
    }

    boolean terminal() {
        return terminal;
    }

    int columns() {
        return columns;
    }

    long nanoTime() {
        return nanoTime.getAsLong();
    }

    /** Replaces the unfinished line; only on a terminal. */
    synchronized void draw(String text) {
        drawn = text;
        out.print(WIPE + text);
        out.flush();
    }

    /** Ends the unfinished line with its last state. */
    synchronized void finish(String text) {
        boolean open = !drawn.isEmpty();
        drawn = "";
        out.println(open ? WIPE + text : text);
        out.flush();
    }
}
