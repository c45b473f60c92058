package dev.latchkey.directory;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import java.util.function.BiConsumer;

/**
 * A node of the tree: empty, a leaf at its shortest unique prefix, or an inner node with at least two leaves below
 * it. Immutable; the hash is computed when first asked for, and two threads that ask at once compute the same.
 */
abstract sealed class Node {
    /** This node with one leaf more, or with another value in a leaf of the same path. */
    abstract Node with(Leaf leaf, int depth);

    abstract PackedDigest hash(NodeHashing hashing);

    abstract void forEach(BiConsumer<Digest, Bytes> action);

    static final class Empty extends Node {
        static final Empty INSTANCE = new Empty();

        private static final PackedDigest HASH = new PackedDigest(NodeHashing.EMPTY);

        @Override
        Node with(Leaf leaf, int depth) {
            return leaf;
        }

        @Override
        PackedDigest hash(NodeHashing hashing) {
            return HASH;
        }

        @Override
        void forEach(BiConsumer<Digest, Bytes> action) {}
    }

    static final class Leaf extends Node {
        final PackedDigest path;
        final Bytes value;
        private PackedDigest hash;

        Leaf(PackedDigest path, Bytes value) {
            this.path = path;
            this.value = value;
        }

        @Override
        Node with(Leaf leaf, int depth) {
            int shared = path.sharedBits(leaf.path);
            if (shared == DirectoryPath.BITS) {
                return leaf;
            }
            Node fork = leaf.path.bit(shared) ? new Inner(this, leaf) : new Inner(leaf, this);
            for (int level = shared - 1; level >= depth; level--) {
                fork = path.bit(level) ? new Inner(Empty.INSTANCE, fork) : new Inner(fork, Empty.INSTANCE);
            }
            return fork;
        }

        @Override
        PackedDigest hash(NodeHashing hashing) {
            PackedDigest known = hash;
            if (known == null) {
                known = new PackedDigest(hashing.leaf(path.unpack(), Digest.sha256(value)));
                hash = known;
            }
            return known;
        }

        @Override
        void forEach(BiConsumer<Digest, Bytes> action) {
            action.accept(path.unpack(), value);
        }
    }

    static final class Inner extends Node {
        final Node left;
        final Node right;
        private PackedDigest hash;

        Inner(Node left, Node right) {
            this.left = left;
            this.right = right;
        }

        @Override
        Node with(Leaf leaf, int depth) {
            return leaf.path.bit(depth)
                    ? new Inner(left, right.with(leaf, depth + 1))
                    : new Inner(left.with(leaf, depth + 1), right);
        }

        @Override
        PackedDigest hash(NodeHashing hashing) {
            PackedDigest known = hash;
            if (known == null) {
                known = new PackedDigest(hashing.node(
                        left.hash(hashing).unpack(), right.hash(hashing).unpack()));
                hash = known;
            }
            return known;
        }

        @Override
        void forEach(BiConsumer<Digest, Bytes> action) {
            left.forEach(action);
            right.forEach(action);
        }
    }
}
