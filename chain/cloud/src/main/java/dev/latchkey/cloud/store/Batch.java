package dev.latchkey.cloud.store;

import dev.latchkey.bytes.Bytes;
import java.util.ArrayList;
import java.util.List;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/** Changes that reach the store together. For one thread. */
public final class Batch {
    private final List<Change> changes = new ArrayList<>();

    /** Sets a value. */
    public Batch put(String family, Bytes key, Bytes value) {
        changes.add(new Put(family, key, value));
        return this;
    }

    /** Removes a key, if it is there. */
    public Batch delete(String family, Bytes key) {
        changes.add(new Delete(family, key));
        return this;
    }

    /** Removes the keys from {@code from} (inclusive) to {@code until} (exclusive). */
    public Batch deleteRange(String family, Bytes from, Bytes until) {
        changes.add(new DeleteRange(family, from, until));
        return this;
    }

    List<Change> changes() {
        return changes;
    }

    sealed interface Change {
        String family();

        void into(WriteBatch rocks, ColumnFamilyHandle handle) throws RocksDBException;
    }

    private record Put(String family, Bytes key, Bytes value) implements Change {
        @Override
        public void into(WriteBatch rocks, ColumnFamilyHandle handle) throws RocksDBException {
            rocks.put(handle, key.toArray(), value.toArray());
        }
    }

    private record Delete(String family, Bytes key) implements Change {
        @Override
        public void into(WriteBatch rocks, ColumnFamilyHandle handle) throws RocksDBException {
            rocks.delete(handle, key.toArray());
        }
    }

    private record DeleteRange(String family, Bytes from, Bytes until) implements Change {
        @Override
        public void into(WriteBatch rocks, ColumnFamilyHandle handle) throws RocksDBException {
            rocks.deleteRange(handle, from.toArray(), until.toArray());
        }
    }
}
