package dev.latchkey.cloud.store;

import dev.latchkey.bytes.Bytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Checkpoint;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompactRangeOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.FlushOptions;
import org.rocksdb.LRUCache;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;
import org.rocksdb.WALRecoveryMode;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * A RocksDB with named families of keys. Thread-safe; batches of several threads are written one after the other.
 *
 * <p>A batch that was written survives the end of the process, however it ends, since its bytes are with the operating
 * system; only {@link #sync} makes it survive the end of power. After a power failure the store is as it was after some
 * batch, never in the middle of one.
 *
 * <p>Closing waits for no reader: every method called afterwards throws {@link StoreFault}, and readers in progress end
 * first.
 */
public final class Store implements AutoCloseable {
    private static final String DIRECTORY = "rocks";

    /** Memory for blocks read from files, bytes. */
    private static final long BLOCK_CACHE_BYTES = 32L << 20;

    /** Memory of one family's newest writes before they go to a file, bytes. */
    private static final long WRITE_BUFFER_BYTES = 8L << 20;

    /** RocksDB's own diary: files kept, and bytes of each. */
    private static final int INFO_LOGS = 3;

    private static final long INFO_LOG_BYTES = 4L << 20;

    private final Path directory;
    private final ReaderGate gate = new ReaderGate();
    private NativeParts parts; // these four guarded by gate
    private RocksDB db;
    private Map<String, ColumnFamilyHandle> families;
    private WriteOptions unsynced;

    private Store(Path directory, NativeParts parts, RocksDB db, Map<String, ColumnFamilyHandle> families) {
        this.directory = directory;
        take(parts, db, families);
    }

    private void take(NativeParts newParts, RocksDB newDb, Map<String, ColumnFamilyHandle> newFamilies) {
        this.parts = newParts;
        this.db = newDb;
        this.families = newFamilies;
        this.unsynced = newParts.keep(new WriteOptions().setSync(false));
    }

    /**
     * Opens or makes the store in a directory that {@link StoreFormat#claim} marks first.
     *
     * @throws StoreFault if the store is damaged or another process holds it
     * @throws IOException if the directory cannot be read or written
     */
    public static Store open(Path directory, StoreFormat format, List<String> families) throws IOException {
        format.claim(directory);
        RocksDB.loadLibrary();
        StoreSwap.finish(directory.resolve(DIRECTORY));
        NativeParts parts = new NativeParts();
        try {
            return open(directory.resolve(DIRECTORY), families, parts, false);
        } catch (RocksDBException e) {
            parts.close();
            throw new StoreFault("the store cannot be opened (another process may hold it): " + directory, e);
        }
    }

    /**
     * Opens the store that another process left, to read it; changes nothing. Until it is closed no process can open the
     * store to write.
     *
     * @throws StoreFault if there is none, it is damaged, or another process holds it
     * @throws IOException if the directory cannot be read
     */
    public static Store openForReading(Path directory, StoreFormat format, List<String> families) throws IOException {
        format.recognize(directory);
        RocksDB.loadLibrary();
        NativeParts parts = new NativeParts();
        try {
            parts.keep(StoreLock.shared(directory.resolve(DIRECTORY)));
            return open(directory.resolve(DIRECTORY), families, parts, true);
        } catch (RocksDBException e) {
            parts.close();
            throw new StoreFault("the store cannot be read: " + directory, e);
        } catch (IOException | StoreFault e) {
            parts.close();
            throw e;
        }
    }

    private static Store open(Path directory, List<String> names, NativeParts parts, boolean reading)
            throws RocksDBException {
        ColumnFamilyOptions family = familyOptions(parts);
        List<ColumnFamilyDescriptor> wanted = new ArrayList<>();
        wanted.add(new ColumnFamilyDescriptor(RocksDB.DEFAULT_COLUMN_FAMILY, family));
        for (String name : names) {
            wanted.add(new ColumnFamilyDescriptor(name.getBytes(StandardCharsets.US_ASCII), family));
        }
        List<ColumnFamilyHandle> handles = new ArrayList<>();
        RocksDB db = parts.keep(
                reading
                        ? RocksDB.openReadOnly(dbOptions(parts), directory.toString(), wanted, handles)
                        : RocksDB.open(dbOptions(parts), directory.toString(), wanted, handles));
        handles.forEach(parts::keep);
        Map<String, ColumnFamilyHandle> families = new HashMap<>();
        for (int i = 0; i < names.size(); i++) {
            families.put(names.get(i), handles.get(i + 1));
        }
        return new Store(directory, parts, db, Map.copyOf(families));
    }

    private static DBOptions dbOptions(NativeParts parts) {
        return parts.keep(new DBOptions()
                .setCreateIfMissing(true)
                .setCreateMissingColumnFamilies(true)
                // all families reach their files together, so the position in one always fits the data in the others
                .setAtomicFlush(true)
                // after a power failure: the longest unbroken run of batches, as the Raft log gives the rest again
                .setWalRecoveryMode(WALRecoveryMode.PointInTimeRecovery)
                .setKeepLogFileNum(INFO_LOGS)
                .setMaxLogFileSize(INFO_LOG_BYTES));
    }

    private static ColumnFamilyOptions familyOptions(NativeParts parts) {
        BlockBasedTableConfig table = new BlockBasedTableConfig()
                .setBlockCache(parts.keep(new LRUCache(BLOCK_CACHE_BYTES)))
                .setFilterPolicy(parts.keep(new BloomFilter(10)));
        return parts.keep(new ColumnFamilyOptions()
                .setTableFormatConfig(table)
                .setWriteBufferSize(WRITE_BUFFER_BYTES)
                // signatures, hashes and ciphertext do not compress
                .setCompressionType(CompressionType.NO_COMPRESSION));
    }

    /** The value under a key. */
    public Optional<Bytes> get(String family, Bytes key) {
        return gate.read(() -> {
            byte[] value = db.get(handle(family), key.toArray());
            return value == null ? Optional.empty() : Optional.of(Bytes.wrap(value));
        });
    }

    /** Whether a key is there. */
    public boolean contains(String family, Bytes key) {
        return get(family, key).isPresent();
    }

    /**
     * Visits the keys from {@code from} (inclusive) to {@code until} (exclusive) in order, until the visitor answers
     * false. What is written meanwhile is not seen.
     */
    public void scan(String family, Bytes from, Bytes until, BiPredicate<Bytes, Bytes> visitor) {
        gate.read(() -> {
            try (Slice end = new Slice(until.toArray());
                    ReadOptions options = new ReadOptions().setIterateUpperBound(end);
                    RocksIterator at = db.newIterator(handle(family), options)) {
                at.seek(from.toArray());
                while (at.isValid() && visitor.test(Bytes.wrap(at.key()), Bytes.wrap(at.value()))) {
                    at.next();
                }
                at.status();
                return null;
            }
        });
    }

    /** The entry with the greatest key that is at least {@code from} and at most {@code to}. */
    public Optional<Row> floor(String family, Bytes from, Bytes to) {
        return gate.read(() -> {
            try (ReadOptions options = new ReadOptions();
                    RocksIterator at = db.newIterator(handle(family), options)) {
                at.seekForPrev(to.toArray());
                at.status();
                if (!at.isValid()) {
                    return Optional.empty();
                }
                Row row = new Row(Bytes.wrap(at.key()), Bytes.wrap(at.value()));
                return row.key().compareTo(from) < 0 ? Optional.empty() : Optional.of(row);
            }
        });
    }

    /** Writes all of a batch or nothing. */
    public void write(Batch batch) {
        gate.read(() -> {
            try (WriteBatch rocks = new WriteBatch()) {
                for (Batch.Change change : batch.changes()) {
                    change.into(rocks, handle(change.family()));
                }
                db.write(unsynced, rocks);
                return null;
            }
        });
    }

    /** Makes everything written so far survive a power failure. */
    public void sync() {
        gate.read(() -> {
            try (FlushOptions options = new FlushOptions().setWaitForFlush(true)) {
                db.flush(options, List.copyOf(families.values()));
                return null;
            }
        });
    }

    /**
     * Makes a copy of the store, as it stands now, in a directory that must not exist yet. Files that will not change are
     * shared with the store and take no space of their own; on another file system they are copied.
     */
    public void copyTo(Path copy) {
        gate.read(() -> {
            try (Checkpoint checkpoint = Checkpoint.create(db)) {
                checkpoint.createCheckpoint(copy.toString());
                return null;
            }
        });
    }

    /** Makes such a copy as a store of its own, in a directory for it, and opens that. */
    public Store copy(Path home, StoreFormat format) throws IOException {
        format.claim(home);
        copyTo(home.resolve(DIRECTORY));
        return open(home, format, List.copyOf(families.keySet()));
    }

    /**
     * Rewrites the files that hold the keys from {@code from} to {@code until}, so that what was removed takes no space any
     * more. Changes no content; takes its time.
     */
    public void compact(String family, Bytes from, Bytes until) {
        gate.read(() -> {
            // others may compact meanwhile, or apply would wait for this one
            try (CompactRangeOptions options = new CompactRangeOptions().setExclusiveManualCompaction(false)) {
                db.compactRange(handle(family), from.toArray(), until.toArray(), options);
                return null;
            }
        });
    }

    /**
     * Puts a copy that {@link #copyTo} made, of this store or another's, in the place of all that the store holds. Readers
     * in progress end first. After a crash the store holds one or the other. The copy's directory is gone afterwards.
     *
     * @throws StoreFault if it cannot be done; the store is closed then
     */
    public void replaceBy(Path copy) {
        gate.alone(() -> {
            List<String> names = List.copyOf(families.keySet());
            parts.close();
            try {
                StoreSwap.bring(directory, copy);
                Store fresh = open(directory, names, new NativeParts(), false);
                take(fresh.parts, fresh.db, fresh.families);
            } catch (IOException | RocksDBException e) {
                throw new StoreFault("the store could not be replaced: " + directory, e);
            }
        });
    }

    /** Lets readers end, then closes; a second call does nothing. */
    @Override
    public void close() {
        gate.close(() -> parts.close());
    }

    private ColumnFamilyHandle handle(String family) {
        ColumnFamilyHandle handle = families.get(family);
        if (handle == null) {
            throw new IllegalArgumentException("no such family");
        }
        return handle;
    }
}
