package dev.latchkey.merkle;

import dev.latchkey.bytes.Digest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The right edge of a tree: the roots of its complete subtrees, at most 63 hashes, from which the next leaf and the
 * root can be computed without any other. Immutable and safe for use by many threads; an append shares what it does
 * not change.
 */
public final class Frontier {
    /** The edge of the tree without leaves. */
    public static final Frontier EMPTY = new Frontier(0, null);

    private final long size;
    /** The smallest subtree first; one for each bit that is set in the size. */
    private final Subtree smallest;

    private record Subtree(Digest hash, Subtree larger) {}

    private Frontier(long size, Subtree smallest) {
        this.size = size;
        this.smallest = smallest;
    }

    /**
     * An edge that was stored.
     *
     * @param subtrees as {@link #subtrees} returned them
     * @throws IllegalArgumentException if a tree of this size has another number of subtrees
     */
    public static Frontier of(long size, List<Digest> subtrees) {
        if (size < 0 || Long.bitCount(size) != subtrees.size()) {
            throw new IllegalArgumentException("a tree has one complete subtree for each bit of its size");
        }
        Subtree smallest = null;
        for (Digest hash : subtrees) {
            smallest = new Subtree(hash, smallest);
        }
        return new Frontier(size, smallest);
    }

    /** The edge of the tree with one more leaf. */
    public Frontier append(Digest leafHash) {
        Digest hash = leafHash;
        Subtree rest = smallest;
        for (long bits = size; (bits & 1) == 1; bits >>>= 1) {
            hash = Rfc9162.nodeHash(rest.hash(), hash);
            rest = rest.larger();
        }
        return new Frontier(Math.addExact(size, 1), new Subtree(hash, rest));
    }

    /** The number of leaves. */
    public long size() {
        return size;
    }

    /** The root of the tree (RFC 9162, section 2.1.1). */
    public Digest root() {
        if (smallest == null) {
            return Rfc9162.EMPTY_ROOT;
        }
        Digest hash = smallest.hash();
        for (Subtree next = smallest.larger(); next != null; next = next.larger()) {
            hash = Rfc9162.nodeHash(next.hash(), hash);
        }
        return hash;
    }

    /** The roots of the complete subtrees, the largest (leftmost) first. */
    public List<Digest> subtrees() {
        List<Digest> hashes = new ArrayList<>();
        for (Subtree next = smallest; next != null; next = next.larger()) {
            hashes.add(next.hash());
        }
        Collections.reverse(hashes);
        return Collections.unmodifiableList(hashes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Frontier frontier
                && size == frontier.size
                && subtrees().equals(frontier.subtrees());
    }

    @Override
    public int hashCode() {
        return 31 * Long.hashCode(size) + subtrees().hashCode();
    }

    @Override
    public String toString() {
        return "Frontier[size=" + size + "]";
    }
}
