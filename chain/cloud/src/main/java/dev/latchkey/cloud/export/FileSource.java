package dev.latchkey.cloud.export;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.export.ChainSource;
import dev.latchkey.export.ExportHeader;
import dev.latchkey.export.MalformedSourceException;
import dev.latchkey.ledger.Block;
import dev.latchkey.ledger.ChainState;
import dev.latchkey.transaction.ChainId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** An export file: header, blocks, checkpoint, end. Not for use by several threads. */
final class FileSource implements ChainSource {
    private static final int MAX_ITEM_BYTES = Block.MAX_BYTES + 16;

    private final ItemReader items;
    private final ExportHeader header;
    private long next;

    private FileSource(ItemReader items, ExportHeader header) {
        this.items = items;
        this.header = header;
    }

    /** Opens a file and reads its header. */
    static FileSource open(Path file) throws IOException, MalformedSourceException {
        ItemReader items = new ItemReader(Files.newInputStream(file), MAX_ITEM_BYTES);
        try {
            Item first = items.next().orElseThrow(() -> new MalformedSourceException("the file is empty"));
            return new FileSource(items, ExportHeader.fromItem(first));
        } catch (IOException | MalformedSourceException e) {
            items.close();
            throw e;
        }
    }

    @Override
    public ChainId chain() {
        return header.chain();
    }

    @Override
    public long height() {
        return header.height();
    }

    @Override
    public long checkpointHeight() {
        return header.height();
    }

    @Override
    public boolean describes(ChainState genesis) {
        return header.equals(ExportHeader.of(genesis, header.height()));
    }

    @Override
    public Optional<Bytes> next() throws IOException, MalformedSourceException {
        if (next > header.height()) {
            return Optional.empty();
        }
        next++;
        return Optional.of(string());
    }

    @Override
    public Bytes checkpoint() throws IOException, MalformedSourceException {
        Bytes checkpoint = string();
        if (items.next().isPresent()) {
            throw new MalformedSourceException("something follows the checkpoint");
        }
        return checkpoint;
    }

    private Bytes string() throws IOException, MalformedSourceException {
        try {
            return items.next()
                    .orElseThrow(() -> new MalformedSourceException("it ends before the checkpoint"))
                    .asBytes();
        } catch (MalformedCborException e) {
            throw new MalformedSourceException("something else stands where a block should", e);
        }
    }

    @Override
    public void close() throws IOException {
        items.close();
    }
}
