package dev.latchkey.gateway.store;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.host.PrivateDirectory;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.DBOptions;
import org.rocksdb.FlushOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WALRecoveryMode;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One open RocksDB with its options; opened and closed by {@link Store}. */
final class Database implements AutoCloseable {
    /** The format of the store's rows; a store of another format is refused by name. */
    static final Bytes FORMAT = Bytes.utf8("latchkey/gateway-store/2");

    private static final Bytes FORMAT_KEY = Bytes.utf8("format");

    /** What a start after a crash reads again. */
    private static final long WAL_BYTES = 32L << 20;

    private static final long LOG_BYTES = 1L << 20;

    private static final Logger LOG = LoggerFactory.getLogger(Database.class);

    static {
        RocksDB.loadLibrary();
    }

    private final Path directory;
    private final RocksDB db;
    private final Columns columns;
    private final DBOptions options;
    private final ColumnOptions columnOptions;
    private final WriteOptions synced;
    private SyncedMark mark;
    private long manifest;
    private File manifestFile;
    private long manifestSize;
    private long oldestLog;
    private List<String> damage = List.of();

    private Database(Path directory, RocksDB db, Columns columns, DBOptions options, ColumnOptions columnOptions) {
        this.directory = directory;
        this.db = db;
        this.columns = columns;
        this.options = options;
        this.columnOptions = columnOptions;
        this.synced = new WriteOptions().setSync(true);
    }

    /**
     * Opens or makes a store. Of a damaged one as much is kept as can be read, and the log says what was lost; from then on it
     * counts as another store, with new epochs.
     */
    static Database open(Path directory) throws StoreException {
        try {
            PrivateDirectory.make(directory);
        } catch (IOException e) {
            throw new StoreException("the store's directory cannot be made: " + directory, e);
        }
        Optional<String> current = Damage.mendCurrent(directory);
        current.ifPresent(reason -> LOG.atError().addKeyValue("reason", reason).log("the store is damaged"));
        try {
            return openChecked(directory);
        } catch (RocksDBException e) {
            if (!Damage.isIn(e)) {
                throw unreadable(directory, e);
            }
        }
        // A first look at the rows found damage: now all tables are looked at.
        Damage.suspect(directory);
        try {
            return openChecked(directory);
        } catch (RocksDBException e) {
            throw unreadable(directory, e);
        }
    }

    private static Database openChecked(Path directory) throws RocksDBException, StoreException {
        List<String> lost = new ArrayList<>();
        Database opened;
        try {
            opened = openNoting(directory, lost);
        } catch (RocksDBException e) {
            String reason = "the store in " + directory + " cannot be opened: " + e.getMessage();
            throw new StoreException(
                    isHeld(e)
                            ? "the store cannot be opened (another process may hold it): " + directory
                            : Damage.isIn(e) ? reason + Damage.whatToDo() : reason,
                    e);
        }
        try {
            opened.checkFormat(directory);
            opened.begin(lost);
            return opened;
        } catch (StoreException | RocksDBException e) {
            opened.close();
            throw e;
        } catch (IOException e) {
            opened.close();
            throw unreadable(directory, e);
        }
    }

    private static StoreException unreadable(Path directory, Exception e) {
        String reason = "the store in " + directory + " cannot be read: " + e.getMessage();
        return new StoreException(Damage.isIn(e) ? reason + Damage.whatToDo() : reason, e);
    }

    /** What the files tell of damage is on disk before an opening that may take it for good. */
    private static Database openNoting(Path directory, List<String> lost) throws RocksDBException, StoreException {
        try {
            Optional<String> before = Damage.noted(directory);
            lost.addAll(Damage.silent(directory));
            if (before.isEmpty() && !lost.isEmpty()) {
                Damage.note(directory, lost);
            }
            before.ifPresent(lost::add);
            LogScan.disarm(directory);
            try {
                return openAny(directory, lost);
            } catch (RocksDBException e) {
                if (before.isEmpty() && isHeld(e)) {
                    Damage.settled(directory);
                }
                throw e;
            }
        } catch (IOException e) {
            throw new StoreException("the store's directory cannot be read: " + directory, e);
        }
    }

    /** As strictly as it can be opened. */
    private static Database openAny(Path directory, List<String> lost) throws RocksDBException, StoreException {
        RocksDBException strict = null;
        if (!Damage.isSuspected(directory)) {
            try {
                return attempt(directory, WALRecoveryMode.TolerateCorruptedTailRecords);
            } catch (RocksDBException e) {
                if (isHeld(e) || !Damage.isIn(e)) {
                    throw e;
                }
                strict = e;
            }
            for (WALRecoveryMode mode :
                    List.of(WALRecoveryMode.PointInTimeRecovery, WALRecoveryMode.SkipAnyCorruptedRecords)) {
                try {
                    Database opened = attempt(directory, mode);
                    lost.add("the write-ahead log is damaged (" + strict.getMessage() + "): "
                            + (mode == WALRecoveryMode.PointInTimeRecovery
                                    ? "what was written after the damage is lost"
                                    : "what the damaged part held is lost"));
                    return opened;
                } catch (RocksDBException e) {
                    LOG.atDebug().addKeyValue("reason", e.getMessage()).log("the store does not open this way");
                }
            }
        }
        try {
            salvage(directory, lost);
            return attempt(directory, WALRecoveryMode.SkipAnyCorruptedRecords);
        } catch (RocksDBException e) {
            if (strict == null || isHeld(e)) {
                throw e;
            }
            strict.addSuppressed(e);
            throw strict;
        }
    }

    private static void salvage(Path directory, List<String> lost) throws RocksDBException, StoreException {
        try (DBOptions lenient =
                        options().setParanoidChecks(false).setWalRecoveryMode(WALRecoveryMode.SkipAnyCorruptedRecords);
                ColumnOptions columns = ColumnOptions.withoutCompactions()) {
            Families families = Families.list(directory, columns);
            List<ColumnFamilyHandle> handles = new ArrayList<>();
            try (RocksDB db = RocksDB.open(lenient, directory.toString(), families.descriptors(), handles)) {
                Salvage salvage = new Salvage(db, columns.plain());
                families.dropUnfinished(db, handles);
                for (Table table : Table.values()) {
                    int at = families.indexOf(table);
                    salvage.mend(handles.get(at), families.nextTitle(table))
                            .ifPresent(rows -> lost.add(
                                    "the table " + table.title() + " is damaged: " + rows + " rows could be kept"));
                }
                handles.forEach(ColumnFamilyHandle::close);
            }
        }
        try {
            Damage.acquit(directory);
        } catch (IOException e) {
            throw new StoreException("the store's directory cannot be written: " + directory, e);
        }
    }

    private static Database attempt(Path directory, WALRecoveryMode mode) throws RocksDBException {
        DBOptions options = options().setWalRecoveryMode(mode);
        ColumnOptions columnOptions = ColumnOptions.usual();
        List<ColumnFamilyHandle> handles = new ArrayList<>();
        try {
            Families families = Families.list(directory, columnOptions);
            RocksDB db = RocksDB.open(options, directory.toString(), families.descriptors(), handles);
            Columns columns = new Columns();
            families.dropUnfinished(db, handles);
            for (Table table : Table.values()) {
                columns.open(table, handles.get(families.indexOf(table)));
            }
            handles.get(0).close();
            return new Database(directory, db, columns, options, columnOptions);
        } catch (RocksDBException e) {
            columnOptions.close();
            options.close();
            throw e;
        }
    }

    /** Compares what is there with what was, and has the cloud see another store if something is missing. */
    private void begin(List<String> lost) throws RocksDBException, IOException {
        mark = SyncedMark.open(directory);
        long changes = db.getLatestSequenceNumber();
        long missing = mark.read().map(SyncedMark.Entry::changes).orElse(changes) - changes;
        if (missing > 0 && lost.isEmpty()) {
            lost.add("the write-ahead log ends too early");
        }
        damage = List.copyOf(lost);
        if (!lost.isEmpty()) {
            Damage.note(directory, lost);
            LOG.atError()
                    .addKeyValue("lost", String.join("; ", lost))
                    .addKeyValue("changes-missing", Math.max(0, missing))
                    .log(
                            "the store was damaged; the rest is kept. Messages may be lost that devices were told are safe,"
                                    + " and a witness cosigns only what is newer than this start");
            forgetEpochs();
        }
        manifest = Damage.manifestNumber(directory);
        manifestFile = Damage.manifest(directory, manifest).toFile();
        manifestSize = manifestFile.length();
        oldestLog = oldestLogNeeded();
        enter();
        // Which logs are left over is known before the first change is in the new one.
        mark.sync();
    }

    private void enter() throws RocksDBException, IOException {
        long size = manifestFile.length();
        if (size > manifestSize
                && db.getLongProperty("rocksdb.num-running-flushes") == 0
                && db.getLongProperty("rocksdb.num-running-compactions") == 0) {
            // Whoever appended to it has synced it.
            manifestSize = size;
            oldestLog = oldestLogNeeded();
        }
        mark.write(new SyncedMark.Entry(db.getLatestSequenceNumber(), manifest, manifestSize, oldestLog));
    }

    private long oldestLogNeeded() throws RocksDBException {
        return db.getLongProperty("rocksdb.min-log-number-to-keep");
    }

    /** Sequences of the outbox may be given a second time now: the cloud must not take them for the old ones. */
    private void forgetEpochs() throws RocksDBException {
        List<byte[]> epochs = new ArrayList<>();
        ColumnFamilyHandle meta = columns.of(Table.META);
        try (RocksIterator rows = db.newIterator(meta)) {
            for (rows.seekToFirst(); rows.isValid(); rows.next()) {
                Bytes key = Bytes.wrap(rows.key());
                int from = key.size() - ChainRows.STORE_EPOCH.size();
                if (from >= 0 && key.slice(from, key.size()).equals(ChainRows.STORE_EPOCH)) {
                    epochs.add(key.toArray());
                }
            }
        }
        for (byte[] key : epochs) {
            db.delete(meta, synced, key);
        }
    }

    Path directory() {
        return directory;
    }

    List<String> damage() {
        return damage;
    }

    RocksDB db() {
        return db;
    }

    Columns columns() {
        return columns;
    }

    void writeSynced(WriteBatch batch) throws RocksDBException {
        db.write(synced, batch);
        try {
            enter();
        } catch (IOException e) {
            LOG.warn("how much was written could not be noted", e);
        }
    }

    /** Gives the room of deleted rows back to the file system; takes a while. */
    void reclaim() throws RocksDBException {
        try (FlushOptions flush = new FlushOptions().setWaitForFlush(true)) {
            db.flush(flush, columns.all());
        }
        for (Table table : Table.QUEUES) {
            db.compactRange(columns.of(table));
        }
    }

    @Override
    public void close() {
        if (mark != null) {
            try {
                mark.close();
            } catch (IOException e) {
                LOG.warn("a file did not close", e);
            }
        }
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
                // A gateway is a small machine: bounded logs, files and write-ahead log.
                .setMaxTotalWalSize(WAL_BYTES)
                .setMaxOpenFiles(256)
                .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
                .setMaxLogFileSize(LOG_BYTES)
                .setKeepLogFileNum(4);
    }

    private void checkFormat(Path directory) throws StoreException, RocksDBException {
        byte[] key = FORMAT_KEY.toArray();
        byte[] found = db.get(columns.of(Table.META), key);
        if (found == null) {
            db.put(columns.of(Table.META), synced, key, FORMAT.toArray());
        } else if (!FORMAT.equals(Bytes.wrap(found))) {
            throw new StoreException("the store in " + directory + " has format "
                    + new String(found, StandardCharsets.UTF_8) + "; this program reads " + FORMAT.toUtf8());
        }
    }
}
