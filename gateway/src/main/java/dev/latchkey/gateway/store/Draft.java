package dev.latchkey.gateway.store;

import dev.latchkey.bytes.Bytes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteBatchWithIndex;

/**
 * The changes of one group before they are on disk; only the writing thread uses it. Reads see the store as it will be
 * when everything drafted so far is written. What is drafted is indexed when something is read for the first time: most
 * groups read nothing.
 */
public final class Draft implements AutoCloseable {
    private static final int LAST_BYTES = 3;

    private final RocksDB db;
    private final Columns columns;
    private final ReadOptions reads;
    private final Changes changes = new Changes();
    private final List<Runnable> hooks = new ArrayList<>();
    private final List<Runnable> undoing = new ArrayList<>();
    private final Map<Object, Runnable> closing = new IdentityHashMap<>();
    private Optional<WriteBatchWithIndex> index = Optional.empty();
    private int indexed;
    private int changesBefore;
    private int hooksBefore;

    Draft(RocksDB db, Columns columns, ReadOptions reads) {
        this.db = db;
        this.columns = columns;
        this.reads = reads;
    }

    public Optional<Bytes> get(Table table, Bytes key) {
        try {
            byte[] value = changes.isEmpty()
                    ? db.get(columns.of(table), reads, key.toArray())
                    : index().getFromBatchAndDB(db, columns.of(table), reads, key.toArray());
            return value == null ? Optional.empty() : Optional.of(Bytes.wrap(value));
        } catch (RocksDBException e) {
            throw StoreFault.of("a read failed", e);
        }
    }

    public void put(Table table, Bytes key, Bytes value) {
        changes.put(table, key, value);
    }

    public void delete(Table table, Bytes key) {
        changes.delete(table, key);
    }

    /** All rows whose key starts with a prefix, from a key on. */
    public void scan(Table table, Bytes prefix, Bytes from, Rows rows) {
        try (RocksIterator base = db.newIterator(columns.of(table), reads);
                RocksIterator merged = index().newIteratorWithBase(columns.of(table), base)) {
            Store.walk(merged, prefix, from, rows);
        }
    }

    /** The last key that starts with a prefix and goes on with less than three bytes 0xff. */
    public Optional<Bytes> lastKey(Table table, Bytes prefix) {
        byte[] last = Arrays.copyOf(prefix.toArray(), prefix.size() + LAST_BYTES);
        Arrays.fill(last, prefix.size(), last.length, (byte) 0xff);
        try (RocksIterator base = db.newIterator(columns.of(table), reads);
                RocksIterator merged = index().newIteratorWithBase(columns.of(table), base)) {
            merged.seekForPrev(last);
            Optional<Bytes> found = merged.isValid() ? Optional.of(Bytes.wrap(merged.key())) : Optional.empty();
            Store.checkEnd(merged);
            return found.filter(key -> key.startsWith(prefix));
        }
    }

    /** Of all that is drafted so far. */
    private WriteBatchWithIndex index() {
        WriteBatchWithIndex all = index.orElseGet(() -> new WriteBatchWithIndex(true));
        index = Optional.of(all);
        try {
            changes.copyTo(all, indexed, columns);
        } catch (RocksDBException e) {
            throw StoreFault.of("a change could not be drafted", e);
        }
        indexed = changes.size();
        return all;
    }

    private void forgetIndex() {
        index.ifPresent(WriteBatchWithIndex::close);
        index = Optional.empty();
        indexed = 0;
    }

    /**
     * Runs once for the whole group, before it is written: for a row that each of many units would write again. What
     * comes later for the same thing takes the place of what came before.
     */
    public void onceBeforeWrite(Object thing, Runnable change) {
        closing.put(thing, change);
    }

    /** Runs on the writing thread once this group is on disk, in the order of the units; must be short. */
    public void afterCommit(Runnable hook) {
        hooks.add(hook);
    }

    /** Runs if this unit throws after all: takes back what it counted in memory. */
    public void onUndo(Runnable hook) {
        undoing.add(hook);
    }

    void begin() {
        changesBefore = changes.size();
        hooksBefore = hooks.size();
        undoing.clear();
    }

    void undo() {
        changes.cutTo(changesBefore);
        if (indexed > changesBefore) {
            forgetIndex();
        }
        hooks.subList(hooksBefore, hooks.size()).clear();
        undoing.forEach(Runnable::run);
    }

    /** To be called once, when all units have run. */
    void finish() {
        closing.values().forEach(Runnable::run);
    }

    boolean isEmpty() {
        return changes.isEmpty();
    }

    /** Everything in one; its caller closes it. */
    WriteBatch batch() {
        return changes.batch(columns);
    }

    List<Runnable> hooks() {
        return hooks;
    }

    @Override
    public void close() {
        forgetIndex();
    }
}
