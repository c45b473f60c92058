package dev.latchkey.cloud.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Keeps writers away from a RocksDB directory while it is read: a shared lock on the file that a writer locks alone.
 * RocksDB itself takes no lock when it only reads. Closing gives the lock back.
 */
final class StoreLock implements AutoCloseable {
    private static final String FILE = "LOCK";

    private final FileChannel file;

    private StoreLock(FileChannel file) {
        this.file = file;
    }

    /** @throws StoreFault if another process writes to the directory, or there is no RocksDB in it */
    static StoreLock shared(Path directory) throws IOException {
        if (!Files.exists(directory.resolve(FILE))) {
            throw new StoreFault("there is no store: " + directory);
        }
        FileChannel file = FileChannel.open(directory.resolve(FILE), StandardOpenOption.READ);
        try {
            FileLock lock = file.tryLock(0, Long.MAX_VALUE, true);
            if (lock == null) {
                throw new StoreFault("a node runs on this directory; ask it, or stop it first: " + directory);
            }
            return new StoreLock(file);
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
