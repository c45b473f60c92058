package dev.latchkey.cloud.chain;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Heads that were published lately, so that a proof can be had against the checkpoint that a client holds. Thread-safe.
 * A head stays answerable for an hour, and the newest thousand at most: each holds the nodes that later blocks replaced.
 */
final class RecentHeads {
    private static final int MAX_HEADS = 1_024;
    private static final Duration KEPT = Duration.ofHours(1);

    private final TreeMap<Long, Published> heads = new TreeMap<>(); // guarded by this

    synchronized void add(Published head) {
        heads.put(head.height(), head);
        Instant oldest = head.signedAt().minus(KEPT);
        while (heads.size() > MAX_HEADS
                || heads.firstEntry().getValue().signedAt().isBefore(oldest)) {
            heads.pollFirstEntry();
        }
    }

    synchronized Optional<Published> at(long height) {
        return Optional.ofNullable(heads.get(height));
    }
}
