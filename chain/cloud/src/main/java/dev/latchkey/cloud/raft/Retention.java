package dev.latchkey.cloud.raft;

/**
 * How much of its log a member keeps. Immutable. A member that was away longer than that is sent a snapshot.
 *
 * @param snapshotEntries entries between two snapshots, at most; fewer if they fill {@link #snapshotBytes()}
 * @param keptEntries entries kept behind a snapshot
 * @param segmentBytes size of one file of the log; only whole files are given up
 */
public record Retention(long snapshotEntries, long keptEntries, long segmentBytes) {
    /** What a node alone keeps: at about 1 KiB an entry a restart reads at most some 100 MB of log. */
    public static final Retention DEFAULT = new Retention(100_000, 10_000, 16L << 20);

    /** Files of the log between two snapshots: batches for mailboxes are a hundred times as large as other entries. */
    private static final int SNAPSHOT_FILES = 16;

    /** Bytes of entries behind which a snapshot is due. */
    long snapshotBytes() {
        return SNAPSHOT_FILES * segmentBytes;
    }
}
