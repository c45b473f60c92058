package dev.latchkey.device;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.protocol.MailboxEntry;
import dev.latchkey.protocol.MalformedMessageException;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/** The entries of an open stream of a mailbox, as they come. For one thread, which it blocks. */
final class MailboxStream implements AutoCloseable {
    private static final int MAX_AT_ONCE = 256;
    private static final int MAX_NESTED = 4;
    private static final int MAX_PARTS = 16;

    private final InputStream in;

    MailboxStream(InputStream in) {
        this.in = in;
    }

    /** What has come, at least one entry; waits for it. */
    List<MailboxEntry> next() throws IOException {
        List<MailboxEntry> entries = new ArrayList<>();
        while (entries.isEmpty() || entries.size() < MAX_AT_ONCE && in.available() > 0) {
            ByteArrayOutputStream item = new ByteArrayOutputStream();
            copy(item, 0);
            try {
                Item read = Cbor.decode(Bytes.wrap(item.toByteArray()), MailboxEntry.MAX_BYTES);
                if (!read.isNull()) { // a sign of life
                    entries.add(MailboxEntry.fromItem(read));
                }
            } catch (MalformedCborException | MalformedMessageException e) {
                throw new IOException("not a stream of mailbox entries", e);
            }
        }
        return entries;
    }

    private void copy(ByteArrayOutputStream item, int depth) throws IOException {
        int head = byteInto(item);
        int major = head >> 5;
        long value = head & 0x1f;
        if (value >= 24) {
            int size = value > 27 ? 0 : 1 << (value - 24);
            value = 0;
            for (int i = 0; i < size; i++) {
                value = value << 8 | byteInto(item);
            }
        }
        if (major == 2 || major == 3) {
            if (value < 0 || value > MailboxEntry.MAX_BYTES) {
                throw new IOException("an entry is too large");
            }
            byte[] bytes = in.readNBytes((int) value);
            item.writeBytes(bytes);
            if (bytes.length < value) {
                throw new EOFException("the stream ended");
            }
        } else if (major == 4) {
            if (value < 0 || value > MAX_PARTS || depth == MAX_NESTED) {
                throw new IOException("not a mailbox entry");
            }
            for (long i = 0; i < value; i++) {
                copy(item, depth + 1);
            }
        }
    }

    private int byteInto(ByteArrayOutputStream item) throws IOException {
        int next = in.read();
        if (next < 0) {
            throw new EOFException("the stream ended");
        }
        item.write(next);
        return next;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
