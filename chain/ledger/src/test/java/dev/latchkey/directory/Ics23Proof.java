package dev.latchkey.directory;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.directory.DirectoryProof.Terminal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * An ExistenceProof of ICS 23: key, value and all siblings from the leaf up, the empty ones as zeros.
 *
 * @param path the hash of the key; a proof of absence carries the hash itself as key
 * @param valueHash the hash of the value, likewise
 */
record Ics23Proof(Digest path, Digest valueHash, List<Digest> siblings) {
    private static final int EXIST = 1;
    private static final int NONEXIST = 2;

    /** The proof in a CommitmentProof of presence. */
    static Ics23Proof existence(Bytes commitmentProof) {
        return read(only(Protobuf.fields(commitmentProof, EXIST)), true);
    }

    /** The proofs of the neighbours, one or two, in a CommitmentProof of absence. */
    static List<Ics23Proof> neighbours(Bytes commitmentProof) {
        Bytes nonexist = only(Protobuf.fields(commitmentProof, NONEXIST));
        List<Bytes> sides = new ArrayList<>(Protobuf.fields(nonexist, 2));
        sides.addAll(Protobuf.fields(nonexist, 3));
        return sides.stream().map(side -> read(side, false)).toList();
    }

    private static Ics23Proof read(Bytes message, boolean present) {
        Bytes key = only(Protobuf.fields(message, 1));
        Bytes value = only(Protobuf.fields(message, 2));
        List<Digest> siblings = new ArrayList<>();
        for (Bytes inner : Protobuf.fields(message, 4)) {
            Bytes prefix = only(Protobuf.fields(inner, 2));
            siblings.add(
                    Digest.of(prefix.size() == 1 ? only(Protobuf.fields(inner, 3)) : prefix.slice(1, prefix.size())));
        }
        Digest path = present || key.size() != Digest.SIZE ? Digest.sha256(key) : Digest.of(key);
        return new Ics23Proof(path, Digest.sha256(value), siblings);
    }

    int depth() {
        return siblings.size();
    }

    /** The sibling of this leaf's ancestor at a level, counted from the root. */
    Digest sibling(int level) {
        return siblings.get(depth() - 1 - level);
    }

    /** The proof of this leaf itself. */
    DirectoryProof proof() {
        return DirectoryProof.of(siblings, new Terminal.Itself());
    }

    /** The proof for a path this leaf stands in the way of. */
    DirectoryProof foreign() {
        return DirectoryProof.of(siblings, new Terminal.Foreign(path, valueHash));
    }

    /** The proof for a path that parts from this one at a level where nothing stands on the other side. */
    DirectoryProof besides(NodeHashing hashing, int level) {
        Digest hash = hashing.leaf(path, valueHash);
        for (int above = depth() - 1; above > level; above--) {
            hash = DirectoryPath.bit(path, above)
                    ? hashing.node(sibling(above), hash)
                    : hashing.node(hash, sibling(above));
        }
        List<Digest> fromTop = new ArrayList<>();
        for (int above = 0; above < level; above++) {
            fromTop.add(sibling(above));
        }
        fromTop.add(hash);
        Collections.reverse(fromTop);
        return DirectoryProof.of(fromTop, new Terminal.Nothing());
    }

    private static Bytes only(List<Bytes> fields) {
        if (fields.size() != 1) {
            throw new IllegalArgumentException("expected the field once");
        }
        return fields.get(0);
    }
}
