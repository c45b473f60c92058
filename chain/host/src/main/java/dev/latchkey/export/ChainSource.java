package dev.latchkey.export;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.ledger.ChainState;
import dev.latchkey.transaction.ChainId;
import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;

/**
 * The blocks of one chain in order, then a checkpoint. Nothing that it gives is verified. Not for use by several threads.
 */
public interface ChainSource extends Closeable {
    /** The id that the chain is said to have. */
    ChainId chain();

    /** Height of the last block that {@link #next} will give. */
    long height();

    /** Height of the block that the checkpoint is of, at most {@link #height}. */
    long checkpointHeight();

    /** Whether what the source says of itself besides fits the chain that genesis begins. */
    default boolean describes(ChainState genesis) {
        return true;
    }

    /**
     * The next block, from height 0 on; empty after the last.
     *
     * @throws MalformedSourceException if blocks end before {@link #height} or something else stands in their place
     */
    Optional<Bytes> next() throws IOException, MalformedSourceException;

    /** The encoded signed checkpoint; only after {@link #next} was empty. */
    Bytes checkpoint() throws IOException, MalformedSourceException;
}
