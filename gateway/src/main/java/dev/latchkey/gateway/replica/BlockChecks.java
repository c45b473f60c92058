package dev.latchkey.gateway.replica;

import java.util.concurrent.atomic.LongAdder;

/**
 * What a replica has checked since it was opened.
 *
 * @param blocksVerified blocks that were verified in full; those read back from disk do not count
 * @param blocksRefused blocks that did not verify
 * @param checkpointsRefused checkpoints that were malformed, said something else than this gateway computed, or were
 *     signed by too few replicas
 * @param verifiedLastMinute blocks that were verified in the last sixty seconds
 */
public record BlockChecks(long blocksVerified, long blocksRefused, long checkpointsRefused, long verifiedLastMinute) {
    /** Counts them; safe for use by many threads. */
    static final class Tally {
        private final LongAdder verifiedBlocks = new LongAdder();
        private final LastMinute lastMinute = new LastMinute();
        private final LongAdder refusedBlocks = new LongAdder();
        private final LongAdder refusedCheckpoints = new LongAdder();

        void verifiedBlock() {
            verifiedBlocks.increment();
            lastMinute.add(System.nanoTime());
        }

        void refusedBlock() {
            refusedBlocks.increment();
        }

        void refusedCheckpoint() {
            refusedCheckpoints.increment();
        }

        BlockChecks now() {
            return new BlockChecks(
                    verifiedBlocks.sum(),
                    refusedBlocks.sum(),
                    refusedCheckpoints.sum(),
                    lastMinute.sum(System.nanoTime()));
        }
    }
}
