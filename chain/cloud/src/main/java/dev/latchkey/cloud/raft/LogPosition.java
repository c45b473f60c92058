package dev.latchkey.cloud.raft;

/**
 * The place of one entry in a Raft log. Immutable.
 *
 * @param term the leader's term
 * @param index the entry's index, -1 before the first entry
 */
public record LogPosition(long term, long index) {
    /** Before the first entry of a log. */
    public static final LogPosition START = new LogPosition(0, -1);
}
