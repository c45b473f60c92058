package dev.latchkey.merkle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class HistoryTreeTest {
    private static final int LARGEST = 67;

    private final List<Digest> leaves = Rfc9162Test.leaves(LARGEST);

    @Test
    void answersForEverySizeItEverHad() {
        HistoryTree tree = HistoryTree.of(leaves);
        for (int size = 0; size <= LARGEST; size++) {
            List<Digest> then = leaves.subList(0, size);
            assertThat(tree.root(size)).isEqualTo(NaiveTree.root(then));
            for (int index = 0; index < size; index++) {
                assertThat(tree.inclusion(index, size)).isEqualTo(NaiveTree.path(index, then));
            }
            for (int first = 1; first <= size; first++) {
                assertThat(tree.consistency(first, size)).isEqualTo(NaiveTree.proof(first, then));
            }
        }
    }

    @Test
    void refusesSizesItNeverHad() {
        HistoryTree tree = HistoryTree.of(leaves.subList(0, 5));
        assertThatThrownBy(() -> tree.root(6)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> tree.root(-1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> tree.leafHash(5)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> tree.inclusion(5, 5)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> tree.inclusion(0, 6)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> tree.consistency(0, 5)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> tree.consistency(4, 3)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> tree.consistency(1, 6)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void aTreeOfManyChunksAgreesWithTheFrontier() {
        Random random = new Random(1);
        HistoryTree tree = new HistoryTree();
        Frontier frontier = Frontier.EMPTY;
        List<Digest> roots = new ArrayList<>(List.of(frontier.root()));
        for (int i = 0; i < 5_000; i++) {
            Digest leaf = leaf(i);
            assertThat(tree.append(leaf)).isEqualTo(i);
            frontier = frontier.append(leaf);
            if (i % 97 == 0) {
                assertThat(tree.frontier(i + 1)).isEqualTo(frontier);
            }
            roots.add(frontier.root());
        }
        for (int i = 0; i < 2_000; i++) {
            int second = 1 + random.nextInt(5_000);
            int first = 1 + random.nextInt(second);
            int index = random.nextInt(second);
            assertThat(tree.leafHash(index)).isEqualTo(leaf(index));
            assertThat(Rfc9162.includes(roots.get(second), index, second, leaf(index), tree.inclusion(index, second)))
                    .isTrue();
            assertThat(Rfc9162.isConsistent(
                            first, roots.get(first), second, roots.get(second), tree.consistency(first, second)))
                    .isTrue();
        }
    }

    @Test
    void readersSeeWholeTreesWhileItGrows() {
        HistoryTree tree = new HistoryTree();
        tree.append(leaf(0));
        int last = 30_000;
        CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> {
            for (int i = 1; i < last; i++) {
                tree.append(leaf(i));
            }
        });
        Random random = new Random(2);
        boolean more = true;
        while (more) {
            more = !writer.isDone();
            long size = tree.size();
            long index = size - 1 - random.nextInt((int) Math.min(size, 100));
            assertThat(Rfc9162.includes(tree.root(size), index, size, leaf((int) index), tree.inclusion(index, size)))
                    .isTrue();
        }
        writer.join();
        assertThat(tree.size()).isEqualTo(last);
    }

    private static Digest leaf(int index) {
        return Rfc9162.leafHash(Bytes.utf8("header " + index));
    }
}
