package dev.latchkey.cloud.history;

import java.util.List;

/**
 * What a client was shown of a log: the entries from a place on, and no more were there. Immutable.
 *
 * @param from the place of the first entry, 0 for the beginning
 * @param begun when it asked, nanoseconds
 * @param ended when it had the answer, nanoseconds
 */
public record Read<E>(long from, List<E> entries, long begun, long ended) {
    public Read {
        entries = List.copyOf(entries);
    }

    /** How long the log was. */
    long length() {
        return from + entries.size();
    }
}
