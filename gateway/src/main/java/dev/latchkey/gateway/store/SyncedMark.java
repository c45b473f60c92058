package dev.latchkey.gateway.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import java.util.zip.CRC32;

/**
 * How many changes the store has made and how far its manifest goes, in a file beside it: a log that lost its end looks like
 * one whose last write was cut off, and a manifest that did like an older one. Entered after each synced write and synced
 * at the start only: it may say too little after a power cut, never too much. Used by one thread.
 */
final class SyncedMark implements AutoCloseable {
    static final String NAME = "synced";
    private static final int SIZE = 5 * Long.BYTES;

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

    /**
     * What was entered.
     *
     * @param changes the number of the store's last change
     * @param manifest the number in the name of the manifest
     * @param size bytes of it that are on disk
     * @param oldestLog the number of the oldest write-ahead log that was needed; what is older is left over
     */
    record Entry(long changes, long manifest, long size, long oldestLog) {}

    /** What a store that is not open entered last. */
    static Optional<Entry> readIn(Path directory) throws IOException {
        if (!Files.exists(directory.resolve(NAME))) {
            return Optional.empty();
        }
        try (SyncedMark mark = open(directory)) {
            return mark.read();
        }
    }

    /** What was entered last; empty if there is nothing, or nothing whole. */
    Optional<Entry> read() throws IOException {
        buffer.clear();
        if (file.read(buffer, 0) < SIZE) {
            return Optional.empty();
        }
        buffer.flip();
        Entry entry = new Entry(buffer.getLong(), buffer.getLong(), buffer.getLong(), buffer.getLong());
        return buffer.getLong() == sum() ? Optional.of(entry) : Optional.empty();
    }

    void write(Entry entry) throws IOException {
        buffer.clear().putLong(entry.changes()).putLong(entry.manifest()).putLong(entry.size());
        buffer.putLong(entry.oldestLog()).putLong(sum()).flip();
        file.write(buffer, 0);
    }

    /** Has what was entered on disk. */
    void sync() throws IOException {
        file.force(false);
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    private long sum() {
        CRC32 crc = new CRC32();
        crc.update(buffer.array(), 0, SIZE - Long.BYTES);
        return crc.getValue();
    }
}
