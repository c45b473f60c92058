package dev.latchkey.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.directory.Trie;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SharedProofTest {
    private static final Random RANDOM = new Random(23);

    @Test
    void leadsToTheRootWhateverIsAskedOfWhateverTree() throws Exception {
        for (int size : new int[] {0, 1, 2, 3, 7, 40, 300}) {
            List<Digest> members = new ArrayList<>();
            Trie trie = trie(size, members);
            for (int round = 0; round < 15; round++) {
                List<Digest> asked = asked(members, 1 + RANDOM.nextInt(16));
                SharedProof proof = SharedProof.of(trie, asked);
                assertThat(proof.root(claims(trie, asked))).isEqualTo(trie.root());
                assertThat(proof.hashes().size())
                        .isLessThanOrEqualTo(asked.stream()
                                .mapToInt(path -> trie.prove(path).encode().size())
                                .sum());
                assertFalseClaimsFail(trie, asked, proof);
            }
        }
    }

    private static void assertFalseClaimsFail(Trie trie, List<Digest> asked, SharedProof proof) {
        int turned = RANDOM.nextInt(asked.size());
        List<SharedProof.Claim> claims = new ArrayList<>(claims(trie, asked));
        claims.set(
                turned,
                new SharedProof.Claim(
                        asked.get(turned),
                        claims.get(turned).valueHash().isPresent() ? Optional.empty() : Optional.of(Digest.sha256())));
        assertUnproved(proof, claims, trie.root());
    }

    /** Each bit of the shape flipped, one hash too few or too many, one bit or byte too many: refused or another root. */
    @Test
    void oneTreeAndQuestionHaveOneProof() {
        List<Digest> members = new ArrayList<>();
        Trie trie = trie(60, members);
        List<Digest> asked = asked(members, 6);
        SharedProof proof = SharedProof.of(trie, asked);
        List<SharedProof.Claim> claims = claims(trie, asked);
        for (int bit = 0; bit < proof.shape().size() * Byte.SIZE; bit++) {
            assertUnproved(new SharedProof(flip(proof.shape(), bit), proof.hashes()), claims, trie.root());
        }
        for (int bit = 0; bit < proof.hashes().size() * Byte.SIZE; bit += 5) {
            assertUnproved(new SharedProof(proof.shape(), flip(proof.hashes(), bit)), claims, trie.root());
        }
        Bytes shorter = proof.hashes().slice(0, proof.hashes().size() - Digest.SIZE);
        Bytes longer = Bytes.concat(proof.hashes(), Digest.ZERO.bytes());
        assertRefused(new SharedProof(proof.shape(), shorter), claims);
        assertRefused(new SharedProof(proof.shape(), longer), claims);
        assertRefused(new SharedProof(proof.shape(), Bytes.concat(proof.hashes(), Bytes.of((byte) 0))), claims);
        assertRefused(new SharedProof(Bytes.concat(proof.shape(), Bytes.of((byte) 0)), proof.hashes()), claims);
        assertRefused(new SharedProof(proof.shape().slice(0, proof.shape().size() - 1), proof.hashes()), claims);
    }

    @Test
    void aForkWithoutTwoLeavesBelowIsNoForm() {
        SharedProof.Claim here = new SharedProof.Claim(Digest.ZERO, Optional.of(Digest.sha256()));
        SharedProof.Claim nothing = new SharedProof.Claim(Digest.ZERO, Optional.empty());
        // A fork, then on the left the leaf (0) or nothing (00), and on the right nothing (0).
        assertRefused(new SharedProof(Bytes.of((byte) 0b1000_0000), Bytes.EMPTY), List.of(here));
        assertRefused(new SharedProof(Bytes.of((byte) 0b1000_0000), Bytes.EMPTY), List.of(nothing));
        // The leaf of another path where the path itself is claimed to be absent: its own leaf.
        Bytes own = Bytes.concat(Digest.ZERO.bytes(), Digest.sha256().bytes());
        assertRefused(new SharedProof(Bytes.of((byte) 0b0100_0000), own), List.of(nothing));
        // A fork whose hash beside the leaf is said to be there but is the empty one.
        assertRefused(new SharedProof(Bytes.of((byte) 0b1010_0000), Digest.ZERO.bytes()), List.of(here));
        // Forks without end.
        byte[] deep = new byte[70];
        Arrays.fill(deep, (byte) 0xff);
        assertRefused(new SharedProof(Bytes.wrap(deep), Bytes.EMPTY), List.of(nothing));
    }

    private static void assertUnproved(SharedProof proof, List<SharedProof.Claim> claims, Digest root) {
        try {
            assertThat(proof.root(claims)).isNotEqualTo(root);
        } catch (MalformedCborException e) {
            assertThat(e.reason()).isEqualTo(MalformedCborException.Reason.WRONG_VALUE);
        }
    }

    private static void assertRefused(SharedProof proof, List<SharedProof.Claim> claims) {
        assertThatThrownBy(() -> proof.root(claims)).isInstanceOf(MalformedCborException.class);
    }

    private static Trie trie(int size, List<Digest> members) {
        Trie trie = Trie.EMPTY;
        for (int i = 0; i < size; i++) {
            Digest path = path();
            members.add(path);
            trie = trie.put(path, Bytes.utf8("value " + i));
        }
        return trie;
    }

    /** Members, strangers, and neighbours of members that part from them in any bit. */
    private static List<Digest> asked(List<Digest> members, int count) {
        List<Digest> asked = new ArrayList<>();
        while (asked.size() < count) {
            Digest path =
                    members.isEmpty() || RANDOM.nextInt(3) == 0 ? path() : members.get(RANDOM.nextInt(members.size()));
            Digest meant = RANDOM.nextInt(3) == 0 ? Digest.of(flip(path.bytes(), RANDOM.nextInt(256))) : path;
            if (!asked.contains(meant)) {
                asked.add(meant);
            }
        }
        return asked;
    }

    /** Half of the paths share long prefixes, as an attacker would grind them. */
    private static Digest path() {
        byte[] path = new byte[Digest.SIZE];
        if (RANDOM.nextBoolean()) {
            RANDOM.nextBytes(path);
        } else {
            path[RANDOM.nextInt(path.length)] = (byte) RANDOM.nextInt();
        }
        return Digest.of(Bytes.wrap(path));
    }

    private static Bytes flip(Bytes bytes, int bit) {
        byte[] flipped = bytes.toArray();
        flipped[bit >>> 3] ^= (byte) (0x80 >>> (bit & 7));
        return Bytes.wrap(flipped);
    }

    private static List<SharedProof.Claim> claims(Trie trie, List<Digest> asked) {
        return asked.stream()
                .map(path -> new SharedProof.Claim(path, trie.get(path).map(Digest::sha256)))
                .toList();
    }
}
