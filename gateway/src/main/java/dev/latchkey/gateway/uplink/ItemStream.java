package dev.latchkey.gateway.uplink;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/**
 * A CBOR sequence (RFC 8742) that arrives over time; for one reading thread, closable by any. It only finds where an
 * item ends, within bounds of size and depth; what the item is, the strict decoder says.
 */
public final class ItemStream implements Closeable {
    private static final int MAX_DEPTH = 8;
    private static final int BUFFER_BYTES = 32 * 1024;
    private static final int ONE_BYTE_ARGUMENT = 24;
    private static final int EIGHT_BYTE_ARGUMENT = 27;

    private final InputStream input;
    private final int maxItemBytes;

    ItemStream(InputStream input, int maxItemBytes) {
        this.input = new BufferedInputStream(input, BUFFER_BYTES);
        this.maxItemBytes = maxItemBytes;
    }

    /** Waits for the next item; empty when the sequence has ended. */
    public Optional<Item> next() throws IOException {
        int first = input.read();
        if (first < 0) {
            return Optional.empty();
        }
        ByteArrayOutputStream item = new ByteArrayOutputStream();
        copyItem(first, item, MAX_DEPTH);
        try {
            return Optional.of(Cbor.decode(Bytes.wrap(item.toByteArray()), maxItemBytes));
        } catch (MalformedCborException e) {
            throw new IOException("an item of the stream is malformed", e);
        }
    }

    @Override
    public void close() throws IOException {
        input.close();
    }

    /** Copies one item; its heads say how much follows (RFC 8949, section 3). */
    private void copyItem(int first, ByteArrayOutputStream item, int depth) throws IOException {
        if (depth == 0) {
            throw new IOException("an item of the stream is nested too deep");
        }
        item.write(first);
        int major = first >> 5;
        long argument = argument(first & 0x1f, item);
        if (major == 2 || major == 3) {
            copyBytes(argument, item);
        } else if (major >= 4 && major <= 6) {
            long children = major == 4 ? argument : major == 5 ? 2 * argument : 1;
            requireRoom(children, item);
            for (long i = 0; i < children; i++) {
                copyItem(readByte(), item, depth - 1);
            }
        }
    }

    private long argument(int additional, ByteArrayOutputStream item) throws IOException {
        if (additional < ONE_BYTE_ARGUMENT) {
            return additional;
        }
        if (additional > EIGHT_BYTE_ARGUMENT) {
            throw new IOException("an item of the stream has no definite length");
        }
        long argument = 0;
        for (int i = 0; i < 1 << (additional - ONE_BYTE_ARGUMENT); i++) {
            int next = readByte();
            item.write(next);
            argument = argument << 8 | next;
        }
        return argument;
    }

    private void copyBytes(long length, ByteArrayOutputStream item) throws IOException {
        requireRoom(length, item);
        byte[] bytes = input.readNBytes((int) length);
        if (bytes.length < length) {
            throw new EOFException("the stream ended within an item");
        }
        item.write(bytes, 0, bytes.length);
    }

    private void requireRoom(long bytes, ByteArrayOutputStream item) throws IOException {
        if (bytes < 0 || bytes > maxItemBytes - item.size()) {
            throw new IOException("an item of the stream is too large");
        }
    }

    private int readByte() throws IOException {
        int next = input.read();
        if (next < 0) {
            throw new EOFException("the stream ended within an item");
        }
        return next;
    }
}
