package dev.latchkey.ledger;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.directory.Words;
import dev.latchkey.merkle.HistoryTree;
import java.util.Arrays;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * Turns a state into pieces of bounded size that {@link SnapshotReader} reads back: everything that apply knows, so that
 * a replica need not replay its blocks. A state has exactly one form. For one thread; what it writes is immutable, so
 * blocks may be applied meanwhile.
 */
public final class SnapshotWriter {
    /** Longest piece in bytes. */
    public static final int MAX_PIECE_BYTES = 1 << 20;

    private static final int LENGTH_BYTES = 2;

    private final Consumer<Bytes> sink;
    private Digest digest = Digest.ZERO;

    private SnapshotWriter(Consumer<Bytes> sink) {
        this.sink = sink;
    }

    /**
     * Writes a state.
     *
     * @param history the tree over its headers; may be further
     * @param sink receives the pieces in order; what it throws ends the writing
     * @throws IllegalArgumentException if the history ends before the state or is another chain's
     */
    public static void write(ChainState state, HistoryTree history, Consumer<Bytes> sink) {
        long size = state.height() + 1;
        if (history.size() < size || !history.root(size).equals(state.historyRoot())) {
            throw new IllegalArgumentException("the history of another chain");
        }
        SnapshotWriter writer = new SnapshotWriter(sink);
        writer.head(state);
        writer.history(history, size);
        writer.directory(state);
        writer.rows(state.registers());
        writer.rest(state.registers());
        writer.put(SnapshotSection.END, Cbor.bytes(writer.digest.bytes()));
    }

    private void head(ChainState state) {
        put(
                SnapshotSection.HEAD,
                Cbor.text(SnapshotSection.FORMAT),
                Cbor.uint(SnapshotSection.VERSION),
                Cbor.bytes(state.chainId().bytes()),
                Cbor.uint(state.height()),
                Cbor.bytes(state.headerBytes()));
        state.policyTransactions().forEach(transaction -> put(SnapshotSection.WALK, Cbor.bytes(transaction)));
    }

    private void history(HistoryTree history, long size) {
        Column hashes = new Column();
        for (long index = 0; index < size; index++) {
            hashes.add(history.leafHash(index).bytes());
            if ((index + 1) % SnapshotSection.MAX_ROWS == 0 || index + 1 == size) {
                put(SnapshotSection.HISTORY, hashes.take());
            }
        }
    }

    private void directory(ChainState state) {
        Column paths = new Column();
        Column lengths = new Column();
        Column values = new Column();
        state.directory().forEach((path, value) -> {
            paths.add(path.bytes());
            lengths.number(value.size(), LENGTH_BYTES);
            values.add(value);
            if (lengths.size() == SnapshotSection.MAX_ROWS * LENGTH_BYTES
                    || values.size() >= SnapshotSection.FULL_BYTES) {
                put(SnapshotSection.DIRECTORY, paths.take(), lengths.take(), values.take());
            }
        });
        if (paths.size() > 0) {
            put(SnapshotSection.DIRECTORY, paths.take(), lengths.take(), values.take());
        }
    }

    private void rows(Registers registers) {
        Column keys = new Column();
        Column lengths = new Column();
        Column owners = new Column();
        registers.registeredKeys().forEach((row, owner) -> {
            keys.add(row, 0, row.length);
            Bytes name = Bytes.utf8(owner);
            lengths.number(name.size(), 1);
            owners.add(name);
            if (lengths.size() == SnapshotSection.MAX_ROWS) {
                put(SnapshotSection.KEYS, keys.take(), lengths.take(), owners.take());
            }
        });
        if (keys.size() > 0) {
            put(SnapshotSection.KEYS, keys.take(), lengths.take(), owners.take());
        }
        Split applied = new Split(Words.PER_HASH, SnapshotSection.APPLIED, Optional.empty());
        registers.appliedIds().forEach((row, none) -> applied.add(row));
        applied.end();
        HourlyCounts hourly = registers.hourlyCounts();
        Split counts = new Split(HourlyCounts.ID_WORDS, SnapshotSection.COUNTS, Optional.of(hourly.hour()));
        hourly.counts().forEach((row, none) -> counts.add(row));
        counts.end();
    }

    private void rest(Registers registers) {
        registers
                .dueRecoveries()
                .forEach(due -> put(SnapshotSection.DUE, Cbor.uint(due.dueMillis()), Cbor.text(due.member())));
        new TreeSet<>(registers.tombstones()).forEach(id -> put(SnapshotSection.TOMBSTONE, Cbor.bytes(id)));
        new TreeSet<>(registers.struck()).forEach(kid -> put(SnapshotSection.STRUCK, Cbor.bytes(kid.value())));
    }

    private void put(SnapshotSection section, Item... fields) {
        Item[] items = new Item[fields.length + 1];
        items[0] = Cbor.uint(section.ordinal());
        System.arraycopy(fields, 0, items, 1, fields.length);
        Bytes piece = Cbor.encode(Cbor.array(items));
        digest = Digest.sha256(digest.bytes(), piece);
        sink.accept(piece);
    }

    /** Rows of a key and one number, in two columns. */
    private final class Split {
        private final int keyWords;
        private final SnapshotSection section;
        private final Optional<Long> hour;
        private final Column keys = new Column();
        private final Column numbers = new Column();

        Split(int keyWords, SnapshotSection section, Optional<Long> hour) {
            this.keyWords = keyWords;
            this.section = section;
            this.hour = hour;
        }

        void add(long[] row) {
            keys.add(row, 0, keyWords);
            numbers.add(row, keyWords, 1);
            if (numbers.size() == SnapshotSection.MAX_ROWS * Long.BYTES) {
                end();
            }
        }

        void end() {
            if (numbers.size() == 0) {
                return;
            }
            if (hour.isPresent()) {
                put(section, Cbor.uint(hour.get()), keys.take(), numbers.take());
            } else {
                put(section, keys.take(), numbers.take());
            }
        }
    }

    /** A byte string that grows. */
    private static final class Column {
        private byte[] bytes = new byte[SnapshotSection.FULL_BYTES];
        private int size;

        int size() {
            return size;
        }

        void add(Bytes more) {
            ensure(more.size());
            more.copyTo(bytes, size);
            size += more.size();
        }

        void add(long[] row, int from, int count) {
            ensure(count * Long.BYTES);
            for (int i = from; i < from + count; i++) {
                Words.write(row[i], bytes, size);
                size += Long.BYTES;
            }
        }

        void number(int number, int length) {
            ensure(length);
            for (int i = length - 1; i >= 0; i--) {
                bytes[size++] = (byte) (number >>> i * Byte.SIZE);
            }
        }

        Item take() {
            Bytes taken = Bytes.wrap(Arrays.copyOf(bytes, size));
            size = 0;
            return Cbor.bytes(taken);
        }

        private void ensure(int more) {
            if (size + more > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, size + more));
            }
        }
    }
}
