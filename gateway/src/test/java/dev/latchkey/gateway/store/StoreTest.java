package dev.latchkey.gateway.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latchkey.bytes.Bytes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.RocksDBException;

class StoreTest {
    private static final Bytes VALUE = Bytes.utf8("value");

    @TempDir
    Path directory;

    @Test
    void keepsWhatItAcknowledgedWhenOpenedAgain() throws Exception {
        try (Store store = Store.open(directory, Runnable::run)) {
            done(store.submit(put(1)));
        }
        try (Store store = Store.open(directory, Runnable::run)) {
            assertThat(store.get(Table.OUTBOX, Key.of(1))).contains(VALUE);
        }
    }

    @Test
    void onlyTheOwnerEntersItsDirectory() throws Exception {
        Path made = directory.resolve("data");
        Store.open(made, Runnable::run).close();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(made)))
                .isEqualTo("rwx------");
    }

    @Test
    void aStoreInUseIsRefusedByThatReason() throws Exception {
        try (Store store = Store.open(directory, Runnable::run)) {
            assertThat(store.syncs()).isZero();
            assertThatThrownBy(() -> Store.open(directory, Runnable::run))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("another process may hold it");
        }
    }

    @Test
    void manyUnitsShareOneSync() throws Exception {
        try (Store store = Store.open(directory, Runnable::run)) {
            CountDownLatch writerBusy = new CountDownLatch(1);
            CountDownLatch release = new CountDownLatch(1);
            store.submit(draft -> {
                writerBusy.countDown();
                await(release);
                return null;
            });
            await(writerBusy);
            List<CompletableFuture<?>> waiting = new ArrayList<>();
            for (int i = 0; i < 500; i++) {
                waiting.add(store.submit(put(i)));
            }
            long before = store.syncs();
            release.countDown();
            done(CompletableFuture.allOf(waiting.toArray(CompletableFuture[]::new)));
            assertThat(store.syncs() - before).isEqualTo(1);
        }
    }

    @Test
    void theGatewaysOwnUnitsLeaveRoomForWhatDevicesAsk() throws Exception {
        try (Store store = Store.open(directory, Runnable::run)) {
            CountDownLatch writerBusy = new CountDownLatch(1);
            CountDownLatch release = new CountDownLatch(1);
            store.submit(draft -> {
                writerBusy.countDown();
                await(release);
                return null;
            });
            await(writerBusy);
            int units = Store.QUEUE_LIMIT + 1_000;
            FutureTask<CompletableFuture<Void>> own = new FutureTask<>(() -> {
                CompletableFuture<Void> last = null;
                for (int i = 0; i < units; i++) {
                    last = store.submitWaiting(put(i));
                }
                return last;
            });
            Thread follower = new Thread(own);
            follower.start();
            Awaitility.await().until(() -> follower.getState() == Thread.State.WAITING);
            assertThat(store.waiting()).isEqualTo(Store.OWN_LIMIT);
            CompletableFuture<Void> asked = store.submit(put(units));
            assertThat(asked).isNotCompletedExceptionally();
            release.countDown();
            done(asked);
            done(own.get(10, TimeUnit.SECONDS));
            assertThat(store.get(Table.OUTBOX, Key.of(units - 1L))).contains(VALUE);
        }
    }

    @Test
    void aUnitSeesWhatEarlierUnitsOfItsGroupWrote() throws Exception {
        try (Store store = Store.open(directory, Runnable::run)) {
            CompletableFuture<Void> first = store.submit(put(7));
            CompletableFuture<List<Bytes>> second = store.submit(draft -> {
                List<Bytes> found = new ArrayList<>();
                draft.scan(Table.OUTBOX, Bytes.EMPTY, Bytes.EMPTY, (key, value) -> found.add(value));
                return found;
            });
            done(first);
            assertThat(done(second)).containsExactly(VALUE);
        }
    }

    @Test
    void aUnitThatThrowsLeavesNothingBehindAndHarmsNoOther() throws Exception {
        try (Store store = Store.open(directory, Runnable::run)) {
            CompletableFuture<Void> broken = store.submit(draft -> {
                draft.put(Table.OUTBOX, Key.of(1), VALUE);
                throw new IllegalStateException("broken");
            });
            done(store.submit(put(2)));
            assertThatThrownBy(() -> done(broken)).hasCauseInstanceOf(IllegalStateException.class);
            assertThat(store.get(Table.OUTBOX, Key.of(1))).isEmpty();
            assertThat(store.get(Table.OUTBOX, Key.of(2))).contains(VALUE);
        }
    }

    @Test
    void acknowledgesNothingAfterAFailedSync() throws Exception {
        AtomicBoolean broken = new AtomicBoolean();
        Database database = Database.open(directory);
        try (Store store = Store.open(
                database,
                batch -> {
                    if (broken.get()) {
                        throw new RocksDBException("no space");
                    }
                    database.writeSynced(batch);
                },
                Runnable::run)) {
            CompletableFuture<StoreFault> heard = new CompletableFuture<>();
            store.onFault(heard::complete);
            done(store.submit(put(1)));
            broken.set(true);
            assertThatThrownBy(() -> done(store.submit(put(2)))).hasCauseInstanceOf(StoreFault.class);
            broken.set(false);
            assertThatThrownBy(() -> done(store.submit(put(3)))).hasCauseInstanceOf(StoreFault.class);
            assertThat(done(heard)).isNotNull();
        }
        try (Store store = Store.open(directory, Runnable::run)) {
            assertThat(store.get(Table.OUTBOX, Key.of(1))).contains(VALUE);
            assertThat(store.get(Table.OUTBOX, Key.of(2))).isEmpty();
            assertThat(store.get(Table.OUTBOX, Key.of(3))).isEmpty();
        }
    }

    @Test
    void refusesAStoreOfAnotherFormatByName() throws Exception {
        try (Store store = Store.open(directory, Runnable::run)) {
            done(store.submit(draft -> {
                draft.put(Table.META, Bytes.utf8("format"), Bytes.utf8("latchkey/gateway-store/1"));
                return null;
            }));
        }
        assertThatThrownBy(() -> Store.open(directory, Runnable::run))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("latchkey/gateway-store/1");
    }

    @Test
    void refusesASecondProcessOnTheSameDirectory() throws Exception {
        try (Store store = Store.open(directory, Runnable::run)) {
            assertThatThrownBy(() -> Store.open(directory, Runnable::run)).isInstanceOf(StoreException.class);
            assertThat(store.fault()).isEmpty();
        }
    }

    @Test
    void rowsOfOneNameNeverMixWithAnothers() throws Exception {
        try (Store store = Store.open(directory, Runnable::run)) {
            done(store.submit(draft -> {
                for (String name : List.of("d-1", "d-10", "d-2")) {
                    draft.put(Table.INBOX, Key.start().name(name).number(1).end(), Bytes.utf8(name));
                }
                return null;
            }));
            List<String> found = new ArrayList<>();
            Bytes prefix = Key.of("d-1");
            store.scan(Table.INBOX, prefix, prefix, (key, value) -> found.add(value.toUtf8()));
            assertThat(found).containsExactly("d-1");
        }
    }

    private static Work<Void> put(long key) {
        return draft -> {
            draft.put(Table.OUTBOX, Key.of(key), VALUE);
            return null;
        };
    }

    private static <T> T done(CompletableFuture<T> future) throws Exception {
        return future.get(10, TimeUnit.SECONDS);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
