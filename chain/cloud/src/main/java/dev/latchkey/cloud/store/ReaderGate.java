package dev.latchkey.cloud.store;

import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.rocksdb.RocksDBException;

/**
 * Keeps native memory from being freed under a reader. Thread-safe; users share it, closing excludes them. A reader may
 * read again within a read: the lock is not fair, so a waiting close does not stand between the two.
 */
final class ReaderGate {
    private final ReadWriteLock lock = new ReentrantReadWriteLock();
    private boolean closed; // guarded by lock

    @FunctionalInterface
    interface Use<T> {
        T run() throws RocksDBException;
    }

    <T> T read(Use<T> use) {
        lock.readLock().lock();
        try {
            if (closed) {
                throw new StoreFault("the store is closed");
            }
            return use.run();
        } catch (RocksDBException e) {
            throw new StoreFault("the store failed: " + e.getMessage(), e);
        } finally {
            lock.readLock().unlock();
        }
    }

    /** Runs a change with nobody reading; if it fails, the gate stays closed. */
    void alone(Runnable change) {
        lock.writeLock().lock();
        try {
            if (closed) {
                throw new StoreFault("the store is closed");
            }
            closed = true;
            change.run();
            closed = false;
        } finally {
            lock.writeLock().unlock();
        }
    }

    void close(Runnable free) {
        lock.writeLock().lock();
        try {
            if (!closed) {
                closed = true;
                free.run();
            }
        } finally {
            lock.writeLock().unlock();
        }
    }
}
