package dev.latchkey.proof;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.directory.DirectoryProof;
import dev.latchkey.directory.DirectoryProof.Terminal;
import dev.latchkey.directory.NodeHashing;
import dev.latchkey.directory.Trie;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/** Writes the {@link SharedProof} of several paths out of the proofs of each. For one thread. */
final class SharedProofWriter {
    /** One path, its own proof, and the siblings on the way, the one nearest the root first. */
    private record Lone(Digest path, DirectoryProof proof, List<Digest> siblings) {}

    private final BitSet shape = new BitSet();
    private int bits;
    private final List<Bytes> hashes = new ArrayList<>();

    private SharedProofWriter() {}

    static SharedProof write(Trie directory, List<Digest> paths) {
        SharedProofWriter writer = new SharedProofWriter();
        writer.node(paths.stream().map(path -> lone(directory, path)).toList(), 0);
        return new SharedProof(writer.shape(), Bytes.concat(writer.hashes.toArray(Bytes[]::new)));
    }

    private static Lone lone(Trie directory, Digest path) {
        DirectoryProof proof = directory.prove(path);
        List<Digest> siblings = new ArrayList<>();
        int next = proof.siblings().size();
        for (int level = 0; level < proof.depth(); level++) {
            siblings.add(
                    SharedProof.bit(proof.bitmap(), level) ? proof.siblings().get(--next) : NodeHashing.EMPTY);
        }
        return new Lone(path, proof, siblings);
    }

    private void node(List<Lone> asked, int depth) {
        boolean fork = asked.get(0).proof().depth() > depth;
        bit(fork);
        if (!fork) {
            end(asked);
            return;
        }
        Digest otherSide = asked.get(0).siblings().get(depth);
        for (boolean right : new boolean[] {false, true}) {
            List<Lone> below = asked.stream()
                    .filter(lone -> SharedProof.bit(lone.path(), depth) == right)
                    .toList();
            if (below.isEmpty()) {
                opaque(otherSide);
            } else {
                node(below, depth + 1);
            }
        }
    }

    private void end(List<Lone> asked) {
        if (asked.stream().anyMatch(lone -> lone.proof().terminal() instanceof Terminal.Itself)) {
            return;
        }
        Optional<Terminal.Foreign> foreign =
                asked.get(0).proof().terminal() instanceof Terminal.Foreign leaf ? Optional.of(leaf) : Optional.empty();
        bit(foreign.isPresent());
        foreign.ifPresent(leaf -> {
            hashes.add(leaf.path().bytes());
            hashes.add(leaf.valueHash().bytes());
        });
    }

    private void opaque(Digest hash) {
        boolean there = !hash.equals(NodeHashing.EMPTY);
        bit(there);
        if (there) {
            hashes.add(hash.bytes());
        }
    }

    private void bit(boolean value) {
        shape.set(bits, value);
        bits++;
    }

    private Bytes shape() {
        byte[] bytes = new byte[(bits + Byte.SIZE - 1) / Byte.SIZE];
        shape.stream().forEach(index -> bytes[index >>> 3] |= (byte) (0x80 >>> (index & 7)));
        return Bytes.wrap(bytes);
    }
}
