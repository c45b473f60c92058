package dev.latchkey.gateway.directory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.gateway.replica.Replicas;
import dev.latchkey.gateway.store.Store;
import dev.latchkey.gateway.store.Table;
import dev.latchkey.transaction.ChainId;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What registrations may take in all, and what becomes of those whose members nobody knows. */
class DirectorySpaceTest {
    private static final DirectoryBounds BOUNDS = new DirectoryBounds(4_096, 1_024, 4);
    private static final ChainId CHAIN = new ChainId(Digest.sha256(Bytes.EMPTY));

    @Test
    void itIsFullAtItsBoundAndHasRoomAgainWhenWhatIsOverIsForgotten(@TempDir Path data) throws Exception {
        try (Store store = Store.open(data, Runnable::run)) {
            ResourceDirectory directory = ResourceDirectory.open(store, new Replicas(), Clock.systemUTC(), BOUNDS);
            int taken = 0;
            while (put(directory, taken, "</a>")) {
                taken++;
            }
            assertThat(taken).isBetween(60, 100);
            assertThat(put(directory, 0, "</b>")).isTrue();
            assertThat(put(directory, 0, "</b>;title=\"longer by more than is left, which is less than one more\""))
                    .isFalse();
            DirectoryUse use = directory.use();
            assertThat(use.registrations()).isEqualTo(taken);
            assertThat(use.bytes()).isBetween(3_900L, use.bound());
            assertThat(use.bound()).isEqualTo(4_096);
            assertThat(use.refused()).isEqualTo(2);
        }
        try (Store store = Store.open(data, Runnable::run)) {
            ResourceDirectory directory = ResourceDirectory.open(store, new Replicas(), Clock.systemUTC(), BOUNDS);
            assertThat(put(directory, 999, "</a>")).isFalse();
            assertThat(directory.all()).isEmpty();
            directory.sweep();
            assertThat(put(directory, 999, "</a>")).isTrue();
            assertThat(directory.use().registrations()).isEqualTo(1);
            assertThat(directory.use().bytes()).isPositive().isLessThan(100);
        }
    }

    @Test
    void aDamagedRowIsLeftOutAndTheOthersAreThere(@TempDir Path data) throws Exception {
        try (Store store = Store.open(data, Runnable::run)) {
            ResourceDirectory directory = ResourceDirectory.open(store, new Replicas(), Clock.systemUTC(), BOUNDS);
            assertThat(put(directory, 1, "</a>")).isTrue();
            store.submit(draft -> {
                        draft.put(Table.DIRECTORY, Bytes.utf8("short"), Bytes.utf8("nonsense"));
                        return null;
                    })
                    .get(10, TimeUnit.SECONDS);
            ResourceDirectory again = ResourceDirectory.open(store, new Replicas(), Clock.systemUTC(), BOUNDS);
            assertThat(put(again, 2, "</a>")).isTrue();
        }
    }

    @Test
    void aRegistrationIsReadAsItWasWritten() throws Exception {
        Registration registration = registration(7, "</a>;rt=\"x y\";obs,<coap://b/c>;anchor=\"/a\"");
        assertThat(Registration.decode(registration.key(), registration.encode()))
                .isEqualTo(registration);
        assertThat(registration.isOver(registration.sinceMillis() + 59_999)).isFalse();
        assertThat(registration.isOver(registration.sinceMillis() + 60_000)).isTrue();
    }

    private static boolean put(ResourceDirectory directory, int member, String links) throws Exception {
        return directory.register(registration(member, links)).get(10, TimeUnit.SECONDS);
    }

    private static Registration registration(int member, String links) throws MalformedLinksException {
        Bytes id = Bytes.wrap(ByteBuffer.allocate(16).putInt(member).array());
        return new Registration(
                id,
                CHAIN,
                "d-" + member,
                "coaps://host",
                true,
                60,
                1_000,
                List.of(Attribute.quoted("et", "a \"lamp\"")),
                LinkFormat.parse(Bytes.utf8(links), 4));
    }
}
