package dev.latchkey.cloud.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cloud.mailbox.MailboxCommand.Acknowledge;
import dev.latchkey.cloud.mailbox.MailboxCommand.Deliver;
import dev.latchkey.cloud.mailbox.MailboxCommand.Delivery;
import dev.latchkey.cloud.mailbox.MailboxCommand.Expire;
import dev.latchkey.cloud.raft.LogPosition;
import dev.latchkey.protocol.BatchAnswer;
import dev.latchkey.protocol.MailboxEntry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MailboxMachineTest {
    private static final Bytes GATEWAY = id(1);
    private static final Bytes SENDER = id(2);
    private static final Bytes OWNER = id(3);
    private static final Bytes OTHER = id(4);
    private static final Bytes EPOCH = Bytes.wrap(new byte[8]);
    private static final Digest SESSION = Digest.sha256(Bytes.utf8("session"));

    @TempDir
    Path directory;

    private MailboxStore store;
    private Mailboxes mailboxes;
    private final List<Bytes> arrived = new ArrayList<>();
    private long index;

    @BeforeEach
    void open() throws IOException {
        store = MailboxStore.open(directory);
        mailboxes = new Mailboxes(store);
        mailboxes.arrivals().listen(OWNER, arrived::add);
    }

    @AfterEach
    void close() {
        store.close();
    }

    private static Bytes id(int seed) {
        return Digest.sha256(Bytes.of((byte) seed)).bytes().slice(0, 16);
    }

    private static Delivery delivery(long sequence, int counter, String body, Bytes... recipients) {
        return new Delivery(
                sequence,
                SENDER,
                "d-sender",
                SESSION,
                Bytes.of((byte) counter),
                1000,
                16,
                Bytes.utf8(body),
                List.of(recipients));
    }

    private BatchAnswer deliver(long clock, Delivery... deliveries) throws Exception {
        return BatchAnswer.decode(apply(new Deliver(GATEWAY, "gw-1", EPOCH, clock, List.of(deliveries), List.of())));
    }

    private Bytes apply(MailboxCommand command) {
        index++;
        return mailboxes.machine().apply(new LogPosition(1, index), command.encode());
    }

    private List<MailboxEntry> all(Bytes owner) {
        return mailboxes.read(owner, 0, 1000, 1 << 20).stream()
                .map(Mailboxes::decoded)
                .toList();
    }

    @Test
    void oneMessageGoesToEachRecipientUnderItsOwnSequence() throws Exception {
        deliver(1, delivery(1, 0, "a", OWNER));
        deliver(1, delivery(2, 1, "b", OWNER, OTHER));
        assertThat(all(OWNER)).extracting(MailboxEntry::sequence).containsExactly(1L, 2L);
        assertThat(all(OTHER)).extracting(MailboxEntry::sequence).containsExactly(1L);
        assertThat(arrived).containsExactly(OWNER, OWNER);
    }

    @Test
    void anEntryThatTheStoreHasIsNotAppliedAgain() throws Exception {
        Deliver command = new Deliver(GATEWAY, "gw-1", EPOCH, 1, List.of(delivery(1, 0, "a", OWNER)), List.of());
        apply(command);
        close();
        open();
        assertThat(mailboxes.machine().applied()).isEqualTo(new LogPosition(1, 1));
        mailboxes.machine().apply(new LogPosition(1, 1), command.encode());
        assertThat(all(OWNER)).hasSize(1);
    }

    @Test
    void aMessageAlreadyReadIsNotDeliveredAgain() throws Exception {
        deliver(1, delivery(1, 0, "a", OWNER));
        apply(new Acknowledge(OWNER, 1));
        deliver(2, delivery(1, 0, "a", OWNER));
        deliver(2, delivery(7, 0, "a", OWNER));
        assertThat(all(OWNER)).isEmpty();
    }

    @Test
    void acknowledgingMoreThanThereIsRemovesWhatThereIs() throws Exception {
        deliver(1, delivery(1, 0, "a", OWNER), delivery(2, 1, "b", OWNER));
        apply(new Acknowledge(OWNER, 1_000_000));
        assertThat(all(OWNER)).isEmpty();
        deliver(1, delivery(3, 2, "c", OWNER));
        assertThat(all(OWNER)).extracting(MailboxEntry::sequence).containsExactly(3L);
        assertThat(store.box(OWNER)).isEqualTo(new Box(3, 2, 1, 1, 0));
    }

    @Test
    void theEndOfRetentionRemovesAMessageAndEverythingKeptForIt() throws Exception {
        deliver(100, delivery(1, 0, "old", OWNER, OTHER));
        deliver(200, delivery(2, 1, "new", OWNER));
        apply(new Acknowledge(OTHER, 1));
        apply(new Expire(150));
        assertThat(all(OWNER)).extracting(entry -> entry.message().toUtf8()).containsExactly("new");
        assertThat(store.box(OWNER)).isEqualTo(new Box(2, 0, 1, 3, 1));
        assertThat(store.box(OTHER).expired()).isZero();
        assertThat(store.rows().contains(MailboxStore.DEDUP, MailboxStore.dedupKey(GATEWAY, EPOCH, 1)))
                .isFalse();
        assertThat(store.rows().contains(MailboxStore.DEDUP, MailboxStore.dedupKey(GATEWAY, EPOCH, 2)))
                .isTrue();
        List<Bytes> contents = new ArrayList<>();
        store.rows()
                .scan(
                        MailboxStore.CONTENTS,
                        Bytes.EMPTY,
                        Bytes.fromHex("ff".repeat(80)),
                        (key, value) -> contents.add(key));
        assertThat(contents).hasSize(1);
    }

    @Test
    void aFullMailboxRefusesAndSaysSo() throws Exception {
        String large = "x".repeat(4000);
        int fits = (int) (MailboxLimits.MAX_BYTES / large.length());
        long sequence = 0;
        while (sequence < fits) {
            List<Delivery> batch = new ArrayList<>();
            while (batch.size() < 200 && sequence < fits) {
                sequence++;
                batch.add(new Delivery(
                        sequence,
                        SENDER,
                        "d-sender",
                        SESSION,
                        Bytes.of((byte) (sequence >> 8), (byte) sequence),
                        1000,
                        16,
                        Bytes.utf8(large),
                        List.of(OWNER)));
            }
            assertThat(deliver(1, batch.toArray(Delivery[]::new)).refused()).isEmpty();
        }
        assertThat(deliver(1, delivery(sequence + 1, 0, large, OWNER)).refused())
                .containsExactly(new BatchAnswer.Refused(sequence + 1, "mailbox-full"));
        assertThat(deliver(1, delivery(sequence + 2, 0, large, OTHER)).refused())
                .isEmpty();
        assertThat(deliver(1, delivery(sequence + 3, 1, large, OWNER, OTHER)).refused())
                .as("one that is full keeps nothing from the others")
                .isEmpty();
        assertThat(all(OTHER)).hasSize(2);
    }
}
