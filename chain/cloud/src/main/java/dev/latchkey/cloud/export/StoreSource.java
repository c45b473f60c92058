package dev.latchkey.cloud.export;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.checkpoint.MalformedCheckpointException;
import dev.latchkey.checkpoint.SignedCheckpoint;
import dev.latchkey.cloud.chain.ChainStore;
import dev.latchkey.cloud.store.StoreFault;
import dev.latchkey.console.UsageFault;
import dev.latchkey.transaction.ChainId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The directory of a stopped node, read and never written. While it is open no node can start on it. Not for use by
 * several threads.
 */
final class StoreSource implements ChainSource {
    private static final String CHAINS = "chains";

    private final ChainStore store;
    private final ChainId chain;
    private final Bytes checkpoint;
    private final long checkpointHeight;
    private final long height;
    private long next;

    private StoreSource(ChainStore store, ChainId chain, Bytes checkpoint, long checkpointHeight, long height) {
        this.store = store;
        this.chain = chain;
        this.checkpoint = checkpoint;
        this.checkpointHeight = checkpointHeight;
        this.height = height;
    }

    /** Opens the chain with that id, or the only one. */
    static StoreSource open(Path data, Optional<ChainId> wanted) throws IOException, MalformedSourceException {
        Path directory = Files.isDirectory(data.resolve(CHAINS)) ? data.resolve(CHAINS) : data;
        ChainStore store;
        try {
            store = ChainStore.openForReading(directory);
        } catch (StoreFault e) {
            throw new UsageFault(e.getMessage());
        }
        try {
            ChainId chain = ChainChoice.of(store.chains(), wanted);
            Bytes checkpoint = store.checkpoint(chain)
                    .orElseThrow(() -> new MalformedSourceException("there is no signed checkpoint"));
            long signed = SignedCheckpoint.decode(checkpoint).checkpoint().height();
            long height = store.lastHeight(chain);
            if (signed > height) {
                throw new MalformedSourceException("the checkpoint is of a block that is not there");
            }
            return new StoreSource(store, chain, checkpoint, signed, height);
        } catch (MalformedCheckpointException e) {
            store.close();
            throw new MalformedSourceException("the checkpoint is malformed", e);
        } catch (MalformedSourceException | RuntimeException e) {
            store.close();
            throw e;
        }
    }

    @Override
    public ChainId chain() {
        return chain;
    }

    @Override
    public long height() {
        return height;
    }

    @Override
    public long checkpointHeight() {
        return checkpointHeight;
    }

    @Override
    public Optional<Bytes> next() throws MalformedSourceException {
        if (next > height) {
            return Optional.empty();
        }
        Bytes block = store.block(chain, next).orElseThrow(() -> new MalformedSourceException("the block is missing"));
        next++;
        return Optional.of(block);
    }

    @Override
    public Bytes checkpoint() {
        return checkpoint;
    }

    @Override
    public void close() {
        store.close();
    }
}
