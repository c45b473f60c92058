package dev.latchkey.proof;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.cbor.MalformedCborException.Reason;
import dev.latchkey.directory.DirectoryPath;
import dev.latchkey.directory.NodeHashing;
import java.util.List;

/** Reads one {@link SharedProof} and refuses every form but the one the tree gives. For one thread and one use. */
final class SharedProofReader {
    private static final NodeHashing HASHING = NodeHashing.DIRECTORY;
    private static final Node NOTHING = new Node(NodeHashing.EMPTY, Kind.NOTHING);

    private enum Kind {
        NOTHING,
        LEAF,
        FORK,
        UNKNOWN
    }

    private record Node(Digest hash, Kind kind) {}

    private final Bytes shape;
    private final Bytes hashes;
    private int nextBit;
    private int nextHash;

    SharedProofReader(Bytes shape, Bytes hashes) {
        this.shape = shape;
        this.hashes = hashes;
    }

    Digest root(List<SharedProof.Claim> claims) throws MalformedCborException {
        Node top = node(claims, 0);
        require(nextHash == hashes.size() && shape.size() == (nextBit + Byte.SIZE - 1) / Byte.SIZE);
        while (nextBit < shape.size() * Byte.SIZE) {
            require(!bit());
        }
        return top.hash();
    }

    /** A node that the paths of these claims, at least one, lead to. */
    private Node node(List<SharedProof.Claim> claims, int depth) throws MalformedCborException {
        if (!bit()) {
            return end(claims, depth);
        }
        require(depth < DirectoryPath.BITS);
        Node left = child(claims, depth, false);
        Node right = child(claims, depth, true);
        // A leaf stands at its shortest unique prefix, and no fork has two empty children.
        require(left.kind() != Kind.NOTHING || right.kind() != Kind.NOTHING && right.kind() != Kind.LEAF);
        require(right.kind() != Kind.NOTHING || left.kind() != Kind.LEAF);
        return new Node(HASHING.node(left.hash(), right.hash()), Kind.FORK);
    }

    private Node child(List<SharedProof.Claim> claims, int depth, boolean right) throws MalformedCborException {
        List<SharedProof.Claim> below = claims.stream()
                .filter(claim -> SharedProof.bit(claim.path(), depth) == right)
                .toList();
        if (!below.isEmpty()) {
            return node(below, depth + 1);
        }
        if (!bit()) {
            return NOTHING;
        }
        Digest hash = hash();
        require(!hash.equals(NodeHashing.EMPTY));
        return new Node(hash, Kind.UNKNOWN);
    }

    private Node end(List<SharedProof.Claim> claims, int depth) throws MalformedCborException {
        List<SharedProof.Claim> present =
                claims.stream().filter(claim -> claim.valueHash().isPresent()).toList();
        require(present.size() <= 1);
        if (present.size() == 1) {
            SharedProof.Claim claim = present.get(0);
            return new Node(HASHING.leaf(claim.path(), claim.valueHash().orElseThrow()), Kind.LEAF);
        }
        if (!bit()) {
            return NOTHING;
        }
        Digest foreign = hash();
        for (SharedProof.Claim claim : claims) {
            require(!foreign.equals(claim.path()));
        }
        for (int level = 0; level < depth; level++) {
            require(SharedProof.bit(foreign, level)
                    == SharedProof.bit(claims.get(0).path(), level));
        }
        return new Node(HASHING.leaf(foreign, hash()), Kind.LEAF);
    }

    private boolean bit() throws MalformedCborException {
        require(nextBit < shape.size() * Byte.SIZE);
        return SharedProof.bit(shape, nextBit++);
    }

    private Digest hash() throws MalformedCborException {
        int from = nextHash;
        require(from + Digest.SIZE <= hashes.size());
        nextHash += Digest.SIZE;
        return Digest.of(hashes.slice(from, nextHash));
    }

    private static void require(boolean condition) throws MalformedCborException {
        if (!condition) {
            throw new MalformedCborException(Reason.WRONG_VALUE);
        }
    }
}
