package dev.latchkey.directory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.vectors.Vectors;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The sparse Merkle proofs of ICS 23, which has the same tree with the tags 00 and 01. */
class Ics23VectorsTest {
    private static final NodeHashing ICS23 = new NodeHashing((byte) 0, (byte) 1);

    @Test
    void aPublishedProofOfPresenceLeadsToItsRoot() {
        Vector vector = Vector.read("exist_middle.json");
        DirectoryProof proof = Ics23Proof.existence(vector.proof).proof();
        Digest valueHash = Digest.sha256(vector.value);
        assertThat(proof.rootIfPresent(ICS23, vector.path(), valueHash)).contains(vector.root);
        assertThat(proof.rootIfPresent(ICS23, vector.path(), Digest.sha256())).isNotEqualTo(Optional.of(vector.root));
        assertThat(proof.rootIfPresent(ICS23, Paths.flip(vector.path(), 0), valueHash))
                .isNotEqualTo(Optional.of(vector.root));
        assertThat(proof.rootIfAbsent(ICS23, vector.path())).isEmpty();
        for (int i = 0; i < proof.siblings().size(); i++) {
            assertThat(withChangedSibling(proof, i).rootIfPresent(ICS23, vector.path(), valueHash))
                    .isNotEqualTo(Optional.of(vector.root));
        }
    }

    @Test
    void aPublishedProofOfAbsenceLeadsToItsRoot() {
        for (String name : List.of("nonexist_left.json", "nonexist_middle.json")) {
            Vector vector = Vector.read(name);
            List<DirectoryProof> proofs = Ics23Proof.neighbours(vector.proof).stream()
                    .flatMap(neighbour -> absence(neighbour, vector.path()))
                    .toList();
            assertThat(proofs).as(name).isNotEmpty();
            for (DirectoryProof proof : proofs) {
                assertThat(proof.rootIfAbsent(ICS23, vector.path())).as(name).contains(vector.root);
                assertThat(proof.rootIfAbsent(ICS23, Paths.flip(vector.path(), 0)))
                        .isNotEqualTo(Optional.of(vector.root));
                assertThat(withChangedSibling(proof, 0).rootIfAbsent(ICS23, vector.path()))
                        .isNotEqualTo(Optional.of(vector.root));
            }
        }
    }

    /** Our proof out of that of a neighbour: it is in the way itself, or where the ways part nothing is. */
    private static Stream<DirectoryProof> absence(Ics23Proof neighbour, Digest path) {
        int shared = DirectoryPath.sharedBits(neighbour.path(), path);
        if (shared >= neighbour.depth()) {
            return Stream.of(neighbour.foreign());
        }
        return neighbour.sibling(shared).equals(Digest.ZERO)
                ? Stream.of(neighbour.besides(ICS23, shared))
                : Stream.empty();
    }

    private static DirectoryProof withChangedSibling(DirectoryProof proof, int index) {
        List<Digest> siblings = new ArrayList<>(proof.siblings());
        siblings.set(index, Paths.flip(siblings.get(index), 77));
        return new DirectoryProof(proof.depth(), proof.bitmap(), siblings, proof.terminal());
    }

    private record Vector(Bytes key, Bytes value, Digest root, Bytes proof) {
        static Vector read(String name) {
            Map<String, Object> json = Vectors.object(Vectors.at("directory/" + name));
            return new Vector(hex(json, "key"), hex(json, "value"), Digest.of(hex(json, "root")), hex(json, "proof"));
        }

        Digest path() {
            return Digest.sha256(key);
        }

        private static Bytes hex(Map<String, Object> json, String name) {
            return Bytes.fromHex((String) json.get(name));
        }
    }
}
