package dev.latchkey.cloud;

/**
 * Beyond which bounds a node says that it is not ready. Immutable.
 *
 * @param diskFree bytes that must be left where the data lie
 * @param entriesBehind committed entries of a group that may wait to be applied
 */
public record ReadySettings(long diskFree, long entriesBehind) {
    /** What holds unless the settings say otherwise. */
    public static final ReadySettings USUAL = new ReadySettings(256L << 20, 10_000);
}
