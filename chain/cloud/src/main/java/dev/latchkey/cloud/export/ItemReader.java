package dev.latchkey.cloud.export;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/**
 * A CBOR sequence (RFC 8742) read item by item, so that a chain of any length needs the memory of one block. Not for use
 * by several threads. It only finds where an item ends; what the item is, the strict decoder says.
 */
final class ItemReader implements Closeable {
    private static final int MAX_DEPTH = 8;
    private static final int BUFFER_BYTES = 64 * 1024;
    private static final int ONE_BYTE_ARGUMENT = 24;
    private static final int EIGHT_BYTE_ARGUMENT = 27;

    private final InputStream input;
    private final int maxItemBytes;

    ItemReader(InputStream input, int maxItemBytes) {
        this.input = new BufferedInputStream(input, BUFFER_BYTES);
        this.maxItemBytes = maxItemBytes;
    }

    /** The next item; empty when the sequence has ended. */
    Optional<Item> next() throws IOException, MalformedSourceException {
        int first = input.read();
        if (first < 0) {
            return Optional.empty();
        }
        ByteArrayOutputStream item = new ByteArrayOutputStream();
        copyItem(first, item, MAX_DEPTH);
        try {
            return Optional.of(Cbor.decode(Bytes.wrap(item.toByteArray()), maxItemBytes));
        } catch (MalformedCborException e) {
            throw new MalformedSourceException("an item is not deterministic CBOR", e);
        }
    }

    @Override
    public void close() throws IOException {
        input.close();
    }

    /** Copies one item; its heads say how much follows (RFC 8949, section 3). */
    private void copyItem(int first, ByteArrayOutputStream item, int depth)
            throws IOException, MalformedSourceException {
        if (depth == 0) {
            throw new MalformedSourceException("an item is nested too deep");
        }
        item.write(first);
        int major = first >> 5;
        long argument = argument(first & 0x1f, item);
        if (major == 2 || major == 3) {
            copyBytes(argument, item);
        } else if (major >= 4 && major <= 6) {
            requireRoom(argument, item);
            long children = major == 4 ? argument : major == 5 ? 2 * argument : 1;
            for (long i = 0; i < children; i++) {
                copyItem(readByte(), item, depth - 1);
            }
        }
    }

    private long argument(int additional, ByteArrayOutputStream item) throws IOException, MalformedSourceException {
        if (additional < ONE_BYTE_ARGUMENT) {
            return additional;
        }
        if (additional > EIGHT_BYTE_ARGUMENT) {
            throw new MalformedSourceException("an item has no definite length");
        }
        long argument = 0;
        for (int i = 0; i < 1 << (additional - ONE_BYTE_ARGUMENT); i++) {
            int next = readByte();
            item.write(next);
            argument = argument << 8 | next;
        }
        return argument;
    }

    private void copyBytes(long length, ByteArrayOutputStream item) throws IOException, MalformedSourceException {
        requireRoom(length, item);
        byte[] bytes = input.readNBytes((int) length);
        if (bytes.length < length) {
            throw new MalformedSourceException("it ends within an item");
        }
        item.write(bytes, 0, bytes.length);
    }

    private void requireRoom(long more, ByteArrayOutputStream item) throws MalformedSourceException {
        if (more < 0 || more > maxItemBytes - item.size()) {
            throw new MalformedSourceException("an item is longer than it may be");
        }
    }

    private int readByte() throws IOException, MalformedSourceException {
        int next = input.read();
        if (next < 0) {
            throw new MalformedSourceException("it ends within an item");
        }
        return next;
    }
}
