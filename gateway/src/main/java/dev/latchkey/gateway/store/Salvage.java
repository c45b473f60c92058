package dev.latchkey.gateway.store;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.FlushOptions;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * Copies what can still be read of a table with damaged files into a new one: from its first row up to the damage, and from
 * its last row back to it. What lies between is given up. For one opening, by one thread.
 */
final class Salvage {
    private static final int ROWS_PER_WRITE = 1_000;

    private final RocksDB db;
    private final ColumnFamilyOptions options;

    Salvage(RocksDB db, ColumnFamilyOptions options) {
        this.db = db;
        this.options = options;
    }

    /**
     * Mends a table, if it needs that; the old one is gone only when the new one is on disk.
     *
     * @param newTitle the new column family's title
     * @return how many rows are left, if it was damaged
     */
    Optional<Long> mend(ColumnFamilyHandle table, String newTitle) throws RocksDBException {
        if (isWhole(table)) {
            return Optional.empty();
        }
        try (ColumnFamilyHandle fresh = db.createColumnFamily(
                        new ColumnFamilyDescriptor(newTitle.getBytes(StandardCharsets.US_ASCII), options));
                FlushOptions flush = new FlushOptions().setWaitForFlush(true)) {
            long rows = copy(table, fresh);
            db.flush(flush, List.of(fresh));
            db.dropColumnFamily(table);
            return Optional.of(rows);
        }
    }

    private boolean isWhole(ColumnFamilyHandle table) {
        try (ReadOptions reads = new ReadOptions().setFillCache(false);
                RocksIterator rows = db.newIterator(table, reads)) {
            rows.seekToFirst();
            while (rows.isValid()) {
                rows.next();
            }
            rows.status();
            return true;
        } catch (RocksDBException e) {
            return false;
        }
    }

    private long copy(ColumnFamilyHandle from, ColumnFamilyHandle to) throws RocksDBException {
        long count = 0;
        byte[] last = null;
        try (ReadOptions reads = new ReadOptions().setFillCache(false);
                WriteOptions unlogged = new WriteOptions().setDisableWAL(true);
                WriteBatch batch = new WriteBatch()) {
            try (RocksIterator forward = db.newIterator(from, reads)) {
                for (forward.seekToFirst(); forward.isValid(); forward.next()) {
                    last = forward.key();
                    batch.put(to, last, forward.value());
                    count++;
                    writeFull(unlogged, batch);
                }
            }
            try (RocksIterator backward = db.newIterator(from, reads)) {
                for (backward.seekToLast(); backward.isValid(); backward.prev()) {
                    byte[] key = backward.key();
                    if (last != null && Arrays.compareUnsigned(key, last) <= 0) {
                        break;
                    }
                    batch.put(to, key, backward.value());
                    count++;
                    writeFull(unlogged, batch);
                }
            }
            db.write(unlogged, batch);
        }
        return count;
    }

    private void writeFull(WriteOptions unlogged, WriteBatch batch) throws RocksDBException {
        if (batch.count() >= ROWS_PER_WRITE) {
            db.write(unlogged, batch);
            batch.clear();
        }
    }
}
