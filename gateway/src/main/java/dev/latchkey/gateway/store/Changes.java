package dev.latchkey.gateway.store;

import dev.latchkey.bytes.Bytes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteBatchWithIndex;

/**
 * Changes in their order. They become a batch of RocksDB's in one go, in the bytes that its write-ahead log has for one:
 * to hand them over one by one cost as much as to make them.
 *
 * <pre>
 * batch  = sequence (8 bytes, 0) ‖ number of changes (4 bytes, little-endian) ‖ change ...
 * change = 05 ‖ column family ‖ key ‖ value     ; put
 *        / 04 ‖ column family ‖ key             ; delete
 * </pre>
 *
 * A column family is its number, a key or value its length and its bytes; numbers and lengths are base-128 integers,
 * lowest digit first. For one thread.
 */
final class Changes {
    private static final int HEADER_BYTES = 12;
    private static final int COUNT_AT = 8;
    private static final int MOST_VARINT_BYTES = 5;
    private static final byte PUT = 5;
    private static final byte DELETE = 4;
    private static final int DIGIT_BITS = 7;
    private static final int MORE = 0x80;

    private final List<Change> all = new ArrayList<>();

    private record Change(Table table, Bytes key, boolean puts, Bytes value) {}

    void put(Table table, Bytes key, Bytes value) {
        all.add(new Change(table, key, true, value));
    }

    void delete(Table table, Bytes key) {
        all.add(new Change(table, key, false, Bytes.EMPTY));
    }

    int size() {
        return all.size();
    }

    boolean isEmpty() {
        return all.isEmpty();
    }

    /** Forgets all but the first ones. */
    void cutTo(int size) {
        all.subList(size, all.size()).clear();
    }

    /** Those from a number on. */
    void copyTo(WriteBatchWithIndex index, int from, Columns columns) throws RocksDBException {
        for (Change change : all.subList(from, all.size())) {
            ColumnFamilyHandle column = columns.of(change.table());
            if (change.puts()) {
                index.put(column, change.key().toArray(), change.value().toArray());
            } else {
                index.delete(column, change.key().toArray());
            }
        }
    }

    /** All of them; its caller closes it. */
    WriteBatch batch(Columns columns) {
        return new WriteBatch(encode(columns));
    }

    private byte[] encode(Columns columns) {
        int most = HEADER_BYTES;
        for (Change change : all) {
            int content = Math.addExact(change.key().size(), change.value().size());
            most = Math.addExact(most, Math.addExact(content, 1 + 3 * MOST_VARINT_BYTES));
        }
        byte[] out = new byte[most];
        for (int i = 0; i < Integer.BYTES; i++) {
            out[COUNT_AT + i] = (byte) (all.size() >> Byte.SIZE * i);
        }
        int at = HEADER_BYTES;
        for (Change change : all) {
            out[at++] = change.puts() ? PUT : DELETE;
            at = varint(out, at, columns.number(change.table()));
            at = string(out, at, change.key());
            if (change.puts()) {
                at = string(out, at, change.value());
            }
        }
        return Arrays.copyOf(out, at);
    }

    private static int string(byte[] out, int at, Bytes content) {
        int behind = varint(out, at, content.size());
        content.copyTo(out, behind);
        return behind + content.size();
    }

    private static int varint(byte[] out, int from, int value) {
        int at = from;
        int left = value;
        while (left >= MORE) {
            out[at++] = (byte) (left | MORE);
            left >>>= DIGIT_BITS;
        }
        out[at++] = (byte) left;
        return at;
    }
}
