package dev.latchkey.sim.source;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * The source cannot be replayed, and nothing of it was handed out. The message names file, line and column, says what
 * is wrong and what to do; texts from the file are shortened in it and hold no control characters.
 */
public final class UnusableSourceException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Of a text from the file, as much as a person needs to find it again. */
    private static final int SHOWN_CHARACTERS = 40;

    private final String file;
    private final int line;
    private final String column;

    private UnusableSourceException(String message, String file, int line, String column, Throwable cause) {
        super(message, cause);
        this.file = file;
        this.line = line;
        this.column = column;
    }

    /** The source as a whole. */
    static UnusableSourceException of(String file, String what, Throwable cause) {
        return new UnusableSourceException(shown(file) + ": " + what, file, 0, "", cause);
    }

    /** One line, counted from 1 as an editor does. */
    static UnusableSourceException ofLine(String file, long line, String what, Throwable cause) {
        return new UnusableSourceException(
                shown(file) + ": line " + line + ": " + what, file, Math.toIntExact(line), "", cause);
    }

    /** One field of a line. */
    static UnusableSourceException ofField(String file, long line, String column, String what) {
        String where = shown(file) + ": line " + line + ", column " + quoted(column) + ": ";
        return new UnusableSourceException(where + what, file, Math.toIntExact(line), column, null);
    }

    /** A text from the file, fit for a terminal. */
    static String quoted(String text) {
        String shortened = text.length() > SHOWN_CHARACTERS ? text.substring(0, SHOWN_CHARACTERS) + "..." : text;
        return "\"" + shown(shortened) + "\"";
    }

    private static String shown(String text) {
        return text.replaceAll("\\p{Cntrl}", "?");
    }

    /** The file at fault, as it was given. */
    public String file() {
        return file;
    }

    /** The line at fault, from 1; the one that a row over several lines begins with. Empty if the whole is at fault. */
    public OptionalInt line() {
        return line == 0 ? OptionalInt.empty() : OptionalInt.of(line);
    }

    /** The name of the column at fault, if it is one. */
    public Optional<String> column() {
        return column.isEmpty() ? Optional.empty() : Optional.of(column);
    }
}
