package dev.latchkey.sim.weather;

/** A weather file that cannot be read. The message says where, as {@code file:line:column: what}. */
public final class MalformedWeatherException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int line;
    private final int column;

    MalformedWeatherException(String source, int line, int column, String what) {
        super(source + ":" + line + ":" + column + ": " + what);
        this.line = line;
        this.column = column;
    }

    /** The line of the fault, from 1. */
    public int line() {
        return line;
    }

    /** The first character of the field at fault, from 1. */
    public int column() {
        return column;
    }
}
