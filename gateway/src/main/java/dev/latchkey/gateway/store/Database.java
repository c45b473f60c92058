package dev.latchkey.gateway.store;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.host.PrivateDirectory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WALRecoveryMode;
import org.rocksdb.WriteBatchWithIndex;
import org.rocksdb.WriteOptions;

/** One open RocksDB with its options; opened and closed by {@link Store}. */
final class Database implements AutoCloseable {
    /** The format of the store's rows; a store of another format is refused by name. */
    static final Bytes FORMAT = Bytes.utf8("latchkey/gateway-store/2");

    private static final Bytes FORMAT_KEY = Bytes.utf8("format");
    private static final long WRITE_BUFFER_BYTES = 8L << 20;
    private static final long WAL_BYTES = 64L << 20;
    private static final long LOG_BYTES = 1L << 20;

    static {
        RocksDB.loadLibrary();
    }

    private final Path directory;
    private final RocksDB db;
    private final Columns columns;
    private final DBOptions options;
    private final ColumnFamilyOptions columnOptions;
    private final WriteOptions synced;

    private Database(
            Path directory, RocksDB db, Columns columns, DBOptions options, ColumnFamilyOptions columnOptions) {
        this.directory = directory;
        this.db = db;
        this.columns = columns;
        this.options = options;
        this.columnOptions = columnOptions;
        this.synced = new WriteOptions().setSync(true);
    }

    static Database open(Path directory) throws StoreException {
        try {
            PrivateDirectory.make(directory);
        } catch (IOException e) {
            throw new StoreException("the store's directory cannot be made: " + directory, e);
        }
        DBOptions options = options();
        // Sealed messages and keys do not compress.
        ColumnFamilyOptions columnOptions = new ColumnFamilyOptions()
                .setCompressionType(CompressionType.NO_COMPRESSION)
                .setWriteBufferSize(WRITE_BUFFER_BYTES);
        List<ColumnFamilyDescriptor> families = new ArrayList<>();
        families.add(new ColumnFamilyDescriptor(RocksDB.DEFAULT_COLUMN_FAMILY, columnOptions));
        for (Table table : Table.values()) {
            families.add(new ColumnFamilyDescriptor(table.title().getBytes(StandardCharsets.US_ASCII), columnOptions));
        }
        List<ColumnFamilyHandle> handles = new ArrayList<>();
        Database opened;
        try {
            RocksDB db = RocksDB.open(options, directory.toString(), families, handles);
            Columns columns = new Columns();
            for (Table table : Table.values()) {
                columns.open(table, handles.get(table.ordinal() + 1));
            }
            handles.get(0).close();
            opened = new Database(directory, db, columns, options, columnOptions);
        } catch (RocksDBException e) {
            columnOptions.close();
            options.close();
            throw new StoreException(
                    isHeld(e)
                            ? "the store cannot be opened (another process may hold it): " + directory
                            : "the store in " + directory + " cannot be opened: " + e.getMessage(),
                    e);
        }
        try {
            opened.checkFormat(directory);
        } catch (StoreException e) {
            opened.close();
            throw e;
        }
        return opened;
    }

    Path directory() {
        return directory;
    }

    RocksDB db() {
        return db;
    }

    Columns columns() {
        return columns;
    }

    void writeSynced(WriteBatchWithIndex batch) throws RocksDBException {
        db.write(synced, batch);
    }

    @Override
    public void close() {
        columns.close();
        db.close();
        synced.close();
        columnOptions.close();
        options.close();
    }

    /** RocksDB tells a lock that is taken from other trouble with files by its words alone: one for each side of it. */
    private static boolean isHeld(RocksDBException fault) {
        String message = String.valueOf(fault.getMessage());
        return message.contains("While lock file") || message.contains("lock hold by current process");
    }

    private static DBOptions options() {
        return new DBOptions()
                .setCreateIfMissing(true)
                .setCreateMissingColumnFamilies(true)
                .setParanoidChecks(true)
                // Only a torn last record may be dropped at open: it was never acknowledged. The default also drops
                // everything behind a damaged record in the middle, which was.
                .setWalRecoveryMode(WALRecoveryMode.TolerateCorruptedTailRecords)
                // A gateway is a small machine: bounded logs, files and write-ahead log.
                .setMaxTotalWalSize(WAL_BYTES)
                .setMaxOpenFiles(256)
                .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
                .setMaxLogFileSize(LOG_BYTES)
                .setKeepLogFileNum(4);
    }

    private void checkFormat(Path directory) throws StoreException {
        byte[] key = FORMAT_KEY.toArray();
        try {
            byte[] found = db.get(columns.of(Table.META), key);
            if (found == null) {
                db.put(columns.of(Table.META), synced, key, FORMAT.toArray());
            } else if (!FORMAT.equals(Bytes.wrap(found))) {
                throw new StoreException("the store in " + directory + " has format "
                        + new String(found, StandardCharsets.UTF_8) + "; this program reads " + FORMAT.toUtf8());
            }
        } catch (RocksDBException e) {
            throw new StoreException("the store in " + directory + " cannot be read", e);
        }
    }
}
