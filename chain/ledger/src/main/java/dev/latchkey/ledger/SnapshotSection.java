package dev.latchkey.ledger;

/** The sections of a stored state, in their order. To add a part of the state, add its section before the end. */
enum SnapshotSection {
    /** {@code [0, "latchkey-state", version, chain id, height, header]}: the first piece. */
    HEAD,
    /** {@code [1, transaction]}: one of the policy walk, genesis first. */
    WALK,
    /** {@code [2, leaf hashes]}: of the headers, from block 0 on. */
    HISTORY,
    /** {@code [3, paths, lengths of values, values]}: of the directory, paths ascending. */
    DIRECTORY,
    /** {@code [4, kids, lengths of owners, owners]}: every key ever registered, kids ascending. */
    KEYS,
    /** {@code [5, transaction ids, locations]}: every transaction ever applied, ids ascending. */
    APPLIED,
    /** {@code [6, hour, member ids, counts]}: own transactions in the newest hour, ids ascending. */
    COUNTS,
    /** {@code [7, due, name]}: a recovery by operators that waits. */
    DUE,
    /** {@code [8, member id]}: a tombstone. */
    TOMBSTONE,
    /** {@code [9, kid]}: a replica key struck by evidence. */
    STRUCK,
    /** {@code [10, digest]}: the last piece. */
    END;

    /** The format's name. */
    static final String FORMAT = "latchkey-state";

    /** The only version. */
    static final long VERSION = 1;

    /** Most rows of one piece; a piece of the directory also ends at {@link #FULL_BYTES}. */
    static final int MAX_ROWS = 4_096;

    /** Bytes of values from which a piece takes no further row. */
    static final int FULL_BYTES = 256 * 1024;
}
