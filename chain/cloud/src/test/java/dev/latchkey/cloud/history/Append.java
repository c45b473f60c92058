package dev.latchkey.cloud.history;

/**
 * A client's wish to append an entry to a log. Immutable.
 *
 * @param entry what to append; no two wishes have the same
 * @param begun when it was first asked, nanoseconds
 * @param ended when the last answer came, nanoseconds; without meaning if the outcome is unknown
 */
public record Append<E>(E entry, Outcome outcome, long begun, long ended) {
    /** What the client knows at the end. */
    public enum Outcome {
        /** It was told that the entry is in the log. */
        ACKNOWLEDGED,
        /** It was told that the entry is not in the log and never will be. */
        REFUSED,
        /** It got no answer, or one that says neither. */
        UNKNOWN
    }

    /** Until when the entry may have been appended. */
    long latest() {
        return outcome == Outcome.UNKNOWN ? Long.MAX_VALUE : ended;
    }
}
