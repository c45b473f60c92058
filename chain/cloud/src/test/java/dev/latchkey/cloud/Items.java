package dev.latchkey.cloud;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/** Reads the items of an open CBOR sequence one by one. For one thread. */
final class Items {
    private static final int MAX_BYTES = 1 << 20;

    private final InputStream in;

    Items(InputStream in) {
        this.in = in;
    }

    /** The next item; blocks until it is there. */
    Item next() throws IOException, MalformedCborException {
        ByteArrayOutputStream item = new ByteArrayOutputStream();
        copy(item);
        return Cbor.decode(Bytes.wrap(item.toByteArray()), MAX_BYTES);
    }

    private void copy(ByteArrayOutputStream item) throws IOException {
        int head = in.read();
        if (head < 0) {
            throw new EOFException("the stream ended");
        }
        item.write(head);
        int major = head >> 5;
        long value = head & 0x1f;
        if (value >= 24) {
            int size = 1 << (value - 24);
            value = 0;
            for (int i = 0; i < size; i++) {
                int next = in.read();
                item.write(next);
                value = value << 8 | next;
            }
        }
        if (major == 2 || major == 3) {
            item.writeBytes(in.readNBytes((int) value));
        } else if (major == 4) {
            for (long i = 0; i < value; i++) {
                copy(item);
            }
        }
    }
}
