package dev.latchkey.gateway.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Any file of a store damaged at any place: the store says so, keeps what is good, and never gives a wrong row. */
@Order(3)
class DamagedStoreTest {
    private static final int ROWS = 300;
    private static final int MOST_OPENINGS = 4;
    private static final Bytes EPOCH = Bytes.concat(Bytes.utf8("0000"), ChainRows.STORE_EPOCH);
    private static final List<Table> TABLES = List.of(Table.OUTBOX, Table.SEEN, Table.BLOCKS);

    @TempDir
    Path directory;

    @Test
    void thirtyDamagesAreSeenAndSurvived() throws Exception {
        damage(30);
    }

    @Test
    @Tag("long")
    void twoThousandDamagesAreSeenAndSurvived() throws Exception {
        damage(Integer.getInteger("latchkey.damages", 2_000));
    }

    @Test
    void zerosInALogAreSeenUntilTheLossIsSettled() throws Exception {
        Path whole = directory.resolve("whole");
        fill(whole);
        Path log = newest(whole, ".*\\.log");
        byte[] bytes = Files.readAllBytes(log);
        // The first record's header and what follows, up to the next block.
        Arrays.fill(bytes, 0, 200, (byte) 0);
        Files.write(log, bytes);
        lossIsToldUntilItIsSettled(whole);
    }

    /** Killed in a write, and twice more in a start: logs that are not needed go in any order. */
    @Test
    void aLogWithoutItsEndThatIsLeftOverIsNoDamage() throws Exception {
        Path whole = directory.resolve("whole");
        fill(whole);
        Path log = newest(whole, ".*\\.log");
        byte[] bytes = Files.readAllBytes(log);
        fill(whole);
        assertThat(log).doesNotExist();
        Files.write(log, Arrays.copyOf(bytes, bytes.length - 1));
        assertThat(judge(whole, "a log left over")).isEqualTo("nothing lost");
    }

    @Test
    void aManifestWithoutItsLastEntryIsSeenUntilTheLossIsSettled() throws Exception {
        Path whole = directory.resolve("whole");
        fill(whole);
        Path manifest = newest(whole, "MANIFEST-.*");
        byte[] bytes = Files.readAllBytes(manifest);
        Files.write(manifest, Arrays.copyOf(bytes, lastRecord(bytes)));
        lossIsToldUntilItIsSettled(whole);
    }

    /** Zeros look unused, ones like a length that leads beyond the end: a write that was cut off. */
    @ParameterizedTest
    @ValueSource(bytes = {0, -1})
    void aBlotAtTheEndOfAManifestIsSeenUntilTheLossIsSettled(byte blot) throws Exception {
        Path whole = directory.resolve("whole");
        fill(whole);
        Path manifest = newest(whole, "MANIFEST-.*");
        byte[] bytes = Files.readAllBytes(manifest);
        Arrays.fill(bytes, lastRecord(bytes), bytes.length, blot);
        Files.write(manifest, bytes);
        lossIsToldUntilItIsSettled(whole);
    }

    /** RocksDB itself would never come back from some of them. */
    @ParameterizedTest
    @ValueSource(ints = {8, 11, 131, 200})
    @Timeout(60)
    void garbageBehindALogThatLooksLikeARecordToComeIsNone(int type) throws Exception {
        Path whole = directory.resolve("whole");
        fill(whole);
        Files.write(newest(whole, ".*\\.log"), garbage(type), StandardOpenOption.APPEND);
        try (Store store = Store.open(whole, Runnable::run)) {
            assertThat(store.fault()).isEmpty();
        }
    }

    /** Nor from the second of these. */
    @ParameterizedTest
    @ValueSource(ints = {8, 11, 131, 200})
    @Timeout(60)
    void garbageBehindAManifestIsNotReadForEver(int type) throws Exception {
        Path whole = directory.resolve("whole");
        fill(whole);
        Files.write(newest(whole, "MANIFEST-.*"), garbage(type), StandardOpenOption.APPEND);
        assertThat(judge(whole, "garbage of type " + type)).isNotEqualTo("refused");
    }

    private static byte[] garbage(int type) {
        byte[] garbage = new byte[364];
        new Random(type).nextBytes(garbage);
        garbage[4] = (byte) 0xd7;
        garbage[5] = 0x3f;
        garbage[6] = (byte) type;
        return garbage;
    }

    private static int lastRecord(byte[] log) {
        int last = 0;
        for (int at = 0; at < log.length; ) {
            last = at;
            at += 7 + Byte.toUnsignedInt(log[at + 4]) + (Byte.toUnsignedInt(log[at + 5]) << 8);
        }
        return last;
    }

    private static void lossIsToldUntilItIsSettled(Path damaged) throws Exception {
        for (int opening = 0; opening < 2; opening++) {
            try (Store store = Store.open(damaged, Runnable::run)) {
                assertThat(store.damage()).isNotEmpty();
                assertThat(store.get(Table.META, EPOCH)).isEmpty();
                if (opening > 0) {
                    store.damageSettled();
                }
            }
        }
        try (Store store = Store.open(damaged, Runnable::run)) {
            assertThat(store.damage()).isEmpty();
        }
    }

    private static Path newest(Path store, String name) throws IOException {
        try (Stream<Path> all = Files.list(store)) {
            return all.filter(file -> file.getFileName().toString().matches(name))
                    .max(Comparator.naturalOrder())
                    .orElseThrow();
        }
    }

    private void damage(int times) throws Exception {
        Path whole = directory.resolve("whole");
        fill(whole);
        Map<String, Integer> outcomes = new TreeMap<>();
        long first = Long.getLong("latchkey.seed", System.nanoTime());
        for (int i = 0; i < times; i++) {
            long seed = first + i;
            Path copy = directory.resolve("copy");
            copy(whole, copy);
            String what = harm(copy, new Random(seed));
            outcomes.merge(judge(copy, what + ", seed " + seed), 1, Integer::sum);
            delete(copy);
        }
        System.out.printf("damages: %d, outcomes %s, seeds from %d%n", times, outcomes, first);
        assertThat(outcomes).containsKey("damaged");
    }

    /** Opens what is left, as a process that is started again and again would. */
    private static String judge(Path copy, String what) throws Exception {
        boolean told = false;
        for (int opening = 0; opening < MOST_OPENINGS; opening++) {
            try (Store store = Store.open(copy, Runnable::run)) {
                told |= !store.damage().isEmpty();
                int rows = 0;
                for (Table table : TABLES) {
                    rows += read(store, table, what);
                }
                boolean lost = rows < TABLES.size() * ROWS;
                assertThat(told || !lost)
                        .as("said that rows were lost: %s", what)
                        .isTrue();
                assertThat(told && store.get(Table.META, EPOCH).isPresent())
                        .as("another epoch after a loss: %s", what)
                        .isFalse();
                // Whatever was lost, the store is one again.
                done(store.submit(put(Table.OUTBOX, ROWS + 1)));
                return told ? "damaged" : "nothing lost";
            } catch (StoreFault e) {
                told = true;
            } catch (StoreException e) {
                assertThat(e.getMessage())
                        .as(what)
                        .contains("move the directory away")
                        .doesNotContain("\n");
                return "refused";
            }
        }
        throw new AssertionError("it does not become readable: " + what);
    }

    private static int read(Store store, Table table, String what) {
        List<Long> found = new ArrayList<>();
        store.scan(table, Bytes.EMPTY, Bytes.EMPTY, (key, value) -> {
            assertThat(value).as(what).isEqualTo(value(Key.lastNumber(key)));
            found.add(Key.lastNumber(key));
            return true;
        });
        if (table == Table.OUTBOX && String.join("", store.damage()).contains("after the damage")) {
            assertThat(found).as("the last good prefix: %s", what).isEqualTo(firstOnes(found.size()));
        }
        return found.size();
    }

    private static List<Long> firstOnes(int count) {
        return Stream.iterate(0L, number -> number + 1).limit(count).toList();
    }

    /** Several files of tables, and a log. */
    private static void fill(Path whole) throws Exception {
        int parts = 3;
        for (int part = 0; part < parts; part++) {
            try (Store store = Store.open(whole, Runnable::run)) {
                for (long i = part * ROWS / parts; i < (part + 1) * ROWS / parts; i++) {
                    for (Table table : TABLES) {
                        done(store.submit(put(table, i)));
                    }
                }
                done(store.submit(draft -> {
                    draft.put(Table.META, EPOCH, Bytes.of((byte) 1));
                    return null;
                }));
            }
        }
    }

    private static String harm(Path copy, Random random) throws IOException {
        List<Path> files = new ArrayList<>();
        try (Stream<Path> all = Files.list(copy)) {
            all.filter(file -> !file.getFileName().toString().matches("LOG.*|LOCK"))
                    .sorted()
                    .forEach(files::add);
        }
        // Sizes differ by much, and so do names: a log or a table as often as all else.
        files.removeIf(file -> file.toFile().length() == 0);
        Path file = files.get(random.nextInt(files.size()));
        byte[] bytes = Files.readAllBytes(file);
        int at = random.nextInt(bytes.length);
        int length = Math.min(bytes.length - at, 1 + random.nextInt(512));
        String how;
        switch (random.nextInt(4)) {
            case 0 -> {
                bytes[at] ^= (byte) (1 << random.nextInt(8));
                how = "one bit of";
            }
            case 1 -> {
                bytes = Arrays.copyOf(bytes, at);
                how = "the end of";
            }
            case 2 -> {
                Arrays.fill(bytes, at, at + length, random.nextBoolean() ? (byte) -1 : 0);
                how = "a blot in";
            }
            default -> {
                byte[] more = new byte[length];
                random.nextBytes(more);
                int before = bytes.length;
                bytes = Arrays.copyOf(bytes, before + length);
                System.arraycopy(more, 0, bytes, before, length);
                how = "more behind";
            }
        }
        Files.write(file, bytes, StandardOpenOption.TRUNCATE_EXISTING);
        return how + " " + file.getFileName() + " at " + at;
    }

    private static Work<Void> put(Table table, long number) {
        return draft -> {
            draft.put(table, Key.of(number), value(number));
            return null;
        };
    }

    private static Bytes value(long number) {
        Bytes digest = Digest.sha256(Key.of(number)).bytes();
        return Bytes.concat(digest, digest, digest);
    }

    private static <T> T done(CompletableFuture<T> future) throws Exception {
        return future.get(10, TimeUnit.SECONDS);
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectory(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
    }

    private static void delete(Path copy) throws IOException {
        try (Stream<Path> files = Files.walk(copy)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
