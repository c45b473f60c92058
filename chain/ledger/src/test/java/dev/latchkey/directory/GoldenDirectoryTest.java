package dev.latchkey.directory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.MalformedCborException;
import org.junit.jupiter.api.Test;

/**
 * Bytes that must never change, computed once by an independent program: the directory of the chain whose id is
 * SHA-256("example chain") with the members lamp-1 to lamp-6, each with the record "record of NAME".
 */
class GoldenDirectoryTest {
    private static final Digest CHAIN = Digest.sha256(Bytes.utf8("example chain"));
    private static final String ROOT = "9fa46a3304aa9c4b2a51a961c2a6fc78046fc0ab970832245e8b0c7d43f97e19";

    private static final String PRESENT = "840741a258600aa72a53e395430191fc8b122c87df8c55bc67235fcf5e991d90"
            + "85f09ca7ce83c8d94e45caf0c7a26dac69b1db68b48c120b42ffdba74fa16950"
            + "bc3c2fc56dcbb77abfc29b3d0be6db8a5227dc757a6ff57bd276c0889a2df9d9"
            + "df0663761cf0f5";
    private static final String EMPTY_CHILD = "840641a45860be808cb7f2ad36a53edc0128754f0b0661c117a75837b1658417"
            + "e3d7fa7f77cdc8d94e45caf0c7a26dac69b1db68b48c120b42ffdba74fa16950"
            + "bc3c2fc56dcbb77abfc29b3d0be6db8a5227dc757a6ff57bd276c0889a2df9d9"
            + "df0663761cf0f6";
    private static final String FOREIGN_LEAF = "840541a85860d46d901808d23cf921587567687e108445752d7e765436c8dc8a"
            + "67b02746046bca23375d9c37ea2be5cc1bbd229a46554b026f5fb007fcf7aeed"
            + "632cd9e2d44b8426d76b61301b6a9c5f0a26aeb26cc27eefade20b0b2af23023"
            + "ca3f08e3daf08258201633ecb1b2b38f1137d72f78988b15727555cacb9b6f9f"
            + "056ce4947e565e67695820fd7851b6b5511de883805bbf18b522fd5e5bc5fdc8"
            + "f3739e100f7200d108e801";

    private final Trie directory = directory();

    private static Trie directory() {
        Trie trie = Trie.EMPTY;
        for (int i = 1; i <= 6; i++) {
            trie = trie.put(path("lamp-" + i), record("lamp-" + i));
        }
        return trie;
    }

    @Test
    void theRootIsTheGoldenOne() {
        assertThat(directory.root().toHex()).isEqualTo(ROOT);
    }

    @Test
    void theProofsAreTheGoldenOnes() {
        assertThat(directory.prove(path("lamp-2")).encode().toHex()).isEqualTo(PRESENT);
        assertThat(directory.prove(path("lamp-19")).encode().toHex()).isEqualTo(EMPTY_CHILD);
        assertThat(directory.prove(path("lamp-32")).encode().toHex()).isEqualTo(FOREIGN_LEAF);
    }

    @Test
    void theGoldenProofsLeadToTheGoldenRoot() throws MalformedCborException {
        Digest root = Digest.of(Bytes.fromHex(ROOT));
        assertThat(decode(PRESENT).rootIfPresent(path("lamp-2"), Digest.sha256(record("lamp-2"))))
                .contains(root);
        assertThat(decode(EMPTY_CHILD).rootIfAbsent(path("lamp-19"))).contains(root);
        assertThat(decode(FOREIGN_LEAF).rootIfAbsent(path("lamp-32"))).contains(root);
    }

    private static DirectoryProof decode(String hex) throws MalformedCborException {
        return DirectoryProof.decode(Bytes.fromHex(hex));
    }

    private static Digest path(String name) {
        return DirectoryPath.of(CHAIN, name);
    }

    private static Bytes record(String name) {
        return Bytes.utf8("record of " + name);
    }
}
