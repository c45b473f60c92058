package dev.latchkey.cloud.chain;

import dev.latchkey.checkpoint.SignedCheckpoint;
import dev.latchkey.ledger.ChainState;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The heads that this node signed lately, so that a proof can be had against the checkpoint that a client holds.
 * Thread-safe. A head stays answerable for an hour, and the newest thousand at most: each holds the nodes that later
 * blocks replaced.
 */
final class PublishedHeads {
    private static final int MAX_HEADS = 1_024;
    private static final Duration KEPT = Duration.ofHours(1);

    private final TreeMap<Long, Published> heads = new TreeMap<>(); // guarded by this
    private volatile Published newest;

    /** The newest head. */
    Optional<Published> newest() {
        return Optional.ofNullable(newest);
    }

    /** The head of a height, if it is kept. */
    synchronized Optional<Published> at(long height) {
        return Optional.ofNullable(heads.get(height));
    }

    /** The newest head that carries at least so many witnesses' signatures. */
    synchronized Optional<Published> cosigned(int witnesses) {
        return heads.descendingMap().values().stream()
                .filter(head -> head.witnesses() >= witnesses)
                .findFirst();
    }

    /** Takes the node's signature of a head; what others signed of the same head stays. */
    synchronized Published sign(ChainState state, SignedCheckpoint fresh, Instant moment) {
        SignedCheckpoint signed =
                at(state.height()).map(before -> before.signed().with(fresh)).orElse(fresh);
        Published head = Published.of(state, signed, moment);
        keep(head);
        Instant oldest = moment.minus(KEPT);
        while (heads.size() > MAX_HEADS
                || heads.firstEntry().getValue().signedAt().isBefore(oldest)) {
            heads.pollFirstEntry();
        }
        return head;
    }

    /** Adds signatures to a head that is kept; they were checked before. */
    synchronized Optional<Published> merge(SignedCheckpoint signatures) {
        return at(signatures.checkpoint().height()).map(before -> {
            Published merged = Published.of(before.state(), before.signed().with(signatures), before.signedAt());
            keep(merged);
            return merged;
        });
    }

    private void keep(Published head) {
        heads.put(head.height(), head);
        if (newest == null || newest.height() <= head.height()) {
            newest = head;
        }
    }
}
