package dev.latchkey.cloud.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latchkey.bytes.Bytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreTest {
    private static final StoreFormat FORMAT = new StoreFormat("latchkey-test", 3);

    @TempDir
    Path directory;

    @Test
    void keepsWhatWasWrittenOverACloseAndAnOpen() throws IOException {
        try (Store store = open()) {
            store.write(new Batch().put("a", key(1), key(7)).put("b", key(1), key(8)));
        }
        try (Store store = open()) {
            assertThat(store.get("a", key(1))).contains(key(7));
            assertThat(store.get("b", key(1))).contains(key(8));
            assertThat(store.get("a", key(2))).isEmpty();
        }
    }

    @Test
    void scansInOrderFromInclusiveToExclusive() throws IOException {
        try (Store store = open()) {
            Batch batch = new Batch();
            for (int i = 250; i >= 0; i -= 10) {
                batch.put("a", key(i), key(i));
            }
            store.write(batch.deleteRange("a", key(100), key(120)));
            List<Bytes> seen = new ArrayList<>();
            store.scan("a", key(90), key(140), (key, value) -> seen.add(key));
            assertThat(seen).containsExactly(key(90), key(120), key(130));
        }
    }

    @Test
    void findsTheGreatestKeyNotAboveALimit() throws IOException {
        try (Store store = open()) {
            store.write(new Batch().put("a", key(10), key(1)).put("a", key(20), key(2)));
            assertThat(store.floor("a", key(0), key(19)).map(Row::key)).contains(key(10));
            assertThat(store.floor("a", key(0), key(9))).isEmpty();
            assertThat(store.floor("a", key(11), key(19))).isEmpty();
        }
    }

    @Test
    void aClosedStoreRefusesReaders() throws IOException {
        Store store = open();
        store.close();
        store.close();
        assertThatThrownBy(() -> store.get("a", key(1))).isInstanceOf(StoreFault.class);
    }

    @Test
    void twoOwnersOfOneDirectoryAreRefused() throws IOException {
        try (Store store = open()) {
            assertThatThrownBy(this::open).isInstanceOf(StoreFault.class).hasMessageContaining("another process");
            assertThat(store.get("a", key(1))).isEmpty();
        }
    }

    @Test
    void onlyTheOwnerEntersADirectoryThatAFormatClaims() throws IOException {
        Path made = directory.resolve("data");
        new StoreFormat("latchkey-test", 4).claim(made);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(made)))
                .isEqualTo("rwx------");
    }

    @Test
    void aNewerFormatIsRefusedByName() throws IOException {
        new StoreFormat("latchkey-test", 4).claim(directory);
        assertThatThrownBy(this::open)
                .isInstanceOf(StoreFault.class)
                .hasMessageContaining("latchkey-test version 4, this program reads up to version 3");
    }

    @Test
    void anOlderFormatThatIsNotReadAnyMoreIsRefusedByName() throws IOException {
        FORMAT.claim(directory);
        assertThatThrownBy(() -> new StoreFormat("latchkey-test", 4, 5).claim(directory))
                .isInstanceOf(StoreFault.class)
                .hasMessageContaining("latchkey-test version 3, this program reads from version 4 on");
    }

    @Test
    void aDirectoryOfSomethingElseIsRefused() throws IOException {
        Files.writeString(directory.resolve("holiday.jpg"), "x");
        assertThatThrownBy(this::open).isInstanceOf(StoreFault.class).hasMessageContaining("no FORMAT file");
    }

    @Test
    void anOlderFormatAndACrashedMarkAreTaken() throws IOException {
        Files.writeString(directory.resolve("FORMAT.new"), "latchk");
        FORMAT.claim(directory);
        new StoreFormat("latchkey-test", 4).claim(directory);
        assertThat(Files.readString(directory.resolve("FORMAT"))).isEqualTo("latchkey-test 3\n");
    }

    @Test
    void aCopyTakesThePlaceOfAllThatAStoreHolds() throws IOException {
        Path other = directory.resolve("other");
        Path copy = directory.resolve("copy");
        try (Store store = open(directory.resolve("one"));
                Store source = open(other)) {
            store.write(new Batch().put("a", key(1), key(1)));
            source.write(new Batch().put("a", key(2), key(2)).put("b", key(3), key(3)));
            source.copyTo(copy);
            source.write(new Batch().put("a", key(4), key(4)));

            store.replaceBy(copy);
            assertThat(store.get("a", key(1))).isEmpty();
            assertThat(store.get("a", key(2))).contains(key(2));
            assertThat(store.get("b", key(3))).contains(key(3));
            assertThat(store.get("a", key(4))).as("written behind the copy").isEmpty();
            assertThat(copy).doesNotExist();
            store.write(new Batch().put("a", key(5), key(5)));
        }
        try (Store store = open(directory.resolve("one"))) {
            assertThat(store.get("a", key(2))).contains(key(2));
            assertThat(store.get("a", key(5))).contains(key(5));
        }
    }

    @Test
    void aCrashWhileACopyTakesItsPlaceLeavesTheCopy() throws IOException {
        Path home = directory.resolve("one");
        Path copy = directory.resolve("copy");
        try (Store store = open(home)) {
            store.write(new Batch().put("a", key(1), key(1)));
            store.copyTo(copy);
            store.write(new Batch().put("a", key(2), key(2)));
        }
        Path rows = rows(home);
        // The copy is whole and waits; the store has been moved aside.
        Files.move(copy, rows.resolveSibling(rows.getFileName() + ".new"));
        Files.move(rows, rows.resolveSibling(rows.getFileName() + ".old"));
        try (Store store = open(home)) {
            assertThat(store.get("a", key(1))).contains(key(1));
            assertThat(store.get("a", key(2))).isEmpty();
        }
        assertThat(rows.resolveSibling(rows.getFileName() + ".new")).doesNotExist();
        assertThat(rows.resolveSibling(rows.getFileName() + ".old")).doesNotExist();
    }

    private static Path rows(Path home) throws IOException {
        try (Stream<Path> all = Files.list(home)) {
            return all.filter(Files::isDirectory).findFirst().orElseThrow();
        }
    }

    private static Store open(Path directory) throws IOException {
        return Store.open(directory, FORMAT, List.of("a", "b"));
    }

    private Store open() throws IOException {
        return Store.open(directory, FORMAT, List.of("a", "b"));
    }

    private static Bytes key(int value) {
        return Bytes.of((byte) value);
    }
}
