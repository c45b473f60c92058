package dev.latchkey.merkle;

import dev.latchkey.bytes.Digest;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * An append-only tree that can prove anything about any of its sizes. Safe for use by many threads; appends exclude
 * each other, and a reader works on the size it found, undisturbed by them.
 *
 * <p>It keeps the hash of every complete subtree: 64 bytes for each leaf, up to 2^31-1 leaves. A proof costs at most
 * 63 look-ups and, along the right edge, some hashes.
 */
public final class HistoryTree {
    private static final int MAX_LEVELS = 32;

    /**
     * Level k holds the roots of the complete subtrees of 2^k leaves. An element is written before the size that
     * needs it.
     */
    private final HashColumn[] levels = new HashColumn[MAX_LEVELS];

    private volatile long size;

    /** A tree over leaf hashes. */
    public static HistoryTree of(List<Digest> leafHashes) {
        HistoryTree tree = new HistoryTree();
        leafHashes.forEach(tree::append);
        return tree;
    }

    /** Adds a leaf and returns its index. */
    public synchronized long append(Digest leafHash) {
        long index = size;
        Digest hash = leafHash;
        column(0).append(hash);
        int level = 0;
        for (long node = index; (node & 1) == 1; node >>>= 1) {
            hash = Rfc9162.nodeHash(levels[level].get(node - 1), hash);
            level++;
            column(level).append(hash);
        }
        size = index + 1;
        return index;
    }

    /** The number of leaves. */
    public long size() {
        return size;
    }

    /**
     * The root the tree had at a size.
     *
     * @throws IndexOutOfBoundsException if it never had that size
     */
    public Digest root(long atSize) {
        requireReached(atSize);
        return atSize == 0 ? Rfc9162.EMPTY_ROOT : range(0, atSize);
    }

    /**
     * The right edge the tree had at a size.
     *
     * @throws IndexOutOfBoundsException if it never had that size
     */
    public Frontier frontier(long atSize) {
        requireReached(atSize);
        List<Digest> subtrees = new ArrayList<>();
        long from = 0;
        for (long rest = atSize; rest > 0; rest -= Long.highestOneBit(rest)) {
            subtrees.add(range(from, Long.highestOneBit(rest)));
            from += Long.highestOneBit(rest);
        }
        return Frontier.of(atSize, subtrees);
    }

    /**
     * The hash of one leaf.
     *
     * @throws IndexOutOfBoundsException if there is no such leaf
     */
    public Digest leafHash(long index) {
        Objects.checkIndex(index, size);
        return levels[0].get(index);
    }

    /**
     * The inclusion path of a leaf at a size, from the leaf upwards (RFC 9162, section 2.1.3.1).
     *
     * @throws IndexOutOfBoundsException if the tree never had that size, or no such leaf at it
     */
    public List<Digest> inclusion(long index, long atSize) {
        requireReached(atSize);
        Objects.checkIndex(index, atSize);
        return Proofs.inclusion(this::range, index, atSize);
    }

    /**
     * The consistency proof between two sizes (RFC 9162, section 2.1.4.1); empty if they are equal.
     *
     * @throws IndexOutOfBoundsException if the tree never had the second size, or the first is 0 or above the second
     */
    public List<Digest> consistency(long firstSize, long secondSize) {
        requireReached(secondSize);
        if (firstSize < 1 || firstSize > secondSize) {
            throw new IndexOutOfBoundsException("the first size is from 1 to the second");
        }
        return Proofs.consistency(this::range, firstSize, secondSize);
    }

    /** The root over a range that begins at a multiple of the power of two its size rounds up to. */
    private Digest range(long from, long width) {
        if (Long.bitCount(width) == 1) {
            int level = Long.numberOfTrailingZeros(width);
            return levels[level].get(from >>> level);
        }
        long left = Proofs.split(width);
        return Rfc9162.nodeHash(range(from, left), range(from + left, width - left));
    }

    private void requireReached(long atSize) {
        if (atSize < 0 || atSize > size) {
            throw new IndexOutOfBoundsException("the tree never had this size");
        }
    }

    private HashColumn column(int level) {
        if (levels[level] == null) {
            levels[level] = new HashColumn();
        }
        return levels[level];
    }
}
