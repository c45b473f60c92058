package dev.latchkey.sim.source;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.CsvRecordHandler;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import dev.latchkey.senml.Label;
import dev.latchkey.senml.Record;
import dev.latchkey.senml.Value;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One reading of a file, row by row. Not for use by several threads. */
final class CsvRows {
    /** Of a row: more than any instrument has columns. */
    private static final int MAX_FIELDS = 1_000;

    /** Of a field and of a row, in characters. */
    private static final int MAX_CHARACTERS = 64 * 1_024;

    /** In the message about a column that is not there. */
    private static final int MAX_NAMES_SHOWN = 20;

    /** What FastCSV's messages end with. */
    private static final Pattern RECORD_START = Pattern.compile("record starting at line ([0-9]{1,9})\\)");

    private static final char BYTE_ORDER_MARK = '\uFEFF';
    private static final Pattern NUMBER =
            Pattern.compile("[+-]?([0-9]{1,30}(\\.[0-9]{0,30})?|\\.[0-9]{1,30})([eE][+-]?[0-9]{1,3})?");

    private final Path path;
    private final String file;
    private final CsvColumns columns;
    private final CsvUnit unit;
    private final int maxRows;
    /** What every row fills with its value. */
    private final Record reading;

    private final List<CsvSource.Row> rows = new ArrayList<>();
    private List<String> header = List.of();
    private int timeField;
    private int valueField;
    /** The line that the last complete row began with. */
    private long line;

    CsvRows(Path path, CsvColumns columns, CsvUnit unit, int maxRows) {
        this.path = path;
        this.file = path.toString();
        this.columns = columns;
        this.unit = unit;
        this.maxRows = maxRows;
        this.reading = Record.of(columns.name(), unit.symbol(), BigDecimal.ZERO);
    }

    List<CsvSource.Row> read(long maxBytes) throws UnusableSourceException {
        try (InputStream bytes = new BoundedInput(Files.newInputStream(path), maxBytes);
                Reader text = withoutMark(bytes);
                CsvReader<CsvRecord> csv = parser(text)) {
            Iterator<CsvRecord> records = csv.iterator();
            if (!records.hasNext()) {
                throw UnusableSourceException.of(file, "the file is empty: a header line and rows are expected", null);
            }
            takeHeader(records.next());
            while (records.hasNext()) {
                takeRow(records.next());
            }
        } catch (CsvParseException e) {
            throw unreadable(e, e.getCause());
        } catch (UncheckedIOException e) {
            throw unreadable(e, e.getCause());
        } catch (IOException e) {
            throw unreadable(e, e);
        }
        if (rows.isEmpty()) {
            throw UnusableSourceException.ofLine(file, line, "no row after the header", null);
        }
        return List.copyOf(rows);
    }

    private static Reader withoutMark(InputStream bytes) throws IOException {
        BufferedReader text = new BufferedReader(new InputStreamReader(
                bytes, StandardCharsets.UTF_8.newDecoder())); // a decoder of one's own reports what is not UTF-8
        text.mark(1);
        if (text.read() != BYTE_ORDER_MARK) {
            text.reset();
        }
        return text;
    }

    private static CsvReader<CsvRecord> parser(Reader text) {
        return CsvReader.builder()
                .maxBufferSize(2 * MAX_CHARACTERS)
                .allowUnclosedQuote(false)
                .extraFieldStrategy(FieldMismatchStrategy.IGNORE) // a ragged row is named by us
                .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
                .build(
                        CsvRecordHandler.builder()
                                .maxFields(MAX_FIELDS)
                                .maxFieldSize(MAX_CHARACTERS)
                                .maxRecordSize(MAX_CHARACTERS)
                                .build(),
                        text);
    }

    private UnusableSourceException unreadable(Exception fault, Throwable cause) {
        if (cause instanceof BoundedInput.TooLongException) {
            return UnusableSourceException.of(file, "longer than 64 MiB: cut it into several files", fault);
        }
        if (cause instanceof CharacterCodingException) {
            // A pipe cannot be read a second time.
            long at = Files.isRegularFile(path) ? LineOfCharacters.firstMalformed(path) : line + 1;
            return UnusableSourceException.ofLine(file, at, "not UTF-8: save the file as UTF-8", fault);
        }
        if (cause instanceof NoSuchFileException) {
            return UnusableSourceException.of(file, "there is no such file", fault);
        }
        if (fault instanceof CsvParseException) {
            Matcher start = RECORD_START.matcher(String.valueOf(fault.getMessage()));
            long from = start.find() ? Long.parseLong(start.group(1)) : line + 1;
            return UnusableSourceException.ofLine(
                    file, from, "not comma-separated values: check the quotes from here on", fault);
        }
        return UnusableSourceException.of(
                file, Files.isDirectory(path) ? "a directory; name a file in it" : "cannot be read", fault);
    }

    private void takeHeader(CsvRecord record) throws UnusableSourceException {
        line = record.getStartingLineNumber();
        header = record.getFields().stream().map(String::strip).toList();
        timeField = field(columns.time());
        valueField = field(columns.value());
    }

    private int field(String name) throws UnusableSourceException {
        int found = header.indexOf(name);
        if (found < 0) {
            throw UnusableSourceException.ofField(file, line, name, "there is no such column; there are " + names());
        }
        if (header.lastIndexOf(name) != found) {
            throw UnusableSourceException.ofField(file, line, name, "two columns of this name: rename one");
        }
        return found;
    }

    private String names() {
        List<String> shown = header.stream()
                .limit(MAX_NAMES_SHOWN)
                .map(UnusableSourceException::quoted)
                .toList();
        boolean semicolons = header.size() == 1 && header.get(0).contains(";");
        return String.join(", ", shown)
                + (header.size() > shown.size() ? " and " + (header.size() - shown.size()) + " more" : "")
                + (semicolons ? "; put commas between the fields, not semicolons" : "");
    }

    private void takeRow(CsvRecord record) throws UnusableSourceException {
        line = record.getStartingLineNumber();
        if (rows.size() == maxRows) {
            throw UnusableSourceException.ofLine(file, line, "more rows than " + maxRows + ": cut the file here", null);
        }
        if (record.getFieldCount() != header.size()) {
            throw UnusableSourceException.ofLine(
                    file, line, header.size() + " fields expected, found " + record.getFieldCount(), null);
        }
        Instant at = time(record.getField(timeField).strip());
        BigDecimal value = value(record.getField(valueField).strip());
        rows.add(new CsvSource.Row(Math.toIntExact(line), at, value));
    }

    private Instant time(String text) throws UnusableSourceException {
        Instant at;
        try {
            at = RecordedTime.parse(text);
        } catch (IllegalArgumentException e) {
            throw fault(columns.time(), UnusableSourceException.quoted(text) + " " + e.getMessage());
        }
        if (!rows.isEmpty() && at.isBefore(rows.get(rows.size() - 1).at())) {
            int before = rows.get(rows.size() - 1).line();
            throw fault(
                    columns.time(),
                    UnusableSourceException.quoted(text) + " is earlier than line " + before
                            + ": sort the rows by time");
        }
        return at;
    }

    private BigDecimal value(String text) throws UnusableSourceException {
        if (text.isEmpty()) {
            throw fault(columns.value(), "no value: fill it in or leave the row out");
        }
        if (!NUMBER.matcher(text).matches()) {
            throw fault(
                    columns.value(), UnusableSourceException.quoted(text) + " is not a number such as -12.5 or 3e-4");
        }
        BigDecimal value = unit.convert(new BigDecimal(text));
        try {
            reading.with(Label.VALUE, Value.of(value));
        } catch (IllegalArgumentException e) {
            throw fault(
                    columns.value(), UnusableSourceException.quoted(text) + " has more digits than a reading carries");
        }
        return value;
    }

    private UnusableSourceException fault(String column, String what) {
        return UnusableSourceException.ofField(file, line, column, what);
    }
}
