package dev.latchkey.cloud.export;

import dev.latchkey.cbor.CborSequence;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.cbor.MalformedCborException.Reason;
import dev.latchkey.export.MalformedSourceException;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** The items of a source of blocks, one by one. Not for use by several threads. */
final class ItemReader implements Closeable {
    private final CborSequence items;

    ItemReader(InputStream input, int maxItemBytes) {
        this.items = new CborSequence(input, maxItemBytes);
    }

    /** The next item; empty when the sequence has ended. */
    Optional<Item> next() throws IOException, MalformedSourceException {
        try {
            return items.next();
        } catch (MalformedCborException e) {
            throw new MalformedSourceException(text(e.reason()), e);
        }
    }

    private static String text(Reason reason) {
        if (reason == Reason.TRUNCATED) {
            return "it ends within an item";
        }
        return reason == Reason.TOO_LARGE ? "an item is longer than it may be" : "an item is not deterministic CBOR";
    }

    @Override
    public void close() throws IOException {
        items.close();
    }
}
