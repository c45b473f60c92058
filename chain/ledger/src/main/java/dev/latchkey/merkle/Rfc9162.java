package dev.latchkey.merkle;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Hashes, roots and the judges of proofs of RFC 9162, section 2.1. Stateless, for use by many threads.
 *
 * <p>A leaf is SHA-256(00 || data), a node SHA-256(01 || left || right), a tree of n leaves is split at the largest
 * power of two below n, and nothing is ever duplicated: two lists of leaves never share a root (contrast
 * CVE-2012-2459).
 *
 * <p>Sizes and indexes are numbers from 0 to 2^63-1; a negative one, which is how a larger unsigned number looks in
 * Java, makes every judge say no.
 */
public final class Rfc9162 {
    private static final byte LEAF = 0x00;
    private static final byte NODE = 0x01;
    private static final Bytes LEAF_PREFIX = Bytes.of(LEAF);

    /** The root of the tree without leaves: SHA-256 of nothing. */
    public static final Digest EMPTY_ROOT = Digest.sha256();

    private Rfc9162() {}

    /** The hash of a leaf's data. */
    public static Digest leafHash(Bytes data) {
        return Digest.sha256(LEAF_PREFIX, data);
    }

    /** The hash of a node over its two children. */
    public static Digest nodeHash(Digest left, Digest right) {
        return Digest.node(NODE, left, right);
    }

    /** The root over leaf hashes (section 2.1.1). */
    public static Digest root(List<Digest> leafHashes) {
        Frontier frontier = Frontier.EMPTY;
        for (Digest leafHash : leafHashes) {
            frontier = frontier.append(leafHash);
        }
        return frontier.root();
    }

    /**
     * The inclusion path of one leaf, from the leaf upwards (section 2.1.3.1). It hashes the whole tree; who needs
     * the paths of many leaves puts them into a {@link HistoryTree}.
     *
     * @throws IndexOutOfBoundsException if there is no such leaf
     */
    public static List<Digest> inclusionPath(List<Digest> leafHashes, int index) {
        Objects.checkIndex(index, leafHashes.size());
        return Proofs.inclusion(
                (from, size) -> root(leafHashes.subList((int) from, (int) (from + size))), index, leafHashes.size());
    }

    /**
     * The one root under which the leaf stands at this index in a tree of this size, if the path has exactly the
     * elements that such a tree calls for (section 2.1.3.2).
     */
    public static Optional<Digest> rootFor(long index, long size, Digest leafHash, List<Digest> path) {
        if (index < 0 || index >= size) {
            return Optional.empty();
        }
        long node = index;
        long last = size - 1;
        Digest hash = leafHash;
        for (Digest sibling : path) {
            if (last == 0) {
                return Optional.empty();
            }
            if ((node & 1) == 1 || node == last) {
                hash = nodeHash(sibling, hash);
                int skipped = (node & 1) == 1 ? 0 : Long.numberOfTrailingZeros(node);
                node >>>= skipped;
                last >>>= skipped;
            } else {
                hash = nodeHash(hash, sibling);
            }
            node >>>= 1;
            last >>>= 1;
        }
        return last == 0 ? Optional.of(hash) : Optional.empty();
    }

    /** Whether the path proves that the leaf stands at this index in the tree of this size and root. */
    public static boolean includes(Digest root, long index, long size, Digest leafHash, List<Digest> path) {
        return rootFor(index, size, leafHash, path).filter(root::equals).isPresent();
    }

    /**
     * Whether the proof shows that the tree of the second size and root has the tree of the first as its beginning
     * (section 2.1.4.2). From the empty tree nothing is proved, so a first size of 0 is refused; for equal sizes the
     * roots must be equal and the proof empty.
     */
    public static boolean isConsistent(
            long firstSize, Digest firstRoot, long secondSize, Digest secondRoot, List<Digest> proof) {
        if (firstSize <= 0 || firstSize > secondSize) {
            return false;
        }
        if (firstSize == secondSize) {
            return proof.isEmpty() && firstRoot.equals(secondRoot);
        }
        int skipped = Long.numberOfTrailingZeros(firstSize);
        boolean firstIsSubtree = firstSize == Long.highestOneBit(firstSize);
        if (!firstIsSubtree && proof.isEmpty()) {
            return false;
        }
        Digest start = firstIsSubtree ? firstRoot : proof.get(0);
        List<Digest> rest = firstIsSubtree ? proof : proof.subList(1, proof.size());
        return leadsToBoth(
                (firstSize - 1) >>> skipped, (secondSize - 1) >>> skipped, start, rest, firstRoot, secondRoot);
    }

    private static boolean leadsToBoth(
            long firstLast, long secondLast, Digest start, List<Digest> proof, Digest firstRoot, Digest secondRoot) {
        long node = firstLast;
        long last = secondLast;
        Digest first = start;
        Digest second = start;
        for (Digest sibling : proof) {
            if (last == 0) {
                return false;
            }
            if ((node & 1) == 1 || node == last) {
                first = nodeHash(sibling, first);
                second = nodeHash(sibling, second);
                int skipped = (node & 1) == 1 ? 0 : Long.numberOfTrailingZeros(node);
                node >>>= skipped;
                last >>>= skipped;
            } else {
                second = nodeHash(second, sibling);
            }
            node >>>= 1;
            last >>>= 1;
        }
        return last == 0 && first.equals(firstRoot) && second.equals(secondRoot);
    }
}
