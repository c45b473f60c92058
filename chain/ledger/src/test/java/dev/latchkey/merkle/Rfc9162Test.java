package dev.latchkey.merkle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class Rfc9162Test {
    private static final int LARGEST = 67;

    private final List<Digest> leaves = leaves(LARGEST);

    @Test
    void theEmptyTreeHasTheHashOfNothing() {
        assertThat(Rfc9162.root(List.of()).toHex())
                .isEqualTo("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    }

    /** The tree that Certificate Transparency implementations have tested with since RFC 6962. */
    @Test
    void rootsAreThoseOfTheCertificateTransparencyReferenceTree() {
        List<Digest> tree = Stream.of(
                        "",
                        "00",
                        "10",
                        "2021",
                        "3031",
                        "40414243",
                        "5051525354555657",
                        "606162636465666768696a6b6c6d6e6f")
                .map(data -> Rfc9162.leafHash(Bytes.fromHex(data)))
                .toList();
        List<String> roots = List.of(
                "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
                "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
                "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
                "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
                "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
                "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
                "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");
        for (int size = 1; size <= tree.size(); size++) {
            assertThat(Rfc9162.root(tree.subList(0, size)).toHex()).isEqualTo(roots.get(size - 1));
        }
    }

    @Test
    void rootsAndProofsAreThoseOfTheTextbook() {
        for (int size = 1; size <= LARGEST; size++) {
            List<Digest> tree = leaves.subList(0, size);
            Digest root = NaiveTree.root(tree);
            assertThat(Rfc9162.root(tree)).isEqualTo(root);
            for (int index = 0; index < size; index++) {
                List<Digest> path = Rfc9162.inclusionPath(tree, index);
                assertThat(path).isEqualTo(NaiveTree.path(index, tree));
                assertThat(Rfc9162.rootFor(index, size, tree.get(index), path)).contains(root);
            }
        }
    }

    @Test
    void consistencyHoldsBetweenAnyTwoSizesAndNoOthers() {
        for (int second = 1; second <= LARGEST; second++) {
            Digest secondRoot = NaiveTree.root(leaves.subList(0, second));
            for (int first = 1; first <= second; first++) {
                List<Digest> proof = NaiveTree.proof(first, leaves.subList(0, second));
                Digest firstRoot = NaiveTree.root(leaves.subList(0, first));
                assertThat(Rfc9162.isConsistent(first, firstRoot, second, secondRoot, proof))
                        .isTrue();
                assertThat(Rfc9162.isConsistent(first, Digest.ZERO, second, secondRoot, proof))
                        .isFalse();
                assertThat(Rfc9162.isConsistent(first, firstRoot, second, Digest.ZERO, proof))
                        .isFalse();
                assertNoNeighbourIsAccepted(first, firstRoot, second, secondRoot, proof);
            }
        }
    }

    private static void assertNoNeighbourIsAccepted(
            int first, Digest firstRoot, int second, Digest secondRoot, List<Digest> proof) {
        for (List<Digest> wrong : neighbours(proof)) {
            assertThat(Rfc9162.isConsistent(first, firstRoot, second, secondRoot, wrong))
                    .isFalse();
        }
    }

    @Test
    void refusesAPathWithOneElementTooManyTooFewOrChanged() {
        for (int size = 1; size <= LARGEST; size++) {
            List<Digest> tree = leaves.subList(0, size);
            Digest root = NaiveTree.root(tree);
            for (int index = 0; index < size; index++) {
                for (List<Digest> wrong : neighbours(NaiveTree.path(index, tree))) {
                    assertThat(Rfc9162.includes(root, index, size, tree.get(index), wrong))
                            .isFalse();
                }
            }
        }
    }

    @Test
    void refusesAPathForAnotherIndex() {
        List<Digest> tree = leaves.subList(0, 13);
        Digest root = NaiveTree.root(tree);
        for (int index = 0; index < 13; index++) {
            for (int other = 0; other < 13; other++) {
                assertThat(Rfc9162.includes(root, other, 13, tree.get(index), NaiveTree.path(index, tree)))
                        .isEqualTo(other == index);
            }
        }
    }

    @Test
    void anEmptyPathIsRightOnlyForTheTreeOfOneLeaf() {
        Digest leaf = leaves.get(0);
        assertThat(Rfc9162.includes(leaf, 0, 1, leaf, List.of())).isTrue();
        assertThat(Rfc9162.includes(leaf, 0, 2, leaf, List.of())).isFalse();
        assertThat(Rfc9162.includes(leaf, 1, 2, leaf, List.of())).isFalse();
    }

    /** CVE-2012-2459: Bitcoin's tree pairs a lone last leaf with itself, so a block and its mutation share a root. */
    @Test
    void aDuplicatedLastLeafMakesAnotherRoot() {
        for (int size = 1; size < LARGEST; size++) {
            List<Digest> doubled = new ArrayList<>(leaves.subList(0, size));
            doubled.add(leaves.get(size - 1));
            assertThat(Rfc9162.root(doubled)).isNotEqualTo(Rfc9162.root(leaves.subList(0, size)));
        }
    }

    @Test
    void aNodeIsNoLeaf() {
        List<Digest> four = leaves.subList(0, 4);
        Digest left = Rfc9162.nodeHash(four.get(0), four.get(1));
        Digest right = Rfc9162.nodeHash(four.get(2), four.get(3));
        Digest root = Rfc9162.root(four);
        // The hashes of two nodes as a tree of two leaves do lead to the root: that is why leaves are hashed with a
        // prefix.
        Bytes node = Bytes.concat(four.get(0).bytes(), four.get(1).bytes());
        assertThat(Rfc9162.leafHash(node)).isNotEqualTo(left);
        assertThat(Rfc9162.includes(root, 0, 2, Rfc9162.leafHash(node), List.of(right)))
                .isFalse();
        assertThat(Rfc9162.includes(root, 0, 4, left, List.of(right))).isFalse();
    }

    @Test
    void refusesAnIndexNotBelowTheSizeAndNumbersAboveTheRangeOfLong() {
        Digest leaf = leaves.get(0);
        assertThat(Rfc9162.rootFor(1, 1, leaf, List.of())).isEmpty();
        assertThat(Rfc9162.rootFor(0, 0, leaf, List.of())).isEmpty();
        assertThat(Rfc9162.rootFor(-1, 1, leaf, List.of())).isEmpty();
        assertThat(Rfc9162.rootFor(0, Long.MIN_VALUE, leaf, List.of())).isEmpty();
        assertThat(Rfc9162.rootFor(-2, -1, leaf, List.of())).isEmpty();
        assertThat(Rfc9162.isConsistent(0, Rfc9162.EMPTY_ROOT, 1, leaf, List.of()))
                .isFalse();
        assertThat(Rfc9162.isConsistent(0, Rfc9162.EMPTY_ROOT, 0, Rfc9162.EMPTY_ROOT, List.of()))
                .isFalse();
        assertThat(Rfc9162.isConsistent(2, leaf, 1, leaf, List.of())).isFalse();
        assertThat(Rfc9162.isConsistent(-1, leaf, -1, leaf, List.of())).isFalse();
        assertThat(Rfc9162.isConsistent(1, leaf, Long.MIN_VALUE, leaf, List.of()))
                .isFalse();
    }

    @Test
    void theLargestTreeNeedsSixtyThreeElements() {
        List<Digest> path = new ArrayList<>();
        for (int i = 0; i < 63; i++) {
            assertThat(Rfc9162.rootFor(0, Long.MAX_VALUE, leaves.get(0), path)).isEmpty();
            path.add(leaves.get(i));
        }
        assertThat(Rfc9162.rootFor(0, Long.MAX_VALUE, leaves.get(0), path)).isPresent();
        path.add(leaves.get(0));
        assertThat(Rfc9162.rootFor(0, Long.MAX_VALUE, leaves.get(0), path)).isEmpty();
    }

    @Test
    void aFrontierGoesOnFromWhatWasStored() {
        Frontier frontier = Frontier.EMPTY;
        for (int size = 0; size < LARGEST; size++) {
            assertThat(frontier.size()).isEqualTo(size);
            assertThat(frontier.root()).isEqualTo(NaiveTree.root(leaves.subList(0, size)));
            Frontier restored = Frontier.of(size, frontier.subtrees());
            assertThat(restored).isEqualTo(frontier).hasSameHashCodeAs(frontier);
            Frontier before = frontier;
            frontier = restored.append(leaves.get(size));
            assertThat(before.root()).isEqualTo(NaiveTree.root(leaves.subList(0, size)));
        }
        assertThatThrownBy(() -> Frontier.of(3, leaves.subList(0, 1))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Frontier.of(-1, leaves.subList(0, 64))).isInstanceOf(IllegalArgumentException.class);
    }

    static List<Digest> leaves(int count) {
        Random random = new Random(9162);
        List<Digest> leaves = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            byte[] data = new byte[random.nextInt(50)];
            random.nextBytes(data);
            leaves.add(Rfc9162.leafHash(Bytes.wrap(data)));
        }
        return leaves;
    }

    /** All proofs one step away: an element dropped, added, doubled, exchanged or with a bit flipped. */
    private static List<List<Digest>> neighbours(List<Digest> proof) {
        List<List<Digest>> neighbours = new ArrayList<>();
        for (int i = 0; i <= proof.size(); i++) {
            neighbours.add(with(proof, i, Digest.ZERO));
            if (i < proof.size()) {
                neighbours.add(with(proof, i, proof.get(i)));
                List<Digest> without = new ArrayList<>(proof);
                without.remove(i);
                neighbours.add(without);
                byte[] flipped = proof.get(i).bytes().toArray();
                flipped[i] ^= 0x10;
                List<Digest> changed = new ArrayList<>(proof);
                changed.set(i, Digest.of(Bytes.wrap(flipped)));
                neighbours.add(changed);
            }
        }
        return neighbours;
    }

    private static List<Digest> with(List<Digest> proof, int index, Digest element) {
        List<Digest> longer = new ArrayList<>(proof);
        longer.add(index, element);
        return longer;
    }
}
