package dev.latchkey.console;

import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * The lines a long-running command shows while it works: phases, and below them at most one block of lines and one
 * progress bar. On a terminal those are redrawn in place; elsewhere a bar becomes plain lines, at most one a second, and
 * a block is not shown. Safe for use by several threads.
 *
 * <p>No mode of the terminal is changed and no line is left in a colour, so that whatever ends the process leaves the
 * terminal as it was.
 */
public final class Screen {
    private static final int DEFAULT_COLUMNS = 80;
    private static final String WIPE = "\r\033[K";
    /** Higher than a low terminal, a block could not be redrawn: the cursor does not go up beyond the top. */
    private static final int MAX_BLOCK_LINES = 16;

    /** How a line of a block looks, where the terminal shows colours. */
    public enum Tone {
        PLAIN(""),
        STRONG("\033[1m"),
        FAINT("\033[2m"),
        BAD("\033[31m");

        private final String begin;

        Tone(String begin) {
            this.begin = begin;
        }
    }

    /** A line of a block, without control characters. */
    public record Line(String text, Tone tone) {
        public Line {
            text = text.replaceAll("\\p{Cntrl}", "?");
        }
    }

    private final PrintStream out;
    private final boolean terminal;
    private final boolean colours;
    private final int columns;
    private final LongSupplier nanoTime;

    // Guarded by this.
    /** What stands on the last, unfinished line of a terminal. */
    private String drawn = "";
    /** The finished lines above it that are redrawn too, as they were written. */
    private String block = "";

    private int blockLines;

    Screen(PrintStream out, boolean terminal, boolean colours, int columns, LongSupplier nanoTime) {
        this.out = out;
        this.terminal = terminal;
        this.colours = colours;
        this.columns = columns;
        this.nanoTime = nanoTime;
    }

    /** Another stream that is no terminal. */
    public static Screen plain(PrintStream out) {
        return new Screen(out, false, false, DEFAULT_COLUMNS, System::nanoTime);
    }

    /** A terminal without colours that is not standard output. */
    public static Screen terminal(PrintStream out, int columns) {
        return new Screen(out, true, false, columns, System::nanoTime);
    }

    /**
     * Standard output. Whether it is a terminal the launcher says, by the property {@code latchkey.terminal} with the
     * number of columns: Java 17 cannot tell. Colours are left out where {@code NO_COLOR} is set (no-color.org).
     */
    public static Screen standard() {
        Integer columns = Integer.getInteger("latchkey.terminal");
        boolean terminal = columns != null && !"dumb".equals(System.getenv("TERM"));
        int usable = terminal && columns >= 20 ? columns : DEFAULT_COLUMNS;
        return new Screen(System.out, terminal, terminal && coloured(System.getenv()), usable, System::nanoTime);
    }

    static boolean coloured(Map<String, String> environment) {
        return environment.getOrDefault("NO_COLOR", "").isEmpty();
    }

    /** A line that says what begins now. */
    public void phase(String text) {
        line("* " + text);
    }

    /** Any other line; a block and a progress bar stay below it. */
    public synchronized void line(String text) {
        if (drawn.isEmpty() && blockLines == 0) {
            out.println(text);
        } else {
            out.print(wipe() + text + System.lineSeparator() + block + drawn);
        }
        out.flush();
    }

    /** The same in its tone, where the terminal shows colours; cut nowhere. */
    public void line(Line line) {
        line(painted(line, line.text()));
    }

    /**
     * Replaces the block: lines below everything else, cut to the terminal's width. An empty list takes it away. Does
     * nothing where there is no terminal.
     */
    public synchronized void block(List<Line> lines) {
        if (!terminal || (lines.isEmpty() && blockLines == 0)) {
            return;
        }
        String before = wipe();
        StringBuilder text = new StringBuilder();
        List<Line> shown = lines.subList(0, Math.min(lines.size(), MAX_BLOCK_LINES));
        for (Line line : shown) {
            text.append(painted(line, cut(line.text()))).append(System.lineSeparator());
        }
        block = text.toString();
        blockLines = shown.size();
        // In one piece, and with the cursor below it in the end: to be interrupted here does no harm.
        out.print(before + block + drawn);
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

    /** Whether lines are redrawn in place. */
    public boolean terminal() {
        return terminal;
    }

    /** How many characters a line may have. */
    public int columns() {
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
        String before = drawn.isEmpty() && blockLines == 0 ? "" : wipe();
        drawn = "";
        out.print(before + text + System.lineSeparator() + block);
        out.flush();
    }

    /** From the begin of the block on, or of the unfinished line where there is no block. */
    private String wipe() {
        return blockLines == 0 ? WIPE : "\r\033[" + blockLines + "A\033[J";
    }

    private String painted(Line line, String text) {
        return colours && line.tone() != Tone.PLAIN ? line.tone().begin + text + "\033[0m" : text;
    }

    private String cut(String text) {
        return text.substring(0, Math.min(text.length(), columns - 1));
    }
}
