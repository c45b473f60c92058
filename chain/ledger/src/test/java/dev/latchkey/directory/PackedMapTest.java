package dev.latchkey.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latchkey.bytes.Bytes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PackedMapTest {
    /** Keys that differ in few bits, low and high, make deep forks with empty sides. */
    private static long[] key(Random random, int words, boolean crowded) {
        long[] key = new long[words];
        for (int i = 0; i < words; i++) {
            key[i] = crowded ? (random.nextBoolean() ? Long.MIN_VALUE : 0) | random.nextInt(12) : random.nextLong();
        }
        return key;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void everyVersionHoldsWhatAPlainMapHolds(boolean crowded) {
        Random random = new Random(7);
        for (int words : new int[] {1, 4}) {
            PackedMap<String> map = PackedMap.withNotes(words);
            Map<Bytes, String> plain = new TreeMap<>();
            PackedMap<String> kept = map;
            Map<Bytes, String> keptPlain = Map.of();
            for (int i = 0; i < 3_000; i++) {
                long[] key = key(random, words, crowded);
                map = map.put("note " + i, key);
                plain.put(Words.bytes(key), "note " + i);
                assertThat(map.note(key)).contains("note " + i);
                if (i == 1_500) {
                    kept = map;
                    keptPlain = new TreeMap<>(plain);
                }
            }
            assertHolds(map, plain);
            assertHolds(kept, keptPlain);
            assertThat(map.contains(key(new Random(99), words, false))).isFalse();
        }
    }

    private static void assertHolds(PackedMap<String> map, Map<Bytes, String> plain) {
        List<Bytes> keys = new ArrayList<>();
        map.forEach((row, note) -> {
            keys.add(Words.bytes(row));
            assertThat(note).isEqualTo(plain.get(Words.bytes(row)));
            assertThat(map.note(row)).contains(note);
        });
        assertThat(keys).containsExactlyElementsOf(plain.keySet());
        assertThat(map.size()).isEqualTo(plain.size());
    }

    @Test
    void manyRowsAtOnceAreAsManyOneByOne() {
        Random random = new Random(11);
        PackedMap<Void> single = PackedMap.empty(2, 1);
        PackedMap<Void> bulk = single;
        for (int round = 0; round < 30; round++) {
            TreeMap<Bytes, long[]> rows = new TreeMap<>();
            for (int i = 0; i < 200; i++) {
                long[] key = key(random, 2, i % 2 == 0);
                rows.put(Words.bytes(key), new long[] {key[0], key[1], random.nextLong()});
            }
            long[] flat = rows.values().stream().flatMapToLong(Arrays::stream).toArray();
            bulk = bulk.putAll(flat, new Object[0]);
            for (long[] row : rows.values()) {
                single = single.put(row);
                assertThat(bulk.value(row[0], row[1]).orElseThrow()).containsExactly(row[2]);
            }
        }
        assertThat(rows(bulk)).isEqualTo(rows(single));
        assertThat(bulk.size()).isEqualTo(single.size()).isEqualTo(rows(bulk).size());
    }

    private static List<Bytes> rows(PackedMap<Void> map) {
        List<Bytes> rows = new ArrayList<>();
        map.forEach((row, note) -> rows.add(Words.bytes(row)));
        return rows;
    }

    @Test
    void refusesRowsOutOfOrderAndOfAnotherShape() {
        PackedMap<Void> map = PackedMap.empty(1, 1);
        assertThatThrownBy(() -> map.putAll(new long[] {2, 0, 1, 0}, new Object[0]))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> map.putAll(new long[] {1, 0, 1, 0}, new Object[0]))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> map.put(1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> map.value(1, 2)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> map.putAll(new long[] {1, 0}, new Object[] {"note"}))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
