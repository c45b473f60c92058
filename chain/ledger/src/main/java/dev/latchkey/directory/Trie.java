package dev.latchkey.directory;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.directory.DirectoryProof.Terminal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * A compact binary prefix tree from paths of 256 bits, most significant bit first, to values; immutable and safe for
 * use by many threads. {@link #put} returns another tree that shares all but the nodes on one path with this one, so
 * every version stays usable for as long as somebody holds it.
 *
 * <p>A leaf stands at its shortest unique prefix; leaf H(t0 || path || H(value)), node H(t1 || left || right), empty
 * child and empty tree 32 zero bytes. The same shape as the prefix tree of IETF key transparency and the sparse
 * Merkle tree of ICS 23.
 */
public final class Trie {
    /** The empty directory of a chain. */
    public static final Trie EMPTY = empty(NodeHashing.DIRECTORY);

    private final NodeHashing hashing;
    private final Node top;
    private final int size;

    private Trie(NodeHashing hashing, Node top, int size) {
        this.hashing = hashing;
        this.top = top;
        this.size = size;
    }

    /** An empty tree with tags of its own. */
    public static Trie empty(NodeHashing hashing) {
        return new Trie(hashing, Node.Empty.INSTANCE, 0);
    }

    /** The tree in which this path leads to this value; the same tree if it already does. */
    public Trie put(Digest path, Bytes value) {
        Optional<Bytes> before = get(path);
        if (before.filter(value::equals).isPresent()) {
            return this;
        }
        Node changed = top.with(new Node.Leaf(hashing, path, value), 0);
        return new Trie(hashing, changed, before.isPresent() ? size : Math.addExact(size, 1));
    }

    /**
     * The tree with many more values: as {@link #put} of each, at the cost of one copy of every node on the way to any.
     *
     * @param paths ascending, none of them in the tree yet
     * @param values as many
     * @throws IllegalArgumentException if the paths do not ascend, or there are not as many values
     */
    public Trie putNew(List<Digest> paths, List<Bytes> values) {
        Node.Leaf[] leaves = new Node.Leaf[paths.size()];
        if (values.size() != leaves.length) {
            throw new IllegalArgumentException("a path without a value");
        }
        for (int i = 0; i < leaves.length; i++) {
            if (i > 0 && paths.get(i - 1).compareTo(paths.get(i)) >= 0) {
                throw new IllegalArgumentException("the paths do not ascend");
            }
            leaves[i] = new Node.Leaf(hashing, paths.get(i), values.get(i));
        }
        return new Trie(hashing, top.withAll(leaves, 0, leaves.length, 0), Math.addExact(size, leaves.length));
    }

    /** The value at a path. */
    public Optional<Bytes> get(Digest path) {
        PackedPath packed = new PackedPath(path);
        Node node = top;
        for (int depth = 0; node instanceof Node.Inner inner; depth++) {
            node = packed.bit(depth) ? inner.right : inner.left;
        }
        return node instanceof Node.Leaf leaf && leaf.same(packed) ? Optional.of(leaf.value()) : Optional.empty();
    }

    /** The number of values. */
    public int size() {
        return size;
    }

    /** The hash of the whole tree; what has not changed since it was last asked for is not hashed again. */
    public Digest root() {
        return top.hashed(hashing).unpack();
    }

    /** All paths and values, in the order of the paths. */
    public void forEach(BiConsumer<Digest, Bytes> action) {
        top.forEach(action);
    }

    /** The proof of the value at this path or, where there is none, of its absence. */
    public DirectoryProof prove(Digest path) {
        PackedPath packed = new PackedPath(path);
        List<Digest> siblings = new ArrayList<>();
        Node node = top;
        for (int depth = 0; node instanceof Node.Inner inner; depth++) {
            boolean right = packed.bit(depth);
            siblings.add((right ? inner.left : inner.right).hashed(hashing).unpack());
            node = right ? inner.right : inner.left;
        }
        Collections.reverse(siblings);
        return DirectoryProof.of(siblings, terminal(node, packed));
    }

    private static Terminal terminal(Node node, PackedPath path) {
        if (!(node instanceof Node.Leaf leaf)) {
            return new Terminal.Nothing();
        }
        return leaf.same(path) ? new Terminal.Itself() : new Terminal.Foreign(leaf.path(), Digest.sha256(leaf.value()));
    }

    @Override
    public String toString() {
        return "Trie[size=" + size + "]";
    }
}
