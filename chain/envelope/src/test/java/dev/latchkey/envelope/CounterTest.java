package dev.latchkey.envelope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latchkey.bytes.Bytes;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** No (key, nonce) pair repeats. The same plaintext under the same pair would give the same message; so none may. */
class CounterTest {
    private static final Bytes PACK = Town.reading(21.5);

    private final Town town = new Town();

    @Test
    void noNonceRepeatsWhereverTheProcessIsKilled() throws Exception {
        Opened opened = town.open(town.toBob);
        ReceivingSession receiver = town.accept(town.bob, opened.opener());
        SendingSession session = opened.session();
        Set<Bytes> messages = new HashSet<>();
        java.util.Random random = new java.util.Random(1);
        for (int restart = 0; restart < 100; restart++) {
            int readings = 1 + random.nextInt(500);
            for (int i = 0; i < readings && session.isUsable(); i++) {
                Sealed sealed = session.seal(PACK);
                assertThat(messages.add(sealed.message())).isTrue();
                receiver.open("ann", sealed.message(), Town.NOW);
            }
            session = SendingSession.resume(town.store.kept().orElseThrow(), town.store);
        }
    }

    @Test
    void noNonceRepeatsWhenTheStoreFailsBeforeOrAfterItsWrite() throws Exception {
        for (boolean afterEffect : new boolean[] {false, true}) {
            for (int failAt = 0; failAt < 4; failAt++) {
                MemoryStore store = new MemoryStore().failingAt(failAt, afterEffect);
                Opened opened = town.ann.open(Town.CONTEXT, java.util.List.of(town.toBob), Town.NOW, store);
                Set<Bytes> messages = new HashSet<>();
                int sealedBefore = sealUntilItEnds(opened.session(), messages);
                assertThat(sealedBefore).isEqualTo(256 * failAt);
                Optional<Bytes> kept = store.kept();
                if (kept.isPresent()) {
                    SendingSession resumed = SendingSession.resume(kept.get(), store);
                    for (int i = 0; i < 600; i++) {
                        assertThat(messages.add(resumed.seal(PACK).message())).isTrue();
                    }
                }
            }
        }
    }

    private static int sealUntilItEnds(SendingSession session, Set<Bytes> messages) {
        while (true) {
            try {
                assertThat(messages.add(session.seal(PACK).message())).isTrue();
            } catch (SessionEndedException e) {
                return messages.size();
            }
        }
    }

    @Test
    void aSessionWhoseCounterCouldNotBeKeptSealsNothingMore() {
        MemoryStore store = new MemoryStore().failingAt(0, false);
        SendingSession session = town.ann
                .open(Town.CONTEXT, java.util.List.of(town.toBob), Town.NOW, store)
                .session();
        assertThatThrownBy(() -> session.seal(PACK)).isInstanceOf(SessionEndedException.class);
        assertThatThrownBy(() -> session.seal(PACK)).isInstanceOf(SessionEndedException.class);
        assertThat(session.isUsable()).isFalse();
    }

    @Test
    void aRestartBeginsAtTheBound() throws Exception {
        SendingSession session = town.open(town.toBob).session();
        assertThat(session.seal(PACK).partialIv()).isZero();
        SendingSession resumed = SendingSession.resume(town.store.kept().orElseThrow(), town.store);
        assertThat(resumed.seal(PACK).partialIv()).isEqualTo(256);
        assertThat(resumed.openedMillis()).isEqualTo(Town.NOW.toEpochMilli());
        assertThat(resumed.sessionId()).isEqualTo(session.sessionId());
    }

    @Test
    void theStateIsKeptOncePerEpochAndBeforeItsFirstReading() throws Exception {
        SendingSession session = town.open(town.toBob).session();
        for (int i = 0; i < 512; i++) {
            session.seal(PACK);
            assertThat(town.store.keeps()).isEqualTo(i / 256 + 1);
        }
    }

    @Test
    void allReadingsOfASessionCanBeUsedAndNoneMore() throws Exception {
        Opened opened = town.open(town.toBob);
        SendingSession session = opened.session();
        Bytes last = Bytes.EMPTY;
        for (int i = 0; i < 65_536; i++) {
            last = session.seal(PACK).message();
        }
        assertThat(session.isUsable()).isFalse();
        assertThatThrownBy(() -> session.seal(PACK)).isInstanceOf(SessionEndedException.class);
        assertThat(town.accept(town.bob, opened.opener())
                        .open("ann", last, Town.NOW)
                        .partialIv())
                .isEqualTo(65_535);
        SendingSession resumed = SendingSession.resume(town.store.kept().orElseThrow(), town.store);
        assertThat(resumed.isUsable()).isFalse();
        assertThatThrownBy(() -> resumed.seal(PACK)).isInstanceOf(SessionEndedException.class);
    }

    @Test
    void whatIsKeptOpensNoReadingThatWasSent() throws Exception {
        Opened opened = town.open(town.toBob);
        for (int i = 0; i < 300; i++) {
            opened.session().seal(PACK);
        }
        SendingSession seized = SendingSession.resume(town.store.kept().orElseThrow(), town.store);
        assertThat(seized.seal(PACK).partialIv()).isEqualTo(512);
    }

    @Test
    void anEndedSessionHasNoKeysLeft() throws Exception {
        SendingSession session = town.open(town.toBob).session();
        session.seal(PACK);
        session.end();
        assertThatThrownBy(() -> session.seal(PACK)).isInstanceOf(SessionEndedException.class);
        ReceivingSession receiving = town.accept(town.bob, town.open(town.toBob).opener());
        receiving.erase();
        assertThat(receiving.isDropped("ann")).isTrue();
    }
}
