package dev.latchkey.cloud.chain;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;

/** Who waits for a published head of some height. Thread-safe. */
final class HeadWaits {
    private final ConcurrentSkipListMap<Long, CompletableFuture<Published>> waiting = new ConcurrentSkipListMap<>();

    /** A wait for a head of that height or later. */
    CompletableFuture<Published> of(long height) {
        return waiting.computeIfAbsent(height, unused -> new CompletableFuture<>());
    }

    /** Ends the waits that this head fulfils. */
    void release(Published head) {
        for (Long height : waiting.headMap(head.height(), true).keySet()) {
            CompletableFuture<Published> wait = waiting.remove(height);
            if (wait != null) {
                wait.complete(head);
            }
        }
    }

    /** Ends all waits without a head. */
    void giveUp(String reason) {
        for (Long height : waiting.keySet()) {
            CompletableFuture<Published> wait = waiting.remove(height);
            if (wait != null) {
                wait.completeExceptionally(new NotSigningException(reason));
            }
        }
    }
}
