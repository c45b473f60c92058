package dev.latchkey.cloud.chain;

import dev.latchkey.checkpoint.Checkpoint;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * What apply arrived at after each of the newest blocks of a chain, as the log gave them: what is read back from the disk
 * has to come to the same. Thread-safe for one writer.
 */
final class AppliedHeads {
    /** Blocks that the line may be behind and still be compared; 200 bytes each. */
    private static final int KEPT = 1_024;

    private final AtomicReferenceArray<Checkpoint> heads = new AtomicReferenceArray<>(KEPT);

    void add(Checkpoint head) {
        heads.set((int) (head.height() % KEPT), head);
    }

    Optional<Checkpoint> at(long height) {
        return Optional.ofNullable(heads.get((int) (height % KEPT))).filter(head -> head.height() == height);
    }
}
