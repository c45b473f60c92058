package dev.latchkey.gateway.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.gateway.store.ChainRows;
import dev.latchkey.gateway.store.Store;
import dev.latchkey.transaction.ChainId;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutboxTest {
    private static final long ROOM = 1_024;
    private static final Bytes CHAIN = Digest.sha256(Bytes.utf8("a")).bytes();
    private static final Recipient OTHER = new Recipient(Optional.empty(), "d-2");
    private static final Recipient ABROAD =
            new Recipient(Optional.of(new ChainId(Digest.sha256(Bytes.utf8("b")))), "d-3");

    @TempDir
    Path directory;

    private Store store;
    private ChainRows rows;
    private Outbox outbox;

    @BeforeEach
    void open() throws Exception {
        store = Store.open(directory, Runnable::run);
        rows = ChainRows.of(store, CHAIN);
        outbox = Outbox.open(rows, new OutboxSpace(ROOM, store.room()));
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void messagesLeaveInTheOrderTheyCame() throws Exception {
        append("a");
        append("b");
        append("c");
        assertThat(outbox.oldest(2, 10_000)).extracting(QueuedMessage::sequence).containsExactly(1L, 2L);
        assertThat(outbox.oldest(10, 1)).hasSize(1);
        acknowledge(2, Map.of());
        assertThat(outbox.oldest(10, 10_000))
                .extracting(queued -> queued.message().message().toUtf8())
                .containsExactly("c");
    }

    @Test
    void aSequenceIsNeverGivenTwiceEvenWhenOpenedEmpty() throws Exception {
        append("a");
        append("b");
        acknowledge(2, Map.of());
        reopen();
        append("c");
        assertThat(outbox.oldest(10, 10_000))
                .extracting(QueuedMessage::sequence)
                .containsExactly(3L);
    }

    @Test
    void whatIsQueuedIsThereWhenOpenedAgain() throws Exception {
        append("a");
        append("b");
        long bytes = outbox.bytes();
        reopen();
        assertThat(outbox.depth()).isEqualTo(2);
        assertThat(outbox.bytes()).isEqualTo(bytes);
        assertThat(outbox.oldest(10, 10_000).get(0).message()).isEqualTo(message("a"));
    }

    @Test
    void aFullOutboxTakesNothingUntilTheCloudHasTakenSomething() throws Exception {
        int taken = 0;
        while (append("x".repeat(100))) {
            taken++;
        }
        assertThat(outbox.bytes()).isLessThanOrEqualTo(ROOM);
        assertThat(outbox.depth()).isEqualTo(taken);
        acknowledge(1, Map.of());
        assertThat(append("x".repeat(100))).isTrue();
    }

    @Test
    void theQueuesOfTwoChainsShareTheirRoomAndNothingElse() throws Exception {
        OutboxSpace space = new OutboxSpace(ROOM, store.room());
        outbox = Outbox.open(rows, space);
        Outbox second = Outbox.open(ChainRows.of(store, Digest.ZERO.bytes()), space);
        append("a");
        store.submit(draft -> second.append(draft, message("b"))).get(10, TimeUnit.SECONDS);
        assertThat(second.oldest(10, 10_000))
                .extracting(QueuedMessage::sequence)
                .containsExactly(1L);
        assertThat(space.bytes()).isEqualTo(outbox.bytes() + second.bytes());
        while (append("x".repeat(100))) {
            assertThat(second.depth()).isEqualTo(1);
        }
        assertThat(store.submit(draft -> second.append(draft, message("x".repeat(100))))
                        .get(10, TimeUnit.SECONDS))
                .isFalse();
    }

    @Test
    void aRefusedMessageIsSetAsideWithItsReason() throws Exception {
        append("a");
        append("b");
        acknowledge(2, Map.of(1L, "no-ticket"));
        assertThat(outbox.depth()).isZero();
        assertThat(outbox.refused()).isEqualTo(1);
        reopen();
        assertThat(outbox.refused()).isEqualTo(1);
    }

    @Test
    void whatWasRefusedForNowKeepsItsRoomAndIsQueuedAgainUntilItsRetentionEnds() throws Exception {
        append("a");
        append("b");
        append("c");
        long room = outbox.bytes();
        acknowledge(3, Map.of(1L, "mailbox-full", 2L, "network-full", 3L, "not-served"));
        assertThat(outbox.deferred()).isEqualTo(2);
        reopen();
        assertThat(outbox.deferred()).isEqualTo(2);
        outbox.again(1, 0).get(10, TimeUnit.SECONDS);
        assertThat(outbox.oldest(10, 10_000))
                .as("under a new sequence")
                .extracting(QueuedMessage::sequence)
                .containsExactly(4L);
        assertThat(outbox.deferred()).isEqualTo(1);
        assertThat(outbox.bytes()).isEqualTo(room / 3);
        outbox.again(10, Long.MAX_VALUE).get(10, TimeUnit.SECONDS);
        assertThat(outbox.deferred()).isZero();
        assertThat(outbox.setAside(0, 10)).extracting(SetAside::code).containsExactly("retention-ended", "not-served");
    }

    @Test
    void aUnitThatFailsAfterAppendingTakesNoRoom() {
        assertThatThrownBy(() -> store.submit(draft -> {
                            outbox.append(draft, message("a"));
                            throw new IllegalStateException("later");
                        })
                        .get(10, TimeUnit.SECONDS))
                .hasCauseInstanceOf(IllegalStateException.class);
        assertThat(outbox.depth()).isZero();
        assertThat(outbox.bytes()).isZero();
        assertThat(outbox.oldest(1, 1_000)).isEmpty();
    }

    @Test
    void theEpochStaysWithTheStore() throws Exception {
        Bytes epoch = StoreEpoch.of(rows, new SecureRandom());
        reopen();
        assertThat(StoreEpoch.of(rows, new SecureRandom())).isEqualTo(epoch);
        assertThat(epoch.size()).isEqualTo(8);
    }

    private boolean append(String body) throws Exception {
        return store.submit(draft -> outbox.append(draft, message(body))).get(10, TimeUnit.SECONDS);
    }

    private void acknowledge(long upTo, Map<Long, String> refused) throws Exception {
        outbox.acknowledge(upTo, refused).get(10, TimeUnit.SECONDS);
    }

    private void reopen() throws Exception {
        store.close();
        store = Store.open(directory, Runnable::run);
        rows = ChainRows.of(store, CHAIN);
        outbox = Outbox.open(rows, new OutboxSpace(ROOM, store.room()));
    }

    private static OutboundMessage message(String body) {
        return new OutboundMessage("d-1", Digest.ZERO, 1, 2, 16, Bytes.utf8(body), List.of(OTHER, ABROAD));
    }
}
