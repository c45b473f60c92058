package dev.latchkey.cloud.export;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.checkpoint.MalformedCheckpointException;
import dev.latchkey.checkpoint.SignedCheckpoint;
import dev.latchkey.export.ChainSource;
import dev.latchkey.export.MalformedSourceException;
import dev.latchkey.ledger.Block;
import dev.latchkey.transaction.ChainId;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.http.HttpClient;
import java.util.List;
import java.util.Optional;

/** A running node, up to the checkpoint that was its newest when this was opened. Not for use by several threads. */
final class NodeSource implements ChainSource {
    private static final int MAX_ELEMENT_BYTES = Block.MAX_BYTES + SignedCheckpoint.MAX_BYTES + 64;

    private final ChainId chain;
    private final Bytes checkpoint;
    private final long height;
    private final ItemReader elements;
    private long next;

    private NodeSource(ChainId chain, Bytes checkpoint, long height, ItemReader elements) {
        this.chain = chain;
        this.checkpoint = checkpoint;
        this.height = height;
        this.elements = elements;
    }

    /** Asks for the chain with that id, or for the only one. */
    static NodeSource open(NodeClient node, Optional<ChainId> wanted) throws IOException, MalformedSourceException {
        try {
            ChainId chain = wanted.isPresent() ? wanted.get() : ChainChoice.of(node.chains(), wanted);
            HttpClient replica = node.pinned(chain);
            String path = "/v1/chains/" + chain.toHex();
            Bytes checkpoint = NodeClient.whole(node.get(replica, path + "/checkpoint"), SignedCheckpoint.MAX_BYTES);
            long height = SignedCheckpoint.decode(checkpoint).checkpoint().height();
            ItemReader elements = new ItemReader(node.get(replica, path + "/blocks?from=0"), MAX_ELEMENT_BYTES);
            return new NodeSource(chain, checkpoint, height, elements);
        } catch (MalformedCheckpointException e) {
            throw new MalformedSourceException("the node's checkpoint is malformed", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
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
        return height;
    }

    @Override
    public Optional<Bytes> next() throws IOException, MalformedSourceException {
        if (next > height) {
            return Optional.empty();
        }
        try {
            while (true) {
                List<Item> element = elements.next()
                        .orElseThrow(() -> new MalformedSourceException("the node's answer ends before its checkpoint"))
                        .asArray(3);
                if (!element.get(1).isNull()) {
                    next++;
                    return Optional.of(element.get(1).asBytes());
                }
            }
        } catch (MalformedCborException e) {
            throw new MalformedSourceException("something else stands where a block should", e);
        }
    }

    @Override
    public Bytes checkpoint() {
        return checkpoint;
    }

    @Override
    public void close() throws IOException {
        elements.close();
    }
}
