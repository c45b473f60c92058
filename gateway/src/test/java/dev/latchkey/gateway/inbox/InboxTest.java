package dev.latchkey.gateway.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.gateway.inbox.Inbox.Delivery;
import dev.latchkey.gateway.store.Store;
import dev.latchkey.gateway.store.Table;
import dev.latchkey.gateway.store.Work;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InboxTest {
    private static final Bytes OWNER = Digest.sha256(Bytes.utf8("d-1")).bytes().slice(0, 16);
    private static final int ROOM = 4_096;

    @TempDir
    Path directory;

    private Store store;
    private Inbox inbox;

    @BeforeEach
    void open() throws Exception {
        store = Store.open(directory, Runnable::run);
        inbox = Inbox.open(store, ROOM, 2 * ROOM);
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void aLocalMessageIsRecognisedWhenItComesFromTheCloud() throws Exception {
        assertThat(local(message("a"))).isEqualTo(Delivery.STORED);
        assertThat(cloud(1, message("a"))).isEqualTo(Delivery.KNOWN);
        assertThat(inbox.after(OWNER, 0, ROOM)).hasSize(1);
        assertThat(inbox.cursor(OWNER)).isEqualTo(1);
    }

    @Test
    void aMessageFromTheCloudIsRecognisedWhenItsDeviceBringsItHere() throws Exception {
        assertThat(cloud(1, message("a"))).isEqualTo(Delivery.STORED);
        assertThat(local(message("a"))).isEqualTo(Delivery.KNOWN);
        assertThat(inbox.after(OWNER, 0, ROOM)).hasSize(1);
    }

    @Test
    void whoIsServedNoMoreKeepsTheRoomOnlyWhileThereIsEnough() throws Exception {
        String large = "x".repeat(1_500);
        local(message(large + "a"));
        cloud(1, message(large + "b"));
        inbox.makeRoom(member -> false).get(10, TimeUnit.SECONDS);
        assertThat(inbox.after(OWNER, 0, ROOM)).isNotEmpty();
        Bytes other = Digest.sha256(Bytes.utf8("d-2")).bytes().slice(0, 16);
        done(draft -> inbox.deliver(draft, other, message(large)));
        inbox.makeRoom(other::equals).get(10, TimeUnit.SECONDS);
        assertThat(inbox.after(OWNER, 0, ROOM)).isEmpty();
        assertThat(inbox.after(other, 0, ROOM)).hasSize(1);
        assertThat(inbox.bytes()).isLessThan(ROOM / 2);
        assertThat(inbox.cursor(OWNER)).isZero();
        assertThat(cloud(1, message(large + "b"))).isEqualTo(Delivery.STORED);
        assertThat(inbox.after(OWNER, 0, ROOM)).extracting(WaitingMessage::u).containsExactly(3L);
    }

    @Test
    void twoBodiesAreTwoMessages() throws Exception {
        local(message("a"));
        local(message("b"));
        assertThat(inbox.after(OWNER, 0, ROOM)).extracting(WaitingMessage::u).containsExactly(1L, 2L);
        assertThat(inbox.after(OWNER, 1, ROOM)).extracting(WaitingMessage::u).containsExactly(2L);
    }

    @Test
    void theCloudMayForgetOnlyWhatEveryEarlierMessageAllows() throws Exception {
        local(message("a"));
        cloud(1, message("from elsewhere"));
        cloud(2, message("a"));
        acknowledge(1);
        assertThat(inbox.untold()).isEmpty();
        acknowledge(2);
        assertThat(inbox.untold()).containsEntry(OWNER, 2L);
    }

    @Test
    void anAcknowledgementGoesToTheCloudAsSoonAsTheSequenceIsKnown() throws Exception {
        local(message("a"));
        acknowledge(1);
        assertThat(inbox.untold()).isEmpty();
        cloud(1, message("a"));
        assertThat(inbox.untold()).containsEntry(OWNER, 1L);
        inbox.told(OWNER, 1).get(10, TimeUnit.SECONDS);
        assertThat(inbox.untold()).isEmpty();
    }

    @Test
    void whatWasReadLongAgoWaitsBehindWhatWasNotReadYet() throws Exception {
        local(message("a"));
        local(message("b"));
        acknowledge(2);
        cloud(1, message("a"));
        assertThat(inbox.untold()).containsEntry(OWNER, 1L);
        cloud(2, message("from elsewhere"));
        cloud(3, message("b"));
        assertThat(inbox.untold()).containsEntry(OWNER, 1L);
        acknowledge(3);
        assertThat(inbox.untold()).containsEntry(OWNER, 3L);
        for (Table table : new Table[] {Table.INBOX, Table.INBOX_SEEN, Table.MAILBOX}) {
            store.scan(table, Bytes.EMPTY, Bytes.EMPTY, (key, value) -> {
                throw new AssertionError(table + " holds " + key);
            });
        }
    }

    @Test
    void nothingIsLeftOnDiskOfWhatIsAcknowledgedOnBothSides() throws Exception {
        local(message("a"));
        cloud(1, message("a"));
        cloud(2, message("b"));
        acknowledge(2);
        for (Table table : new Table[] {Table.INBOX, Table.INBOX_SEEN, Table.MAILBOX}) {
            store.scan(table, Bytes.EMPTY, Bytes.EMPTY, (key, value) -> {
                throw new AssertionError(table + " still has a row");
            });
        }
        assertThat(inbox.bytes()).isZero();
    }

    @Test
    void aFullInboxLeavesTheCursorWhereItIs() throws Exception {
        long sequence = 1;
        while (cloud(sequence, message("x".repeat(500) + sequence)) == Delivery.STORED) {
            sequence++;
        }
        assertThat(inbox.cursor(OWNER)).isEqualTo(sequence - 1);
        assertThat(inbox.isFull(OWNER)).isTrue();
        acknowledge(sequence);
        assertThat(inbox.isFull(OWNER)).isFalse();
        assertThat(cloud(sequence, message("x".repeat(500) + sequence))).isEqualTo(Delivery.STORED);
    }

    @Test
    void keepsItsPlaceWhenOpenedAgain() throws Exception {
        local(message("a"));
        cloud(1, message("a"));
        local(message("b"));
        acknowledge(1);
        long bytes = inbox.bytes();
        store.close();
        store = Store.open(directory, Runnable::run);
        inbox = Inbox.open(store, ROOM, 2 * ROOM);
        assertThat(inbox.bytes()).isEqualTo(bytes);
        assertThat(inbox.untold()).containsEntry(OWNER, 1L);
        assertThat(inbox.cursor(OWNER)).isEqualTo(1);
        List<WaitingMessage> waiting = inbox.after(OWNER, 0, ROOM);
        assertThat(waiting).extracting(WaitingMessage::u).containsExactly(2L);
        assertThat(waiting.get(0).message()).isEqualTo(message("b"));
        assertThat(cloud(1, message("a"))).isEqualTo(Delivery.KNOWN);
    }

    @Test
    void aPageHoldsAtLeastOneMessage() throws Exception {
        local(message("x".repeat(2_000)));
        local(message("y"));
        assertThat(inbox.after(OWNER, 0, 1_024)).hasSize(1);
        assertThat(inbox.after(OWNER, 1, 1_024)).hasSize(1);
    }

    private Delivery local(InboundMessage message) throws Exception {
        return done(draft -> inbox.deliver(draft, OWNER, message));
    }

    private Delivery cloud(long sequence, InboundMessage message) throws Exception {
        return done(draft -> inbox.deliverFromCloud(draft, OWNER, sequence, message));
    }

    private void acknowledge(long upTo) throws Exception {
        done(draft -> inbox.acknowledge(draft, OWNER, upTo));
    }

    private <T> T done(Work<T> work) throws Exception {
        return store.submit(work).get(10, TimeUnit.SECONDS);
    }

    private static InboundMessage message(String body) {
        return new InboundMessage("d-2", Digest.ZERO, 1, 16, Bytes.utf8(body));
    }
}
