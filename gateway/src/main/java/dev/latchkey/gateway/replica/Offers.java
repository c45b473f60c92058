package dev.latchkey.gateway.replica;

import dev.latchkey.checkpoint.SignedCheckpoint;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Checkpoints that wait to be looked at, in a bounded number: when there are more, those of the lowest heights are
 * dropped. Safe for use by many threads.
 */
final class Offers {
    private static final int MAX_WAITING = 64;
    private static final Comparator<SignedCheckpoint> BY_HEIGHT =
            Comparator.comparingLong(offer -> offer.checkpoint().height());

    private final List<SignedCheckpoint> waiting = new ArrayList<>();

    synchronized void add(SignedCheckpoint offer) {
        if (waiting.size() >= MAX_WAITING) {
            waiting.remove(waiting.stream().min(BY_HEIGHT).orElseThrow());
        }
        waiting.add(offer);
    }

    synchronized boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** Whether one waits whose block may be on disk. */
    synchronized boolean hasUpTo(long height) {
        return waiting.stream().anyMatch(offer -> offer.checkpoint().height() <= height);
    }

    /** Takes out those of at most a height, highest first. */
    synchronized List<SignedCheckpoint> takeUpTo(long height) {
        List<SignedCheckpoint> taken = waiting.stream()
                .filter(offer -> offer.checkpoint().height() <= height)
                .sorted(BY_HEIGHT.reversed())
                .toList();
        waiting.removeAll(taken);
        return taken;
    }
}
