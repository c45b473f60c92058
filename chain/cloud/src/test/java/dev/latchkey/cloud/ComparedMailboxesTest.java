package dev.latchkey.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cloud.mailbox.MailboxCommand;
import dev.latchkey.cloud.mailbox.MailboxShards;
import dev.latchkey.cloud.mailbox.MailboxStore;
import dev.latchkey.cloud.mailbox.Mailboxes;
import dev.latchkey.cloud.mailbox.Quota;
import dev.latchkey.cloud.mailbox.StateDigests;
import dev.latchkey.cloud.raft.LogPosition;
import dev.latchkey.cloud.store.Row;
import dev.latchkey.cloud.store.Store;
import dev.latchkey.protocol.ContentFormat;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three members apply one log of mailboxes; the one whose store changed finds out, whichever row it is. */
class ComparedMailboxesTest {
    private static final String GROUP = "mailboxes";
    private static final int MESSAGES = 9;

    @TempDir
    Path directory;

    private final List<Member> members = new ArrayList<>();
    private final List<Bytes> log = new ArrayList<>();
    private final Digest session = Digest.sha256(Bytes.utf8("session"));
    private long index;

    @BeforeEach
    void open() throws IOException {
        for (int i = 0; i < 3; i++) {
            members.add(new Member("n" + (i + 1)));
        }
        for (int counter = 1; counter <= MESSAGES; counter++) {
            log.add(delivery(counter).encode());
        }
        play();
    }

    @AfterEach
    void close() {
        members.forEach(Member::close);
    }

    private MailboxCommand.Deliver delivery(int counter) {
        Bytes recipient = Digest.sha256(Bytes.utf8("reader")).bytes().slice(0, 16);
        MailboxCommand.Delivery message = new MailboxCommand.Delivery(
                counter,
                Digest.sha256(Bytes.utf8("sender")).bytes().slice(0, 16),
                "d-from",
                session,
                Bytes.of((byte) counter),
                1_000,
                ContentFormat.COSE_ENCRYPT0,
                Readings.reading(session, counter, "reading"),
                List.of(new MailboxCommand.Recipient(recipient, 0)));
        Quota plenty = new Quota(1_000, 1 << 20);
        return new MailboxCommand.Deliver(
                Digest.sha256(Bytes.utf8("gateway")).bytes().slice(0, 16),
                "gw-1",
                Bytes.fromHex("0102030405060708"),
                1_700_000_000_000L,
                plenty,
                List.of(new MailboxCommand.Network(session, plenty)),
                List.of(message),
                List.of());
    }

    /** All members apply what is in the log, and what that has them put into it. */
    private void play() {
        while (!log.isEmpty()) {
            Bytes entry = log.remove(0);
            index++;
            members.forEach(member -> member.mailboxes.machine().apply(new LogPosition(1, index), entry));
        }
    }

    /** Compares everything once, a few rows at a time. */
    private void compareAll() {
        for (int turn = 0; turn < 12; turn++) {
            log.add(members.get(0).mailboxes.digests().nextTurn(4));
            play();
        }
    }

    private void assertOnlySecondDiffers(String where) {
        compareAll();
        assertThat(IntStream.range(0, 3).filter(i -> !members.get(i).findings().isEmpty()))
                .containsExactly(1);
        String text = Unready.DIFFERS.detail(null, members.get(1).shards());
        assertThat(text).startsWith(Unready.DIFFERS.reason()).contains("group mailboxes, ", "store " + where);
        assertThat(Unready.of(text)).contains(Unready.DIFFERS);
        assertThat(text.length()).isLessThan(400);
    }

    @Test
    void equalOnesAreFoundEqual() {
        compareAll();
        assertThat(members).allSatisfy(member -> assertThat(member.findings()).isEmpty());
        assertThat(members.get(2).mailboxes.digests().rows()).isGreaterThan(2 * MESSAGES);
    }

    @Test
    void aMessageThatChangedIsFoundByWhoHasIt() throws IOException {
        spoil("messages", 5);
        assertOnlySecondDiffers("mailboxes/messages: digest differs, expected ");
    }

    @Test
    void soIsAnAccountThatChanged() throws IOException {
        spoil("networks", 0);
        assertOnlySecondDiffers("mailboxes/");
    }

    @Test
    void soIsAFileThatCannotBeRead() throws IOException {
        Member second = members.get(1);
        second.close();
        Row row;
        try (Store store = PlantedFlips.mailboxes(second.home)) {
            row = PlantedFlips.rows(store, "messages").get(3);
            store.sync();
        }
        PlantedFlips.inFile(second.home, row.value());
        second.open();
        assertOnlySecondDiffers("mailboxes/");
        assertThat(second.findings()).first().asString().contains("a file that cannot");
    }

    private void spoil(String family, int row) throws IOException {
        Member second = members.get(1);
        second.close();
        try (Store store = PlantedFlips.mailboxes(second.home)) {
            PlantedFlips.change(store, family, row, PlantedFlips::lastBit);
        }
        second.open();
    }

    private final class Member {
        private final String id;
        private final Path home;
        private MailboxStore store;
        private Mailboxes mailboxes;

        Member(String id) throws IOException {
            this.id = id;
            this.home = directory.resolve(id);
            open();
        }

        void open() throws IOException {
            store = MailboxStore.open(home);
            mailboxes = new Mailboxes(store);
            mailboxes.digests().join(new StateDigests.Group(GROUP, id, () -> 3, log::add));
        }

        MailboxShards shards() {
            return MailboxShards.one(GROUP, mailboxes);
        }

        List<String> findings() {
            return List.copyOf(shards().findings().values());
        }

        void close() {
            mailboxes.close();
            store.close();
        }
    }
}
