package dev.latchkey.cloud.chain;

import java.time.Duration;

/**
 * How much of what lies in the stores is read back to see whether it is still what was written. Immutable.
 *
 * @param every the shortest time between two turns
 * @param rows the most rows of a store that are read in a turn; 0 reads nothing
 */
public record ScrubSettings(Duration every, int rows) {
    /** What holds unless the settings say otherwise. */
    public static final ScrubSettings USUAL = new ScrubSettings(Duration.ofSeconds(10), 256);
}
