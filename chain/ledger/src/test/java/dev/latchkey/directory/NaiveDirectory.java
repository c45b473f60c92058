package dev.latchkey.directory;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The definition of the directory's root, from all paths each time and by recursion over their bits as text. */
final class NaiveDirectory {
    private NaiveDirectory() {}

    static Digest root(NodeHashing hashing, Map<Digest, Bytes> content) {
        TreeMap<String, Digest> leaves = new TreeMap<>();
        content.forEach((path, value) -> leaves.put(
                bits(path),
                sha256(hashing.leafTag(), path.bytes(), Digest.sha256(value).bytes())));
        return root(hashing, leaves, "");
    }

    private static Digest root(NodeHashing hashing, SortedMap<String, Digest> leaves, String prefix) {
        SortedMap<String, Digest> below = leaves.subMap(prefix, prefix + '2');
        if (below.isEmpty()) {
            return Digest.ZERO;
        }
        if (below.size() == 1) {
            return below.get(below.firstKey());
        }
        return sha256(
                hashing.nodeTag(),
                root(hashing, below, prefix + '0').bytes(),
                root(hashing, below, prefix + '1').bytes());
    }

    private static Digest sha256(byte tag, Bytes first, Bytes second) {
        return Digest.sha256(Bytes.concat(Bytes.of(tag), first, second));
    }

    private static String bits(Digest path) {
        StringBuilder bits = new StringBuilder();
        for (byte b : path.bytes().toArray()) {
            for (int i = 7; i >= 0; i--) {
                bits.append(b >> i & 1);
            }
        }
        return bits.toString();
    }
}
