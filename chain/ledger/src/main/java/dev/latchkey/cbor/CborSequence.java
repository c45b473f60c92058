package dev.latchkey.cbor;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.MalformedCborException.Reason;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/**
 * A CBOR sequence (RFC 8742) read item by item, from a file or while it arrives, so that one of any length needs the
 * memory of one item. For one reading thread, closable by any. It only finds where an item ends, within bounds of size and
 * depth; what the item is, the strict decoder says.
 */
public final class CborSequence implements Closeable {
    private static final int MAX_DEPTH = 8;
    private static final int BUFFER_BYTES = 32 * 1024;
    private static final int ONE_BYTE_ARGUMENT = 24;
    private static final int EIGHT_BYTE_ARGUMENT = 27;
    private static final int BYTES = 2;
    private static final int TEXT = 3;
    private static final int ARRAY = 4;
    private static final int MAP = 5;
    private static final int TAG = 6;

    private final InputStream input;
    private final int maxItemBytes;

    /**
     * A sequence.
     *
     * @param maxItemBytes longest encoded item
     */
    public CborSequence(InputStream input, int maxItemBytes) {
        this.input = new BufferedInputStream(input, BUFFER_BYTES);
        this.maxItemBytes = maxItemBytes;
    }

    /** Waits for the next item; empty when the sequence has ended. */
    public Optional<Item> next() throws IOException, MalformedCborException {
        int first = input.read();
        if (first < 0) {
            return Optional.empty();
        }
        ByteArrayOutputStream item = new ByteArrayOutputStream();
        copyItem(first, item, MAX_DEPTH);
        return Optional.of(Cbor.decode(Bytes.wrap(item.toByteArray()), maxItemBytes));
    }

    @Override
    public void close() throws IOException {
        input.close();
    }

    /** Copies one item; its heads say how much follows (RFC 8949, section 3). */
    private void copyItem(int first, ByteArrayOutputStream item, int depth) throws IOException, MalformedCborException {
        if (depth == 0) {
            throw new MalformedCborException(Reason.TOO_DEEP);
        }
        item.write(first);
        int major = first >> 5;
        long argument = argument(first & 0x1f, item);
        if (major == BYTES || major == TEXT) {
            copyBytes(argument, item);
        } else if (major >= ARRAY && major <= TAG) {
            requireRoom(argument, item);
            long children = major == ARRAY ? argument : major == MAP ? 2 * argument : 1;
            for (long i = 0; i < children; i++) {
                copyItem(readByte(), item, depth - 1);
            }
        }
    }

    private long argument(int additional, ByteArrayOutputStream item) throws IOException, MalformedCborException {
        if (additional < ONE_BYTE_ARGUMENT) {
            return additional;
        }
        if (additional > EIGHT_BYTE_ARGUMENT) {
            throw new MalformedCborException(Reason.INDEFINITE_LENGTH);
        }
        long argument = 0;
        for (int i = 0; i < 1 << (additional - ONE_BYTE_ARGUMENT); i++) {
            int next = readByte();
            item.write(next);
            argument = argument << 8 | next;
        }
        return argument;
    }

    private void copyBytes(long length, ByteArrayOutputStream item) throws IOException, MalformedCborException {
        requireRoom(length, item);
        byte[] bytes = input.readNBytes((int) length);
        if (bytes.length < length) {
            throw new MalformedCborException(Reason.TRUNCATED);
        }
        item.write(bytes, 0, bytes.length);
    }

    /** What is still to come takes at least one byte for each of these, be they bytes or items. */
    private void requireRoom(long more, ByteArrayOutputStream item) throws MalformedCborException {
        if (more < 0 || more > maxItemBytes - item.size()) {
            throw new MalformedCborException(Reason.TOO_LARGE);
        }
    }

    private int readByte() throws IOException, MalformedCborException {
        int next = input.read();
        if (next < 0) {
            throw new MalformedCborException(Reason.TRUNCATED);
        }
        return next;
    }
}
