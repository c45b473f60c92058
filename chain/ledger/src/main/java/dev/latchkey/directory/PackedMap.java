package dev.latchkey.directory;

import java.util.Arrays;
import java.util.Optional;

/**
 * A persistent map without hashes of its own: from keys of a fixed number of 64-bit words, unsigned and in order, to a
 * fixed number of further words and one note. Immutable and safe for use by many threads; {@link #put} returns another
 * map that shares all but one bucket and the forks above it with this one.
 *
 * <p>A binary prefix tree, as {@link Trie} is, whose leaves are buckets of at most {@value #BUCKET} rows: a million rows
 * of one word take 17 bytes each with their note's reference, rows of five words 44. Keys should be hashes; who searches
 * for keys with a long common prefix gets a deep tree, at most as deep as a key has bits.
 *
 * @param <N> the type of the notes; {@code Void} for a map without
 */
public final class PackedMap<N> {
    /** Most rows of a bucket: what an insertion copies at most. */
    private static final int BUCKET = 24;

    private static final Object[] NO_NOTES = {};

    private final int keyWords;
    private final int rowWords;
    private final boolean noted;
    private final Tree top;
    private final int size;

    /** A bucket or a fork. */
    private sealed interface Tree {}

    /** Rows in the order of their keys; notes of as many rows, or none at all. */
    private record Bucket(long[] rows, Object[] notes) implements Tree {}

    private record Fork(Tree left, Tree right) implements Tree {}

    /** Receives rows in the order of their keys. */
    @FunctionalInterface
    public interface Rows<N> {
        /**
         * One row.
         *
         * @param row key and value, the receiver's own
         * @param note null in a map without notes
         */
        void row(long[] row, N note);
    }

    private PackedMap(int keyWords, int rowWords, boolean noted, Tree top, int size) {
        this.keyWords = keyWords;
        this.rowWords = rowWords;
        this.noted = noted;
        this.top = top;
        this.size = size;
    }

    /** An empty map whose rows have so many words of key and of value, and no notes. */
    public static PackedMap<Void> empty(int keyWords, int valueWords) {
        return new PackedMap<>(keyWords, keyWords + valueWords, false, new Bucket(new long[0], NO_NOTES), 0);
    }

    /** An empty map whose rows have so many words of key, none of value, and a note each. */
    public static <N> PackedMap<N> withNotes(int keyWords) {
        return new PackedMap<>(keyWords, keyWords, true, new Bucket(new long[0], NO_NOTES), 0);
    }

    /** The number of rows. */
    public int size() {
        return size;
    }

    /**
     * The words that follow a key.
     *
     * @return empty if the key is not there
     */
    public Optional<long[]> value(long... key) {
        Bucket bucket = bucket(key);
        int at = search(bucket.rows, key, 0);
        return at < 0
                ? Optional.empty()
                : Optional.of(Arrays.copyOfRange(bucket.rows, at * rowWords + keyWords, (at + 1) * rowWords));
    }

    /** The note of a key; empty if the key is not there, or has none. */
    public Optional<N> note(long... key) {
        Bucket bucket = bucket(key);
        int at = search(bucket.rows, key, 0);
        return at < 0 || !noted ? Optional.empty() : Optional.of(note(bucket, at));
    }

    /** Whether a key is there. */
    public boolean contains(long... key) {
        return search(bucket(key).rows, key, 0) >= 0;
    }

    /** The map in which this row stands in place of the one with its key, if there was one. */
    public PackedMap<N> put(long... row) {
        return putAll(row, NO_NOTES);
    }

    /** As {@link #put(long...)}, in a map with notes. */
    public PackedMap<N> put(N note, long... row) {
        return putAll(row, new Object[] {note});
    }

    /**
     * The map with many more rows, at the cost of one copy of every bucket and fork they go to.
     *
     * @param rows whole rows, one after the other, their keys ascending
     * @param notes of each row, or none in a map without
     * @throws IllegalArgumentException if the keys do not ascend, or the lengths do not fit
     */
    public PackedMap<N> putAll(long[] rows, Object[] notes) {
        int count = rows.length / rowWords;
        if (rows.length % rowWords != 0 || notes.length != (noted ? count : 0)) {
            throw new IllegalArgumentException("rows and notes of another map");
        }
        for (int i = 1; i < count; i++) {
            if (compare(rows, i - 1, rows, i * rowWords) >= 0) {
                throw new IllegalArgumentException("the keys do not ascend");
            }
        }
        int[] replaced = {0};
        Tree changed = merged(top, new Bucket(rows.clone(), noted ? notes.clone() : NO_NOTES), 0, count, 0, replaced);
        return new PackedMap<>(keyWords, rowWords, noted, changed, Math.addExact(size, count - replaced[0]));
    }

    /** All rows. */
    public void forEach(Rows<N> receiver) {
        forEach(top, receiver);
    }

    private void forEach(Tree tree, Rows<N> receiver) {
        if (tree instanceof Fork fork) {
            forEach(fork.left, receiver);
            forEach(fork.right, receiver);
            return;
        }
        Bucket bucket = (Bucket) tree;
        for (int i = 0; i < count(bucket); i++) {
            receiver.row(
                    Arrays.copyOfRange(bucket.rows, i * rowWords, (i + 1) * rowWords), noted ? note(bucket, i) : null);
        }
    }

    private Bucket bucket(long[] key) {
        if (key.length != keyWords) {
            throw new IllegalArgumentException("a key of another map");
        }
        Tree tree = top;
        for (int depth = 0; tree instanceof Fork fork; depth++) {
            tree = bit(key, 0, depth) ? fork.right : fork.left;
        }
        return (Bucket) tree;
    }

    /** A tree with the rows of a range of others. */
    private Tree merged(Tree tree, Bucket more, int from, int to, int depth, int[] replaced) {
        if (from == to) {
            return tree;
        }
        if (tree instanceof Fork fork) {
            int middle = firstRight(more.rows, from, to, depth);
            return new Fork(
                    merged(fork.left, more, from, middle, depth + 1, replaced),
                    merged(fork.right, more, middle, to, depth + 1, replaced));
        }
        Bucket bucket = merged((Bucket) tree, more, from, to, replaced);
        return split(bucket, 0, count(bucket), depth);
    }

    private Bucket merged(Bucket old, Bucket more, int from, int to, int[] replaced) {
        int oldCount = count(old);
        long[] rows = new long[(oldCount + to - from) * rowWords];
        Object[] notes = noted ? new Object[oldCount + to - from] : NO_NOTES;
        int o = 0;
        int m = from;
        int size = 0;
        while (o < oldCount || m < to) {
            int order = o == oldCount ? 1 : m == to ? -1 : compare(old.rows, o, more.rows, m * rowWords);
            Bucket source = order < 0 ? old : more;
            int at = order < 0 ? o : m;
            System.arraycopy(source.rows, at * rowWords, rows, size * rowWords, rowWords);
            if (noted) {
                notes[size] = source.notes[at];
            }
            size++;
            if (order <= 0) {
                o++;
            }
            if (order >= 0) {
                m++;
            }
            if (order == 0) {
                replaced[0]++;
            }
        }
        return size * rowWords == rows.length ? new Bucket(rows, notes) : slice(new Bucket(rows, notes), 0, size);
    }

    private Tree split(Bucket bucket, int from, int to, int depth) {
        if (to - from <= BUCKET) {
            return from == 0 && to == count(bucket) ? bucket : slice(bucket, from, to);
        }
        int middle = firstRight(bucket.rows, from, to, depth);
        return new Fork(split(bucket, from, middle, depth + 1), split(bucket, middle, to, depth + 1));
    }

    private Bucket slice(Bucket bucket, int from, int to) {
        return new Bucket(
                Arrays.copyOfRange(bucket.rows, from * rowWords, to * rowWords),
                !noted ? NO_NOTES : Arrays.copyOfRange(bucket.notes, from, to));
    }

    private int count(Bucket bucket) {
        return bucket.rows.length / rowWords;
    }

    @SuppressWarnings("unchecked")
    private N note(Bucket bucket, int at) {
        return (N) bucket.notes[at];
    }

    /** The index of a key's row, or less than 0. */
    private int search(long[] rows, long[] key, int keyAt) {
        int low = 0;
        int high = rows.length / rowWords - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = compare(rows, middle, key, keyAt);
            if (order == 0) {
                return middle;
            }
            if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -1;
    }

    private int compare(long[] rows, int row, long[] key, int keyAt) {
        for (int i = 0; i < keyWords; i++) {
            int order = Long.compareUnsigned(rows[row * rowWords + i], key[keyAt + i]);
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }

    private int firstRight(long[] rows, int from, int to, int depth) {
        int low = from;
        int high = to;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (bit(rows, middle * rowWords, depth)) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    private static boolean bit(long[] words, int from, int index) {
        return Words.bit(words[from + (index >>> 6)], index);
    }

    @Override
    public String toString() {
        return "PackedMap[size=" + size + "]";
    }
}
