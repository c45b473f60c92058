package dev.latchkey.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrieTest {
    private static final NodeHashing OTHER_TAGS = new NodeHashing((byte) 0, (byte) 1);

    @Test
    void theEmptyTreeHasARootOfZeros() {
        assertThat(Trie.EMPTY.root()).isEqualTo(Digest.ZERO);
        assertThat(Trie.EMPTY.size()).isZero();
        assertThat(Trie.EMPTY.get(Digest.sha256())).isEmpty();
    }

    @Test
    void aSingleLeafIsTheRoot() {
        Digest path = DirectoryPath.of(Digest.ZERO, "lamp-7");
        Bytes value = Bytes.utf8("record");
        Digest expected = Digest.sha256(
                Bytes.of((byte) 2), path.bytes(), Digest.sha256(value).bytes());
        assertThat(Trie.EMPTY.put(path, value).root()).isEqualTo(expected);
    }

    @Test
    void thePathOfANameBindsItToItsChain() {
        Digest chain = Digest.sha256(Bytes.utf8("some genesis"));
        assertThat(DirectoryPath.of(chain, "lamp-7"))
                .isEqualTo(
                        Digest.sha256(Bytes.concat(Bytes.utf8("latchkey/1/dir"), chain.bytes(), Bytes.utf8("lamp-7"))));
        assertThat(DirectoryPath.of(Digest.ZERO, "lamp-7")).isNotEqualTo(DirectoryPath.of(chain, "lamp-7"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void everyVersionHasTheRootAndContentOfItsDefinition(boolean crowded) {
        Function<Random, Digest> paths = crowded ? Paths::crowded : Paths::random;
        for (NodeHashing hashing : List.of(NodeHashing.DIRECTORY, OTHER_TAGS)) {
            Random random = new Random(31);
            List<Trie> versions = new ArrayList<>(List.of(Trie.empty(hashing)));
            List<Map<Digest, Bytes>> contents = new ArrayList<>(List.of(Map.of()));
            for (int i = 0; i < 150; i++) {
                int basis = random.nextInt(4) == 0 ? random.nextInt(versions.size()) : versions.size() - 1;
                Map<Digest, Bytes> content = new HashMap<>(contents.get(basis));
                Digest path = content.isEmpty() || random.nextInt(3) > 0
                        ? paths.apply(random)
                        : content.keySet().iterator().next();
                Bytes value = Bytes.utf8("value " + random.nextInt(40));
                content.put(path, value);
                contents.add(content);
                versions.add(versions.get(basis).put(path, value));
            }
            for (int i = 0; i < versions.size(); i++) {
                assertIs(versions.get(i), contents.get(i), hashing);
            }
        }
    }

    private static void assertIs(Trie trie, Map<Digest, Bytes> content, NodeHashing hashing) {
        assertThat(trie.size()).isEqualTo(content.size());
        assertThat(trie.root()).isEqualTo(NaiveDirectory.root(hashing, content));
        List<Digest> visited = new ArrayList<>();
        trie.forEach((path, value) -> {
            visited.add(path);
            assertThat(content).containsEntry(path, value);
        });
        assertThat(visited).containsExactlyElementsOf(new TreeMap<>(content).keySet());
        content.forEach((path, value) -> assertThat(trie.get(path)).contains(value));
    }

    @Test
    void theOrderOfPutsDoesNotMatter() {
        Random random = new Random(5);
        List<Digest> paths = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            paths.add(i % 2 == 0 ? Paths.random(random) : Paths.crowded(random));
        }
        Digest root = filled(paths).root();
        for (int i = 0; i < 5; i++) {
            Collections.shuffle(paths, random);
            assertThat(filled(paths).root()).isEqualTo(root);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void manyValuesAtOnceAreAsManyOneByOne(boolean crowded) {
        Random random = new Random(13);
        Trie bulk = Trie.EMPTY;
        Map<Digest, Bytes> content = new HashMap<>();
        for (int round = 0; round < 8; round++) {
            Map<Digest, Bytes> more = new TreeMap<>();
            for (int i = 0; i < 40; i++) {
                Digest path = crowded ? Paths.crowded(random) : Paths.random(random);
                if (!content.containsKey(path)) {
                    more.put(path, Bytes.utf8("value " + random.nextInt()));
                }
            }
            bulk = bulk.putNew(List.copyOf(more.keySet()), List.copyOf(more.values()));
            content.putAll(more);
            assertIs(bulk, content, NodeHashing.DIRECTORY);
        }
    }

    @Test
    void manyValuesAtOnceMustAscend() {
        Digest low = Digest.ZERO;
        Digest high = Paths.flip(Digest.ZERO, 0);
        List<Bytes> values = List.of(Bytes.EMPTY, Bytes.EMPTY);
        assertThatThrownBy(() -> Trie.EMPTY.putNew(List.of(high, low), values))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Trie.EMPTY.putNew(List.of(low, low), values))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Trie.EMPTY.putNew(List.of(low), values)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void anUnchangedPutGivesTheSameTree() {
        Trie trie = filled(List.of(Digest.sha256(Bytes.utf8("a")), Digest.sha256(Bytes.utf8("b"))));
        Digest path = Digest.sha256(Bytes.utf8("a"));
        assertThat(trie.put(path, trie.get(path).orElseThrow())).isSameAs(trie);
    }

    @Test
    void aLeafMayStandAtTheGreatestDepth() {
        Digest path = Digest.sha256(Bytes.utf8("deep"));
        Digest twin = Paths.flip(path, 255);
        Trie trie = filled(List.of(path, twin));
        assertThat(trie.prove(path).depth()).isEqualTo(256);
        assertThat(trie.prove(path).siblings()).hasSize(1);
        Digest hash = Digest.sha256(trie.get(path).orElseThrow());
        assertThat(trie.prove(path).rootIfPresent(path, hash)).contains(trie.root());
    }

    @Test
    void threadsThatAskAtOnceSeeOneRoot() {
        Random random = new Random(8);
        for (int round = 0; round < 20; round++) {
            List<Digest> paths = new ArrayList<>();
            for (int i = 0; i < 500; i++) {
                paths.add(Paths.random(random));
            }
            Trie trie = filled(paths);
            List<CompletableFuture<Digest>> roots = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                roots.add(CompletableFuture.supplyAsync(trie::root));
            }
            Digest expected = filled(paths).root();
            assertThat(roots).allSatisfy(root -> assertThat(root.join()).isEqualTo(expected));
        }
    }

    private static Trie filled(List<Digest> paths) {
        Trie trie = Trie.EMPTY;
        for (Digest path : paths) {
            trie = trie.put(path, Bytes.utf8("value of " + path));
        }
        return trie;
    }
}
