package dev.latchkey.console;

import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Aligned columns in plain ASCII. Text stands left, numbers and durations right; whole numbers get their thousands
 * apart, other numbers three digits, durations their unit. Not for use by several threads.
 */
public final class Table {
    private static final String GAP = "  ";

    /** A cell that stands left, also when it looks like a quantity. */
    public record Left(String text) {}

    private record Cell(String text, boolean right) {
        static Cell of(Object value) {
            if (value instanceof Double || value instanceof Float) {
                return new Cell(Units.digits(((Number) value).doubleValue()), true);
            }
            if (value instanceof Number number) {
                return new Cell(Units.count(number.longValue()), true);
            }
            if (value instanceof Duration duration) {
                return new Cell(Units.text(duration), true);
            }
            if (value instanceof Left left) {
                return new Cell(left.text(), false);
            }
            String text = String.valueOf(value);
            // A quantity that was written by Units, such as "45 B".
            boolean quantity = !text.isEmpty() && text.matches("-?[0-9][0-9,.]*( ?[a-zA-Z%/]{1,4})?");
            return new Cell(text, quantity);
        }
    }

    private final List<String> header;
    private final List<List<Cell>> rows = new ArrayList<>();

    /** @param header the columns' names; none for a table without a head */
    public Table(String... header) {
        this.header = List.of(header);
    }

    /** @throws IllegalArgumentException when the row has not as many cells as the header has names */
    public Table row(Object... cells) {
        int columns = header.isEmpty() && !rows.isEmpty() ? rows.get(0).size() : header.size();
        if (columns != 0 && cells.length != columns) {
            throw new IllegalArgumentException("a row must have as many cells as the table has columns");
        }
        List<Cell> row = new ArrayList<>(cells.length);
        for (Object cell : cells) {
            row.add(Cell.of(cell));
        }
        rows.add(row);
        return this;
    }

    public void print(PrintStream out) {
        for (String line : lines()) {
            out.println(line);
        }
        out.flush();
    }

    /** The lines that {@link #print} writes. */
    public List<String> lines() {
        int columns = header.isEmpty() ? (rows.isEmpty() ? 0 : rows.get(0).size()) : header.size();
        int[] width = new int[columns];
        boolean[] right = new boolean[columns];
        for (int c = 0; c < columns; c++) {
            width[c] = header.isEmpty() ? 0 : header.get(c).length();
            for (List<Cell> row : rows) {
                width[c] = Math.max(width[c], row.get(c).text().length());
                right[c] |= row.get(c).right();
            }
        }
        List<String> lines = new ArrayList<>();
        if (!header.isEmpty()) {
            StringBuilder names = new StringBuilder();
            StringBuilder rule = new StringBuilder();
            for (int c = 0; c < columns; c++) {
                put(names, header.get(c), width[c], right[c], c);
                put(rule, "-".repeat(width[c]), width[c], false, c);
            }
            lines.add(names.toString().stripTrailing());
            lines.add(rule.toString());
        }
        for (List<Cell> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int c = 0; c < columns; c++) {
                put(line, row.get(c).text(), width[c], row.get(c).right(), c);
            }
            lines.add(line.toString().stripTrailing());
        }
        return lines;
    }

    private static void put(StringBuilder line, String text, int width, boolean right, int column) {
        if (column > 0) {
            line.append(GAP);
        }
        String pad = " ".repeat(width - text.length());
        line.append(right ? pad + text : text + pad);
    }
}
