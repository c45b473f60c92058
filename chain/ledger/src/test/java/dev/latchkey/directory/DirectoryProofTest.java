package dev.latchkey.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.cbor.MalformedCborException.Reason;
import dev.latchkey.directory.DirectoryProof.Terminal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DirectoryProofTest {
    private final List<Digest> members = new ArrayList<>();
    private final Trie trie = directory();

    private Trie directory() {
        Random random = new Random(17);
        Trie filled = Trie.EMPTY;
        for (int i = 0; i < 120; i++) {
            Digest path = i % 2 == 0 ? Paths.random(random) : Paths.crowded(random);
            members.add(path);
            filled = filled.put(path, value(path));
        }
        return filled;
    }

    @Test
    void provesTheValueOfEveryMember() throws MalformedCborException {
        for (Digest path : members) {
            DirectoryProof proof = DirectoryProof.decode(trie.prove(path).encode());
            assertThat(proof).isEqualTo(trie.prove(path));
            assertThat(proof.rootIfPresent(path, hash(path))).contains(trie.root());
            assertThat(proof.rootIfAbsent(path)).isEmpty();
            assertThat(proof.rootIfPresent(path, Digest.ZERO)).isPresent().isNotEqualTo(Optional.of(trie.root()));
        }
    }

    @Test
    void provesTheAbsenceOfEveryOtherPath() throws MalformedCborException {
        Random random = new Random(18);
        int nothing = 0;
        int foreign = 0;
        for (int i = 0; i < 600; i++) {
            Digest path = switch (i % 3) {
                case 0 -> Paths.random(random);
                case 1 -> Paths.crowded(random);
                default -> Paths.flip(members.get(random.nextInt(members.size())), random.nextInt(256));
            };
            if (trie.get(path).isPresent()) {
                continue;
            }
            DirectoryProof proof = DirectoryProof.decode(trie.prove(path).encode());
            assertThat(proof.rootIfAbsent(path)).contains(trie.root());
            assertThat(proof.rootIfPresent(path, hash(path))).isEmpty();
            nothing += proof.terminal() instanceof Terminal.Nothing ? 1 : 0;
            foreign += proof.terminal() instanceof Terminal.Foreign ? 1 : 0;
        }
        assertThat(nothing).isGreaterThan(20);
        assertThat(foreign).isGreaterThan(20);
    }

    @Test
    void theEmptyDirectoryProvesEveryAbsence() throws MalformedCborException {
        DirectoryProof proof = Trie.EMPTY.prove(Digest.sha256());
        assertThat(proof.encode().toHex()).isEqualTo("84004040f6");
        assertThat(DirectoryProof.decode(proof.encode()).rootIfAbsent(Digest.sha256()))
                .contains(Digest.ZERO);
    }

    @Test
    void aLeafWithoutSiblingsIsFiveBytes() {
        Digest path = members.get(0);
        DirectoryProof proof = Trie.EMPTY.put(path, value(path)).prove(path);
        assertThat(proof.encode().toHex()).isEqualTo("84004040f5");
    }

    @Test
    void oneTreeAndPathHaveOneProof() {
        Random random = new Random(19);
        int read = 0;
        for (int i = 0; i < 20_000; i++) {
            Digest path = i % 2 == 0 ? members.get(random.nextInt(members.size())) : Paths.random(random);
            Bytes honest = trie.prove(path).encode();
            byte[] mutated = honest.toArray();
            mutated[random.nextInt(mutated.length)] ^= (byte) (1 << random.nextInt(8));
            try {
                DirectoryProof proof = DirectoryProof.decode(Bytes.wrap(mutated));
                read++;
                assertThat(proof.rootIfPresent(path, hash(path))).isNotEqualTo(Optional.of(trie.root()));
                assertThat(proof.rootIfAbsent(path)).isNotEqualTo(Optional.of(trie.root()));
            } catch (MalformedCborException refused) {
                assertThat(refused.reason()).isNotNull();
            }
        }
        assertThat(read).isGreaterThan(5_000);
    }

    @Test
    void noTruncationOfAProofIsAProof() {
        for (Digest path : members.subList(0, 30)) {
            Bytes encoded = trie.prove(path).encode();
            for (int size = 0; size < encoded.size(); size++) {
                Bytes truncated = encoded.slice(0, size);
                assertThat(catchThrowableOfType(MalformedCborException.class, () -> DirectoryProof.decode(truncated)))
                        .isNotNull();
            }
        }
    }

    @Test
    void aProofOfOneMemberIsNoneOfAnother() {
        for (int i = 0; i < 40; i++) {
            DirectoryProof proof = trie.prove(members.get(i));
            for (int other = 0; other < 40; other++) {
                if (!members.get(i).equals(members.get(other))) {
                    Digest path = members.get(other);
                    assertThat(proof.rootIfPresent(path, hash(path))).isNotEqualTo(Optional.of(trie.root()));
                    assertThat(proof.rootIfAbsent(path)).isEmpty();
                }
            }
        }
    }

    @Test
    void anAbsenceProofHidesNoMember() {
        for (Digest member : members) {
            for (Digest other : List.of(Paths.flip(member, 255), Paths.flip(member, 0), Paths.flip(member, 128))) {
                DirectoryProof proof = trie.prove(other);
                assertThat(proof.rootIfAbsent(member)).isNotEqualTo(Optional.of(trie.root()));
            }
        }
    }

    @Test
    void aForeignLeafMustStandInTheWayAndMustNotBeTheLeafItself() {
        Digest member = members.get(0);
        Digest absent = Paths.flip(member, 255);
        DirectoryProof proof = trie.prove(absent);
        assertThat(proof.terminal()).isEqualTo(new Terminal.Foreign(member, hash(member)));
        assertThat(proof.rootIfAbsent(absent)).contains(trie.root());
        assertThat(proof.rootIfAbsent(member)).isEmpty();
        Digest elsewhere = Paths.flip(absent, proof.depth() - 1);
        assertThat(proof.rootIfAbsent(elsewhere)).isEmpty();
    }

    @Test
    void anotherTreesTagsLeadToAnotherRoot() {
        Digest path = members.get(0);
        NodeHashing log = new NodeHashing((byte) 0, (byte) 1);
        assertThat(trie.prove(path).rootIfPresent(log, path, hash(path)))
                .isPresent()
                .isNotEqualTo(Optional.of(trie.root()));
    }

    /** In the examples H stands for a hash and Z for one of zeros. */
    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "8401 40 40 f6, WRONG_SIZE, a bitmap shorter than the depth",
        "8400 4100 40 f6, WRONG_SIZE, a bitmap longer than the depth",
        "8401 4100 40 f6, WRONG_VALUE, an empty sibling next to the end",
        "8402 4180 5820H f6, WRONG_VALUE, an empty sibling next to the end",
        "8401 4180 40 f6, WRONG_VALUE, fewer hashes than bits",
        "8402 41c0 5820H f6, WRONG_VALUE, fewer hashes than bits",
        "8401 41c0 5820H f6, WRONG_VALUE, a bit beyond the depth",
        "8401 4181 5820H f6, WRONG_VALUE, a bit beyond the depth",
        "8402 4140 5840HH f6, WRONG_VALUE, more hashes than bits",
        "8401 4180 5840HH f6, WRONG_SIZE, more hashes than levels",
        "8401 4180 4100 f6, WRONG_SIZE, a part of a hash",
        "8401 4180 5820Z f6, WRONG_VALUE, an empty sibling among the hashes",
        "8401 4180 5820H f4, WRONG_VALUE, false",
        "8401 4180 5820H 00, WRONG_TYPE, a number as terminal",
        "8401 4180 5820H 80, WRONG_SIZE, an empty array as terminal",
        "8401 4180 5820H 825820H40, WRONG_SIZE, no hash of the value",
        "8401 4180 5820H 835820H5820H00, WRONG_SIZE, a leaf with more",
        "84190101 40 40 f6, OUT_OF_RANGE, deeper than a path is long",
        "8420 40 40 f6, WRONG_TYPE, a negative depth",
        "83004040, WRONG_SIZE, no terminal",
        "8500404040f6, WRONG_SIZE, one field too many",
        "84004040f600, TRAILING_BYTES, more bytes",
        "8418004040f6, NOT_SHORTEST, a longer number",
        "a0, WRONG_TYPE, a map",
    })
    void refusesEveryOtherForm(String form, Reason reason) {
        Bytes encoded = Bytes.fromHex(
                form.replace(" ", "").replace("H", "ab".repeat(32)).replace("Z", "00".repeat(32)));
        MalformedCborException refused =
                catchThrowableOfType(MalformedCborException.class, () -> DirectoryProof.decode(encoded));
        assertThat(refused.reason()).isEqualTo(reason);
    }

    @Test
    void cannotBeBuiltInAnotherForm() {
        Terminal end = new Terminal.Nothing();
        assertThatThrownBy(() -> new DirectoryProof(1, Bytes.of((byte) 0), List.of(), end))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new DirectoryProof(257, Bytes.wrap(new byte[33]), List.of(), end))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new DirectoryProof(-1, Bytes.EMPTY, List.of(), end))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theLargestProofIsWithinItsLimit() throws MalformedCborException {
        List<Digest> siblings = new ArrayList<>();
        for (int i = 0; i < 256; i++) {
            siblings.add(Digest.sha256(Bytes.utf8("sibling " + i)));
        }
        Terminal foreign = new Terminal.Foreign(Digest.sha256(), Digest.sha256());
        Bytes encoded = DirectoryProof.of(siblings, foreign).encode();
        assertThat(encoded.size()).isEqualTo(DirectoryProof.MAX_BYTES);
        assertThat(DirectoryProof.decode(encoded).siblings()).isEqualTo(siblings);
    }

    private static Bytes value(Digest path) {
        return Bytes.utf8("record of " + path);
    }

    private static Digest hash(Digest path) {
        return Digest.sha256(value(path));
    }
}
