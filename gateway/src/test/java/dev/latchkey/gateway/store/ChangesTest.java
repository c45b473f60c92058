package dev.latchkey.gateway.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.bytes.Bytes;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.ReadOptions;
import org.rocksdb.WriteBatch;

class ChangesTest {
    @TempDir
    Path directory;

    @Test
    void areTheBytesThatRocksDbMakesOfThem() throws Exception {
        try (Database database = Database.open(directory);
                WriteBatch theirs = new WriteBatch()) {
            Columns columns = database.columns();
            Changes changes = new Changes();
            for (int size : new int[] {0, 1, 127, 128, 16_383, 16_384, 300_000}) {
                Bytes key = Key.of(size);
                Bytes value = Bytes.wrap(new byte[size]);
                changes.put(Table.OUTBOX, key, value);
                theirs.put(columns.of(Table.OUTBOX), key.toArray(), value.toArray());
                changes.delete(Table.LOCAL_SESSIONS, value);
                theirs.delete(columns.of(Table.LOCAL_SESSIONS), value.toArray());
            }
            changes.put(Table.SEEN, Bytes.EMPTY, Bytes.EMPTY);
            changes.cutTo(changes.size() - 1);
            try (WriteBatch ours = changes.batch(columns)) {
                assertThat(ours.data()).isEqualTo(theirs.data());
                assertThat(ours.count()).isEqualTo(theirs.count());
            }
        }
    }

    @Test
    void aUnitReadsWhatWasDraftedBeforeItAndNotWhatWasTakenBack() throws Exception {
        try (Database database = Database.open(directory);
                Draft draft = new Draft(database.db(), database.columns(), new ReadOptions())) {
            draft.begin();
            draft.put(Table.OUTBOX, Key.of(1), Bytes.utf8("kept"));
            assertThat(draft.get(Table.OUTBOX, Key.of(1))).contains(Bytes.utf8("kept"));
            draft.begin();
            draft.put(Table.OUTBOX, Key.of(1), Bytes.utf8("taken back"));
            draft.delete(Table.OUTBOX, Key.of(1));
            assertThat(draft.get(Table.OUTBOX, Key.of(1))).isEmpty();
            draft.put(Table.OUTBOX, Key.of(2), Bytes.EMPTY);
            draft.undo();
            assertThat(draft.get(Table.OUTBOX, Key.of(1))).contains(Bytes.utf8("kept"));
            assertThat(draft.get(Table.OUTBOX, Key.of(2))).isEmpty();
            assertThat(draft.lastKey(Table.OUTBOX, Bytes.wrap(new byte[7]))).contains(Key.of(1));
            draft.delete(Table.OUTBOX, Key.of(1));
            assertThat(draft.lastKey(Table.OUTBOX, Bytes.wrap(new byte[7]))).isEmpty();
        }
    }
}
