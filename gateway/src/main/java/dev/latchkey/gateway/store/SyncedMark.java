package dev.latchkey.gateway.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.OptionalLong;
import java.util.Set;
import java.util.zip.CRC32;

/**
 * How many changes the store has made, in a file beside it: the log of a store that lost its end looks like that of one whose
 * last write was cut off. Entered after each synced write and not synced itself: it may say too little after a power cut,
 * never too much. Used by one thread.
 */
final class SyncedMark implements AutoCloseable {
    static final String NAME = "synced";
    private static final int SIZE = 2 * Long.BYTES;

    private final FileChannel file;
    private final ByteBuffer buffer = ByteBuffer.allocate(SIZE);

    private SyncedMark(FileChannel file) {
        this.file = file;
    }

    static SyncedMark open(Path directory) throws IOException {
        return new SyncedMark(FileChannel.open(
                directory.resolve(NAME),
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))));
    }

    /** What was entered last; empty if there is nothing, or nothing whole. */
    OptionalLong read() throws IOException {
        buffer.clear();
        if (file.read(buffer, 0) < SIZE) {
            return OptionalLong.empty();
        }
        buffer.flip();
        long count = buffer.getLong();
        return buffer.getLong() == sum(count) ? OptionalLong.of(count) : OptionalLong.empty();
    }

    void write(long count) throws IOException {
        buffer.clear().putLong(count).putLong(sum(count)).flip();
        file.write(buffer, 0);
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    private static long sum(long count) {
        CRC32 crc = new CRC32();
        crc.update(ByteBuffer.allocate(Long.BYTES).putLong(count).flip());
        return crc.getValue();
    }
}
