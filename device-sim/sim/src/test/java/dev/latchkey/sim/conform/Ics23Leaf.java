package dev.latchkey.sim.conform;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import java.util.ArrayList;
import java.util.List;

/**
 * An ExistenceProof of ICS 23 for its sparse tree, read from protobuf and turned into the fields of a case.
 *
 * @param path the hash of the key; a proof of absence carries the hash itself as key
 * @param valueHash the hash of the value
 * @param siblings from the leaf up, the empty ones as zeros
 */
record Ics23Leaf(Digest path, Digest valueHash, List<Digest> siblings) {
    private static final Bytes LEAF = Bytes.of((byte) 0);
    private static final Bytes NODE = Bytes.of((byte) 1);

    static Ics23Leaf existence(Bytes commitmentProof) {
        return read(only(fields(commitmentProof, 1)));
    }

    static List<Ics23Leaf> neighbours(Bytes commitmentProof) {
        Bytes nonexist = only(fields(commitmentProof, 2));
        List<Bytes> sides = new ArrayList<>(fields(nonexist, 2));
        sides.addAll(fields(nonexist, 3));
        return sides.stream().map(Ics23Leaf::read).toList();
    }

    private static Ics23Leaf read(Bytes message) {
        Bytes key = only(fields(message, 1));
        List<Digest> siblings = new ArrayList<>();
        for (Bytes inner : fields(message, 4)) {
            Bytes prefix = only(fields(inner, 2));
            siblings.add(Digest.of(prefix.size() == 1 ? only(fields(inner, 3)) : prefix.slice(1, prefix.size())));
        }
        Digest path = key.size() == Digest.SIZE ? Digest.of(key) : Digest.sha256(key);
        return new Ics23Leaf(path, Digest.sha256(only(fields(message, 2))), siblings);
    }

    /** The sibling of this leaf's ancestor at a level, counted from the root. */
    Digest sibling(int level) {
        return siblings.get(siblings.size() - 1 - level);
    }

    /** What leads to the empty child where the way parts from this leaf's, at a level counted from the root. */
    List<Digest> siblingsBesides(int level) {
        Digest hash = Digest.sha256(LEAF, path.bytes(), valueHash.bytes());
        for (int above = siblings.size() - 1; above > level; above--) {
            hash = bit(path, above)
                    ? Digest.sha256(NODE, sibling(above).bytes(), hash.bytes())
                    : Digest.sha256(NODE, hash.bytes(), sibling(above).bytes());
        }
        List<Digest> besides = new ArrayList<>();
        besides.add(hash);
        for (int above = level - 1; above >= 0; above--) {
            besides.add(sibling(above));
        }
        return besides;
    }

    static int sharedBits(Digest a, Digest b) {
        int shared = 0;
        while (shared < Digest.SIZE * Byte.SIZE && bit(a, shared) == bit(b, shared)) {
            shared++;
        }
        return shared;
    }

    private static boolean bit(Digest path, int index) {
        return (path.bytes().get(index / 8) & 0x80 >>> index % 8) != 0;
    }

    /** The values of a length-delimited field; varints are passed over, other wire types do not occur. */
    private static List<Bytes> fields(Bytes message, int number) {
        List<Bytes> values = new ArrayList<>();
        int at = 0;
        while (at < message.size()) {
            int tag = message.get(at++);
            long value = 0;
            int shift = 0;
            byte next;
            do {
                next = message.get(at++);
                value |= (long) (next & 0x7f) << shift;
                shift += 7;
            } while (next < 0);
            if ((tag & 7) == 2) {
                if (tag >>> 3 == number) {
                    values.add(message.slice(at, at + (int) value));
                }
                at += (int) value;
            }
        }
        return values;
    }

    private static Bytes only(List<Bytes> fields) {
        if (fields.size() != 1) {
            throw new IllegalArgumentException("expected the field once");
        }
        return fields.get(0);
    }
}
