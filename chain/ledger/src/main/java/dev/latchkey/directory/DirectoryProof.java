package dev.latchkey.directory;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.cbor.MalformedCborException.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What leads from a path to the root of a directory tree, and what was found at its end; immutable. By itself it
 * proves nothing: {@link #rootIfPresent} and {@link #rootIfAbsent} say under which root it would, and that root must
 * come from a checkpoint.
 *
 * <p>On the wire {@code [depth, bitmap, siblings, terminal]}: depth 0 to 256; bitmap a byte string of (depth + 7) / 8
 * bytes whose bit i, counted from the most significant bit of the first byte, is set if the sibling at depth i + 1 is
 * not empty, so bit 0 is nearest the root, and whose unused bits are 0; siblings one byte string of the hashes that
 * are not empty, from the leaf up; terminal {@code true} for the leaf of the path itself, {@code null} for an empty
 * child, {@code [path, hash of value]} for the leaf of another path. At most {@link #MAX_BYTES} bytes.
 *
 * <p>For one tree and path there is exactly one proof. So the sibling next to the terminal is never empty (a leaf
 * stands at its shortest unique prefix, and no node has two empty children), and an empty sibling stands only in the
 * bitmap.
 *
 * @param depth number of nodes between root and terminal
 * @param bitmap which siblings are not empty
 * @param siblings these, from the leaf up
 * @param terminal what stands at the end
 */
public record DirectoryProof(int depth, Bytes bitmap, List<Digest> siblings, Terminal terminal) {
    /** Size of the largest proof: 256 siblings that are not empty and a foreign leaf. */
    public static final int MAX_BYTES = 1 + 3 + 34 + 3 + DirectoryPath.BITS * Digest.SIZE + 1 + 34 + 34;

    /** What a path ends in. */
    public sealed interface Terminal {
        /** The leaf of this very path. */
        record Itself() implements Terminal {}

        /** An empty child. */
        record Nothing() implements Terminal {}

        /**
         * The leaf of another path, alone below the prefix it has in common with this one.
         *
         * @param path its path
         * @param valueHash the hash of its value
         */
        record Foreign(Digest path, Digest valueHash) implements Terminal {}
    }

    public DirectoryProof {
        siblings = List.copyOf(siblings);
        if (!isMinimal(depth, bitmap, siblings)) {
            throw new IllegalArgumentException("a proof in another form than the one the tree gives");
        }
    }

    /**
     * A proof from all siblings, from the leaf up, the empty ones included.
     *
     * @throws IllegalArgumentException if there are more than 256, or the first is empty
     */
    public static DirectoryProof of(List<Digest> allSiblings, Terminal terminal) {
        int depth = allSiblings.size();
        byte[] bitmap = new byte[bitmapSize(depth)];
        List<Digest> siblings = new ArrayList<>();
        for (int i = 0; i < depth; i++) {
            if (!allSiblings.get(i).equals(NodeHashing.EMPTY)) {
                int level = depth - 1 - i;
                bitmap[level >>> 3] |= (byte) (0x80 >>> (level & 7));
                siblings.add(allSiblings.get(i));
            }
        }
        return new DirectoryProof(depth, Bytes.wrap(bitmap), siblings, terminal);
    }

    /** The root of the directory in which a value of this hash stands at the path, if the proof is one of presence. */
    public Optional<Digest> rootIfPresent(Digest path, Digest valueHash) {
        return rootIfPresent(NodeHashing.DIRECTORY, path, valueHash);
    }

    /** The root of the directory in which nothing stands at the path, if the proof is one of absence for it. */
    public Optional<Digest> rootIfAbsent(Digest path) {
        return rootIfAbsent(NodeHashing.DIRECTORY, path);
    }

    /** As {@link #rootIfPresent(Digest, Digest)}, for a tree with tags of its own. */
    public Optional<Digest> rootIfPresent(NodeHashing hashing, Digest path, Digest valueHash) {
        return terminal instanceof Terminal.Itself
                ? Optional.of(climb(hashing, path, hashing.leaf(path, valueHash)))
                : Optional.empty();
    }

    /** As {@link #rootIfAbsent(Digest)}, for a tree with tags of its own. */
    public Optional<Digest> rootIfAbsent(NodeHashing hashing, Digest path) {
        if (terminal instanceof Terminal.Nothing) {
            return Optional.of(climb(hashing, path, NodeHashing.EMPTY));
        }
        if (terminal instanceof Terminal.Foreign foreign && standsInTheWayOf(foreign.path(), path)) {
            return Optional.of(climb(hashing, path, hashing.leaf(foreign.path(), foreign.valueHash())));
        }
        return Optional.empty();
    }

    private boolean standsInTheWayOf(Digest foreign, Digest path) {
        int shared = DirectoryPath.sharedBits(foreign, path);
        return shared >= depth && shared < DirectoryPath.BITS;
    }

    private Digest climb(NodeHashing hashing, Digest path, Digest bottom) {
        Digest hash = bottom;
        int next = 0;
        for (int level = depth - 1; level >= 0; level--) {
            Digest sibling = isSet(bitmap, level) ? siblings.get(next++) : NodeHashing.EMPTY;
            hash = DirectoryPath.bit(path, level) ? hashing.node(sibling, hash) : hashing.node(hash, sibling);
        }
        return hash;
    }

    /** The proof as an item, to be put into a larger answer. */
    public Item item() {
        Bytes[] hashes = siblings.stream().map(Digest::bytes).toArray(Bytes[]::new);
        return Cbor.array(Cbor.uint(depth), Cbor.bytes(bitmap), Cbor.bytes(Bytes.concat(hashes)), terminalItem());
    }

    public Bytes encode() {
        return Cbor.encode(item());
    }

    /** Reads a proof that is the whole input. */
    public static DirectoryProof decode(Bytes encoded) throws MalformedCborException {
        return fromItem(Cbor.decode(encoded, MAX_BYTES));
    }

    /** Reads a proof out of a larger answer. */
    public static DirectoryProof fromItem(Item item) throws MalformedCborException {
        List<Item> fields = item.asArray(4);
        int depth = fields.get(0).asUint(DirectoryPath.BITS);
        Bytes bitmap = fields.get(1).asBytes(bitmapSize(depth));
        List<Digest> siblings = split(fields.get(2).asBytes(0, depth * Digest.SIZE));
        Terminal terminal = terminalFrom(fields.get(3));
        if (!isMinimal(depth, bitmap, siblings)) {
            throw new MalformedCborException(Reason.WRONG_VALUE);
        }
        return new DirectoryProof(depth, bitmap, siblings, terminal);
    }

    private Item terminalItem() {
        if (terminal instanceof Terminal.Foreign foreign) {
            return Cbor.array(
                    Cbor.bytes(foreign.path().bytes()),
                    Cbor.bytes(foreign.valueHash().bytes()));
        }
        return terminal instanceof Terminal.Itself ? Cbor.bool(true) : Cbor.NULL;
    }

    private static Terminal terminalFrom(Item item) throws MalformedCborException {
        if (item.isNull()) {
            return new Terminal.Nothing();
        }
        if (item.kind() == Item.Kind.BOOL) {
            if (!item.asBool()) {
                throw new MalformedCborException(Reason.WRONG_VALUE);
            }
            return new Terminal.Itself();
        }
        List<Item> leaf = item.asArray(2);
        return new Terminal.Foreign(
                Digest.of(leaf.get(0).asBytes(Digest.SIZE)),
                Digest.of(leaf.get(1).asBytes(Digest.SIZE)));
    }

    private static List<Digest> split(Bytes hashes) throws MalformedCborException {
        if (hashes.size() % Digest.SIZE != 0) {
            throw new MalformedCborException(Reason.WRONG_SIZE);
        }
        List<Digest> siblings = new ArrayList<>();
        for (int at = 0; at < hashes.size(); at += Digest.SIZE) {
            siblings.add(Digest.of(hashes.slice(at, at + Digest.SIZE)));
        }
        return siblings;
    }

    private static boolean isMinimal(int depth, Bytes bitmap, List<Digest> siblings) {
        if (depth < 0 || depth > DirectoryPath.BITS || bitmap.size() != bitmapSize(depth)) {
            return false;
        }
        int set = 0;
        for (int level = 0; level < bitmap.size() * Byte.SIZE; level++) {
            if (isSet(bitmap, level)) {
                set++;
                if (level >= depth) {
                    return false;
                }
            }
        }
        return set == siblings.size()
                && !siblings.contains(NodeHashing.EMPTY)
                && (depth == 0 || isSet(bitmap, depth - 1));
    }

    private static int bitmapSize(int depth) {
        return (depth + Byte.SIZE - 1) / Byte.SIZE;
    }

    private static boolean isSet(Bytes bitmap, int level) {
        return (bitmap.get(level >>> 3) & 0x80 >>> (level & 7)) != 0;
    }
}
