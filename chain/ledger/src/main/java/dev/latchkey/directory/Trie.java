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
        Node changed = top.with(new Node.Leaf(new PackedDigest(path), value), 0);
        return new Trie(hashing, changed, before.isPresent() ? size : Math.addExact(size, 1));
    }

    /** The value at a path. */
    public Optional<Bytes> get(Digest path) {
        PackedDigest packed = new PackedDigest(path);
        Node node = top;
        for (int depth = 0; node instanceof Node.Inner inner; depth++) {
            node = packed.bit(depth) ? inner.right : inner.left;
        }
        return node instanceof Node.Leaf leaf && leaf.path.same(packed) ? Optional.of(leaf.value) : Optional.empty();
    }

    /** The number of values. */
    public int size() {
        return size;
    }

    /** The hash of the whole tree; what has not changed since it was last asked for is not hashed again. */
    public Digest root() {
        return top.hash(hashing).unpack();
    }

    /** All paths and values, in the order of the paths. */
    public void forEach(BiConsumer<Digest, Bytes> action) {
        top.forEach(action);
    }

    /** The proof of the value at this path or, where there is none, of its absence. */
    public DirectoryProof prove(Digest path) {
        PackedDigest packed = new PackedDigest(path);
        List<Digest> siblings = new ArrayList<>();
        Node node = top;
        for (int depth = 0; node instanceof Node.Inner inner; depth++) {
            boolean right = packed.bit(depth);
            siblings.add((right ? inner.left : inner.right).hash(hashing).unpack());
            node = right ? inner.right : inner.left;
        }
        Collections.reverse(siblings);
        return DirectoryProof.of(siblings, terminal(node, packed));
    }

    private static Terminal terminal(Node node, PackedDigest path) {
        if (!(node instanceof Node.Leaf leaf)) {
            return new Terminal.Nothing();
        }
        return leaf.path.same(path)
                ? new Terminal.Itself()
                : new Terminal.Foreign(leaf.path.unpack(), Digest.sha256(leaf.value));
    }

    @Override
    public String toString() {
        return "Trie[size=" + size + "]";
    }
}
