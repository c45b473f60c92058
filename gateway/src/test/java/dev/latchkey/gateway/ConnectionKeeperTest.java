package dev.latchkey.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.coap.SavedConnections;
import dev.latchkey.gateway.store.Store;
import dev.latchkey.gateway.store.Table;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConnectionKeeperTest {
    private static final Duration MAX_AGE = Duration.ofMinutes(5);
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
    private static final SavedConnections CONNECTIONS =
            new SavedConnections(Bytes.utf8("keys and sequence numbers of all devices"));

    @TempDir
    Path directory;

    private Store store;
    private Path file;

    @BeforeEach
    void open() throws Exception {
        store = Store.open(directory, Runnable::run);
        file = directory.resolve("connections").resolve("saved");
    }

    @AfterEach
    void close() {
        store.close();
    }

    private ConnectionKeeper keeper(String boot, Instant now) {
        return new ConnectionKeeper(store, Optional.ofNullable(boot), Clock.fixed(now, ZoneOffset.UTC));
    }

    private Optional<SavedConnections> take(String boot, Instant now) throws Exception {
        return keeper(boot, now).take(MAX_AGE);
    }

    private void leave() throws Exception {
        keeper("boot", NOON).leave(CONNECTIONS);
    }

    @Test
    void whatIsLeftIsTakenOnce() throws Exception {
        assertThat(take("boot", NOON)).isEmpty();
        leave();
        assertThat(take("boot", NOON.plusSeconds(300))).contains(CONNECTIONS);
        assertThat(file).doesNotExist();
        assertThat(take("boot", NOON)).isEmpty();
    }

    @Test
    void whatLiesOnTheDiskIsForItsOwnerAndEncrypted() throws Exception {
        leave();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent())))
                .isEqualTo("rwx------");
        assertThat(Bytes.wrap(Files.readAllBytes(file)).toHex())
                .doesNotContain(CONNECTIONS.encoded().slice(0, 8).toHex());
    }

    @Test
    void aFileThatIsPutBackOpensNoMore() throws Exception {
        leave();
        byte[] copy = Files.readAllBytes(file);
        assertThat(take("boot", NOON)).isPresent();
        Files.write(file, copy);
        assertThat(take("boot", NOON)).isEmpty();
        assertThat(file).doesNotExist();
        leave();
        Files.write(file, copy);
        assertThat(take("boot", NOON)).isEmpty();
    }

    @Test
    void theKeyIsGoneBeforeTheFileIsRead() throws Exception {
        leave();
        byte[] copy = Files.readAllBytes(file);
        Files.delete(file);
        assertThat(take("boot", NOON)).isEmpty();
        Files.write(file, copy);
        assertThat(take("boot", NOON)).isEmpty();
    }

    @Test
    void whatIsTooOldOrFromTheFutureIsDiscarded() throws Exception {
        for (Instant then : new Instant[] {NOON.plusSeconds(301), NOON.minusMillis(1)}) {
            leave();
            assertThat(take("boot", then)).isEmpty();
            assertThat(take("boot", NOON)).isEmpty();
        }
    }

    @Test
    void whatIsFromBeforeTheMachineWasStartedIsDiscarded() throws Exception {
        for (String boot : new String[] {"other", null}) {
            leave();
            assertThat(take(boot, NOON)).isEmpty();
            assertThat(take("boot", NOON)).isEmpty();
        }
        keeper(null, NOON).leave(CONNECTIONS);
        assertThat(file).doesNotExist();
    }

    @Test
    void whatIsDamagedIsDiscarded() throws Exception {
        leave();
        int size = (int) Files.size(file);
        for (int i : new int[] {7, 8, size / 2, size - 1}) {
            leave();
            byte[] content = Files.readAllBytes(file);
            content[i] ^= 1;
            Files.write(file, content);
            assertThat(take("boot", NOON.plusSeconds(1))).isEmpty();
        }
        for (int length : new int[] {0, 8, 9, size - 1}) {
            leave();
            byte[] content = Files.readAllBytes(file);
            Files.write(file, Arrays.copyOf(content, length));
            assertThat(take("boot", NOON)).isEmpty();
        }
    }

    @Test
    void whatAKilledProcessLeftIsNothing() throws Exception {
        leave();
        store.submit(draft -> {
                    draft.delete(Table.META, Bytes.utf8("connections-key"));
                    return null;
                })
                .join();
        // As a process that was killed between the file and its key.
        assertThat(take("boot", NOON)).isEmpty();
    }
}
