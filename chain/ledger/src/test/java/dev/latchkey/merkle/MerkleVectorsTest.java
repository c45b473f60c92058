package dev.latchkey.merkle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.vectors.Vectors;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The proofs of transparency-dev/merkle, good and bad. */
class MerkleVectorsTest {
    @Test
    void judgesInclusionAsPublished() {
        List<Path> files = Vectors.jsonFilesBelow("merkle/inclusion");
        assertThat(files).hasSize(34);
        for (Path file : files) {
            Map<String, Object> vector = Vectors.object(file);
            boolean accepted = proof(vector)
                    .map(path -> Rfc9162.includes(
                            root(vector, "root"),
                            unsigned(vector, "leafIdx"),
                            unsigned(vector, "treeSize"),
                            root(vector, "leafHash"),
                            path))
                    .orElse(false);
            assertThat(accepted).as(file.toString()).isNotEqualTo(vector.get("wantErr"));
        }
    }

    @Test
    void judgesConsistencyAsPublished() {
        List<Path> files = Vectors.jsonFilesBelow("merkle/consistency");
        assertThat(files).hasSize(34);
        for (Path file : files) {
            Map<String, Object> vector = Vectors.object(file);
            boolean accepted = proof(vector)
                    .map(path -> Rfc9162.isConsistent(
                            unsigned(vector, "size1"),
                            root(vector, "root1"),
                            unsigned(vector, "size2"),
                            root(vector, "root2"),
                            path))
                    .orElse(false);
            assertThat(accepted).as(file.toString()).isNotEqualTo(vector.get("wantErr"));
        }
    }

    /** Empty if an element is no hash: such a proof does not get as far as the judge. */
    private static Optional<List<Digest>> proof(Map<String, Object> vector) {
        List<Digest> proof = new ArrayList<>();
        if (vector.get("proof") != null) {
            for (Object element : Vectors.asArray(vector.get("proof"))) {
                Bytes bytes = base64(element);
                if (bytes.size() != Digest.SIZE) {
                    return Optional.empty();
                }
                proof.add(Digest.of(bytes));
            }
        }
        return Optional.of(proof);
    }

    /** Some roots of the vectors are any text at all; what counts is only which are equal. */
    private static Digest root(Map<String, Object> vector, String name) {
        Bytes bytes = base64(vector.get(name) == null ? "" : vector.get(name));
        return bytes.size() == Digest.SIZE ? Digest.of(bytes) : Digest.sha256(Bytes.utf8("no hash: "), bytes);
    }

    private static Bytes base64(Object text) {
        return Bytes.wrap(Base64.getDecoder().decode((String) text));
    }

    /** The low 64 bits: what a reader of unsigned numbers would hand over unchecked. */
    private static long unsigned(Map<String, Object> vector, String name) {
        return ((BigInteger) vector.get(name)).longValue();
    }
}
