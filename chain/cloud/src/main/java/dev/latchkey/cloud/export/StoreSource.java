package dev.latchkey.cloud.export;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.checkpoint.MalformedCheckpointException;
import dev.latchkey.checkpoint.SignedCheckpoint;
import dev.latchkey.cloud.GroupSettings;
import dev.latchkey.cloud.chain.ChainStore;
import dev.latchkey.cloud.store.StoreFault;
import dev.latchkey.console.UsageFault;
import dev.latchkey.export.ChainSource;
import dev.latchkey.export.MalformedSourceException;
import dev.latchkey.transaction.ChainId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The directory of a stopped node, read and never written. While it is open no node can start on it. Not for use by
 * several threads.
 */
final class StoreSource implements ChainSource {
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
        List<Path> directories = new ArrayList<>(GroupSettings.chainDirectories(data));
        if (directories.isEmpty()) {
            directories.add(data);
        }
        Map<ChainId, ChainStore> stores = new LinkedHashMap<>();
        List<ChainStore> opened = new ArrayList<>();
        try {
            for (Path directory : directories) {
                ChainStore store = ChainStore.openForReading(directory);
                opened.add(store);
                store.chains().forEach(chain -> stores.put(chain, store));
            }
            ChainId chain = ChainChoice.of(List.copyOf(stores.keySet()), wanted);
            ChainStore store = stores.get(chain);
            opened.remove(store);
            return open(store, chain);
        } catch (StoreFault e) {
            throw new UsageFault(e.getMessage());
        } finally {
            opened.forEach(ChainStore::close);
        }
    }

    private static StoreSource open(ChainStore store, ChainId chain) throws MalformedSourceException {
        try {
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
