package dev.latchkey.gateway.uplink;

import dev.latchkey.cbor.CborSequence;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** The items that a cloud node streams; for one reading thread, closable by any. */
public final class ItemStream implements Closeable {
    private final CborSequence items;

    ItemStream(InputStream input, int maxItemBytes) {
        this.items = new CborSequence(input, maxItemBytes);
    }

    /** Waits for the next item; empty when the sequence has ended. What is no item ends the stream like a broken line. */
    public Optional<Item> next() throws IOException {
        try {
            return items.next();
        } catch (MalformedCborException e) {
            throw new IOException("an item of the stream is malformed", e);
        }
    }

    @Override
    public void close() throws IOException {
        items.close();
    }
}
