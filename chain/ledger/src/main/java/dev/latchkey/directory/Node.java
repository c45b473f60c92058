package dev.latchkey.directory;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import java.util.function.BiConsumer;

/**
 * A node of the tree: empty, a leaf at its shortest unique prefix, or an inner node with at least two leaves below
 * it. Immutable; as an argument it stands for its own hash, which {@link #hashed} has computed.
 *
 * <p>A directory of a million members holds a million leaves and one and a half million inner nodes, so both keep hashes
 * and paths in words of their own: 80 bytes and the value's array for a leaf, 56 for an inner node.
 */
sealed interface Node extends PackedHash {
    /** This node with one leaf more, or with another value in a leaf of the same path. */
    Node with(Leaf leaf, int depth);

    /** This node, when all that {@link #word} says is there. */
    Node hashed(NodeHashing hashing);

    void forEach(BiConsumer<Digest, Bytes> action);

    /** This node with the leaves of a range, whose paths ascend. */
    default Node withAll(Leaf[] leaves, int from, int to, int depth) {
        Node node = this;
        for (int i = from; i < to; i++) {
            node = node.with(leaves[i], depth);
        }
        return node;
    }

    final class Empty implements Node {
        static final Empty INSTANCE = new Empty();

        @Override
        public Node with(Leaf leaf, int depth) {
            return leaf;
        }

        @Override
        public Node withAll(Leaf[] leaves, int from, int to, int depth) {
            if (to - from < 2) {
                return Node.super.withAll(leaves, from, to, depth);
            }
            int middle = firstRight(leaves, from, to, depth);
            return new Inner(withAll(leaves, from, middle, depth + 1), withAll(leaves, middle, to, depth + 1));
        }

        @Override
        public Node hashed(NodeHashing hashing) {
            return this;
        }

        @Override
        public long word(int index) {
            return 0;
        }

        @Override
        public void forEach(BiConsumer<Digest, Bytes> action) {}
    }

    final class Leaf extends PackedPath implements Node {
        private final byte[] value;
        private final long a;
        private final long b;
        private final long c;
        private final long d;

        Leaf(NodeHashing hashing, Digest path, Bytes value) {
            super(path);
            this.value = value.toArray();
            HashEngine engine = HashEngine.ofThread();
            engine.leaf(hashing.leafTag(), this, this.value);
            a = engine.word(0);
            b = engine.word(1);
            c = engine.word(2);
            d = engine.word(3);
        }

        /** The value; it shares the leaf's array, which nobody changes. */
        Bytes value() {
            return Bytes.wrap(value);
        }

        @Override
        public Node with(Leaf leaf, int depth) {
            int shared = sharedBits(leaf);
            if (shared == DirectoryPath.BITS) {
                return leaf;
            }
            Node fork = leaf.bit(shared) ? new Inner(this, leaf) : new Inner(leaf, this);
            for (int level = shared - 1; level >= depth; level--) {
                fork = bit(level) ? new Inner(Empty.INSTANCE, fork) : new Inner(fork, Empty.INSTANCE);
            }
            return fork;
        }

        @Override
        public Node hashed(NodeHashing hashing) {
            return this;
        }

        @Override
        public long word(int index) {
            return switch (index) {
                case 0 -> a;
                case 1 -> b;
                case 2 -> c;
                default -> d;
            };
        }

        @Override
        public void forEach(BiConsumer<Digest, Bytes> action) {
            action.accept(path(), value());
        }
    }

    final class Inner implements Node {
        final Node left;
        final Node right;
        private long a;
        private long b;
        private long c;
        private long d;
        /** Written after the words and read before them; two threads that hash at once write the same. */
        private volatile boolean hashed;

        Inner(Node left, Node right) {
            this.left = left;
            this.right = right;
        }

        @Override
        public Node with(Leaf leaf, int depth) {
            return leaf.bit(depth)
                    ? new Inner(left, right.with(leaf, depth + 1))
                    : new Inner(left.with(leaf, depth + 1), right);
        }

        @Override
        public Node withAll(Leaf[] leaves, int from, int to, int depth) {
            if (from == to) {
                return this;
            }
            int middle = firstRight(leaves, from, to, depth);
            return new Inner(
                    left.withAll(leaves, from, middle, depth + 1), right.withAll(leaves, middle, to, depth + 1));
        }

        @Override
        public Node hashed(NodeHashing hashing) {
            if (!hashed) {
                left.hashed(hashing);
                right.hashed(hashing);
                HashEngine engine = HashEngine.ofThread();
                engine.pair(hashing.nodeTag(), left, right);
                a = engine.word(0);
                b = engine.word(1);
                c = engine.word(2);
                d = engine.word(3);
                hashed = true;
            }
            return this;
        }

        @Override
        public long word(int index) {
            return switch (index) {
                case 0 -> a;
                case 1 -> b;
                case 2 -> c;
                default -> d;
            };
        }

        @Override
        public void forEach(BiConsumer<Digest, Bytes> action) {
            left.forEach(action);
            right.forEach(action);
        }
    }

    /** The first of ascending leaves whose path goes right at a depth. */
    private static int firstRight(Leaf[] leaves, int from, int to, int depth) {
        int low = from;
        int high = to;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (leaves[middle].bit(depth)) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }
}
