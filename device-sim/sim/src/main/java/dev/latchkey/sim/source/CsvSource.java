package dev.latchkey.sim.source;

import dev.latchkey.senml.Pack;
import dev.latchkey.senml.Record;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.util.AbstractList;
import java.util.List;
import java.util.RandomAccess;

/**
 * A column of numbers and a column of times from a file of comma-separated values (RFC 4180) with a header line, in
 * UTF-8 with or without a byte order mark. Times may repeat but not go back; without a zone they are UTC. Immutable; a
 * row is kept as time and number only and becomes a pack when it is asked for.
 */
public final class CsvSource implements Source {
    /** Of a file, in bytes: far more than a replay gets through in a day. */
    public static final long MAX_BYTES = 64L << 20;

    /** Of a file: with 100 bytes each in memory they stay small beside the fleet. */
    public static final int MAX_ROWS = 1_000_000;

    /** One checked row. */
    record Row(int line, Instant at, BigDecimal value) {}

    private final String title;
    private final String name;
    private final String unit;
    private final List<Row> rows;

    private CsvSource(String title, String name, String unit, List<Row> rows) {
        this.title = title;
        this.name = name;
        this.unit = unit;
        this.rows = rows;
    }

    /**
     * Reads and checks the whole file.
     *
     * @throws UnusableSourceException at the first fault, with its line and column; nothing was handed out then
     */
    public static CsvSource read(Path file, CsvColumns columns) throws UnusableSourceException {
        return read(file, columns, MAX_BYTES, MAX_ROWS);
    }

    static CsvSource read(Path file, CsvColumns columns, long maxBytes, int maxRows) throws UnusableSourceException {
        CsvUnit unit = CsvUnit.of(file.toString(), columns.unit());
        List<Row> rows = new CsvRows(file, columns, unit, maxRows).read(maxBytes);
        String title = columns.value() + " of " + file.getFileName() + " in " + unit.symbol();
        return new CsvSource(title, columns.name(), unit.symbol(), rows);
    }

    @Override
    public String title() {
        return title;
    }

    @Override
    public List<Observation> observations() {
        return new Observations();
    }

    private final class Observations extends AbstractList<Observation> implements RandomAccess {
        @Override
        public Observation get(int index) {
            Row row = rows.get(index);
            Pack pack = Pack.at(row.at(), Record.of(name, unit, row.value()));
            return new Observation("line " + row.line(), row.at(), pack);
        }

        @Override
        public int size() {
            return rows.size();
        }
    }
}
