package dev.latchkey.cloud.mailbox;

import static dev.latchkey.cloud.mailbox.Letters.EPOCH;
import static dev.latchkey.cloud.mailbox.Letters.GATEWAY;
import static dev.latchkey.cloud.mailbox.Letters.OTHER;
import static dev.latchkey.cloud.mailbox.Letters.OWNER;
import static dev.latchkey.cloud.mailbox.Letters.ROGUE;
import static dev.latchkey.cloud.mailbox.Letters.delivery;
import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cloud.mailbox.MailboxCommand.Acknowledge;
import dev.latchkey.cloud.mailbox.MailboxCommand.Deliver;
import dev.latchkey.cloud.mailbox.MailboxCommand.Delivery;
import dev.latchkey.cloud.raft.LogPosition;
import dev.latchkey.protocol.BatchAnswer;
import dev.latchkey.protocol.MailboxEntry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MailboxMachineTest {
    @TempDir
    Path directory;

    private Letters letters;

    @BeforeEach
    void open() throws IOException {
        letters = Letters.open(directory.resolve("a"));
    }

    @AfterEach
    void close() {
        letters.close();
    }

    @Test
    void oneMessageGoesToEachRecipientUnderItsOwnSequence() throws Exception {
        letters.deliver(1, delivery(1, 0, "a", OWNER));
        letters.deliver(1, delivery(2, 1, "b", OWNER, OTHER, OTHER));
        assertThat(letters.all(OWNER)).extracting(MailboxEntry::sequence).containsExactly(1L, 2L);
        assertThat(letters.all(OTHER)).extracting(MailboxEntry::sequence).containsExactly(1L);
        assertThat(letters.arrived).containsExactly(OWNER, OWNER);
    }

    @Test
    void anEntryThatTheStoreHasIsNotAppliedAgain() throws Exception {
        Deliver command = letters.command(GATEWAY, EPOCH, 1, List.of(delivery(1, 0, "a", OWNER)));
        letters.apply(command);
        close();
        open();
        assertThat(letters.mailboxes.machine().applied()).isEqualTo(new LogPosition(1, 1));
        letters.mailboxes.machine().apply(new LogPosition(1, 1), command.encode());
        assertThat(letters.all(OWNER)).hasSize(1);
    }

    @Test
    void anothersSnapshotTakesThePlaceOfAllMailboxes() throws Exception {
        Path copy = directory.resolve("copy");
        try (Letters other = Letters.open(directory.resolve("b"))) {
            other.deliver(1, delivery(1, 0, "a", OWNER), delivery(2, 1, "b", OTHER));
            other.apply(new Acknowledge(OTHER, 1));
            other.mailboxes.machine().copyTo(copy);
            letters.deliver(1, delivery(1, 7, "mine", OWNER, OTHER));

            letters.mailboxes.machine().replaceBy(copy);
            assertThat(letters.mailboxes.machine().applied())
                    .isEqualTo(other.mailboxes.machine().applied());
            assertThat(letters.contents()).isEqualTo(other.contents());
            letters.skipTo(other);
            letters.deliver(2, delivery(3, 2, "c", OWNER), delivery(2, 1, "b", OTHER));
            other.deliver(2, delivery(3, 2, "c", OWNER), delivery(2, 1, "b", OTHER));
            assertThat(letters.contents()).isEqualTo(other.contents());
            assertThat(letters.all(OWNER))
                    .extracting(entry -> entry.message().toUtf8())
                    .containsExactly("a", "c");
        }
    }

    @Test
    void aMessageAlreadyReadIsNotDeliveredAgain() throws Exception {
        letters.deliver(1, delivery(1, 0, "a", OWNER));
        letters.apply(new Acknowledge(OWNER, 1));
        letters.deliver(2, delivery(1, 0, "a", OWNER));
        letters.deliver(2, delivery(7, 0, "a", OWNER));
        assertThat(letters.all(OWNER)).isEmpty();
        assertThat(letters.mailboxes.counts().duplicates()).isEqualTo(2);
        assertThat(letters.mailboxes.counts().messages()).isEqualTo(1);
    }

    @Test
    void theSameCounterInTheNextPeriodIsStillKnown() throws Exception {
        long later = 2 * MailboxLimits.PERIOD_MILLIS + 5;
        letters.deliver(1, delivery(1, 0, "a", OWNER));
        letters.deliver(later, delivery(2, 0, "a", OWNER), delivery(3, 0, "b", OWNER));
        close();
        open();
        letters.deliver(later, delivery(4, 0, "a", OWNER), delivery(5, 0, "b", OWNER));
        assertThat(letters.all(OWNER)).hasSize(2);
        letters.expire(later - MailboxLimits.PERIOD_MILLIS, later, MailboxSettings.USUAL);
        letters.deliver(later, delivery(6, 0, "a", OWNER), delivery(7, 0, "b", OWNER));
        assertThat(letters.all(OWNER))
                .as("the newer row has what the forgotten one had")
                .extracting(entry -> entry.message().toUtf8())
                .containsExactly("b");
    }

    @Test
    void acknowledgingMoreThanThereIsRemovesWhatThereIs() throws Exception {
        letters.deliver(1, delivery(1, 0, "a", OWNER), delivery(2, 1, "b", OWNER));
        letters.apply(new Acknowledge(OWNER, 1_000_000));
        letters.apply(new Acknowledge(OWNER, 1));
        assertThat(letters.all(OWNER)).isEmpty();
        letters.deliver(1, delivery(3, 2, "c", OWNER));
        assertThat(letters.all(OWNER)).extracting(MailboxEntry::sequence).containsExactly(3L);
        MailboxState state = letters.mailboxes.state(OWNER);
        assertThat(List.of(state.last(), state.acknowledged(), state.waiting(), state.bytes(), state.expired()))
                .containsExactly(3L, 2L, 1L, 1L, 0L);
    }

    @Test
    void theEndOfRetentionRemovesWhatNobodyReadAndSaysSo() throws Exception {
        letters.deliver(100, delivery(1, 0, "old", OWNER, OTHER), delivery(2, 1, "old too", OWNER));
        letters.deliver(200, delivery(3, 2, "new", OWNER));
        letters.apply(new Acknowledge(OTHER, 1));
        letters.expire(100, 300, MailboxSettings.USUAL);
        assertThat(letters.all(OWNER)).as("not before its end").hasSize(3);
        assertThat(letters.mailboxes.oldestMillis()).hasValue(100);
        letters.expire(150, 300, MailboxSettings.USUAL);
        assertThat(letters.all(OWNER))
                .extracting(entry -> entry.message().toUtf8())
                .containsExactly("new");
        MailboxState state = letters.mailboxes.state(OWNER);
        assertThat(state.expired()).isEqualTo(2);
        assertThat(state.expiredUpTo()).isEqualTo(2);
        assertThat(state.oldestMillis()).hasValue(200);
        assertThat(state.acknowledged()).isZero();
        assertThat(letters.mailboxes.state(OTHER).expired()).isZero();
        assertThat(letters.mailboxes.counts().expired()).isEqualTo(2);
        assertThat(letters.mailboxes.usage()).isEqualTo(new Usage(1, 3));
        assertThat(letters.mailboxes.due(network -> 150, 150, 300, MailboxSettings.USUAL))
                .isEmpty();
    }

    @Test
    void aMailboxOfTooManyBytesLosesItsOldestOnceTheyAreOldEnough() throws Exception {
        for (int i = 0; i < 20; i++) {
            letters.deliver(100 + i, delivery(i + 1, i, "0123456789", OWNER));
        }
        MailboxSettings settings =
                new MailboxSettings(Letters.PLENTY, Letters.PLENTY, 85, java.time.Duration.ofMillis(10));
        letters.expire(0, 115, settings);
        assertThat(letters.all(OWNER)).as("only five are old enough").hasSize(15);
        letters.expire(0, 1000, settings);
        assertThat(letters.all(OWNER))
                .extracting(MailboxEntry::sequence)
                .hasSize(8)
                .startsWith(13L);
        assertThat(letters.mailboxes.state(OWNER).expiredUpTo()).isEqualTo(12);
    }

    @Test
    void theLogsClockNeverGoesBack() throws Exception {
        letters.deliver(500, delivery(1, 0, "a", OWNER));
        letters.deliver(100, delivery(2, 1, "b", OWNER));
        letters.expire(400, 500, MailboxSettings.USUAL);
        assertThat(letters.all(OWNER))
                .as("a leader's clock that is late ends nothing early")
                .hasSize(2);
    }

    @Test
    void garbageOfOneGatewayKeepsNothingOutThatAnotherBrings() throws Exception {
        for (int i = 1; i <= 6; i++) {
            letters.deliver(ROGUE, 1, delivery(i, 7, "garbage " + i, OWNER));
        }
        assertThat(letters.all(OWNER)).as("four bodies are kept").hasSize(4);
        assertThat(letters.deliver(1, delivery(1, 7, "genuine", OWNER)).refused())
                .isEmpty();
        assertThat(letters.all(OWNER))
                .extracting(entry -> entry.message().toUtf8())
                .hasSize(5)
                .contains("genuine");
        assertThat(letters.deliver(1, delivery(2, 7, "once more", OWNER)).refused())
                .extracting(BatchAnswer.Refused::code)
                .containsExactly("counter-reused");
    }

    @Test
    void aStoreEpochIsItsFirstGatewaysAlone() throws Exception {
        letters.deliver(1, delivery(5, 0, "a", OWNER));
        assertThat(letters.apply(letters.command(ROGUE, EPOCH, 1, List.of(delivery(6, 1, "b", OWNER)))))
                .isEqualTo(Bytes.EMPTY);
        assertThat(letters.all(OWNER)).hasSize(1);
        assertThat(letters.deliver(1, delivery(6, 1, "b", OWNER)).refused()).isEmpty();
        assertThat(letters.all(OWNER)).hasSize(2);
    }

    @Test
    void aSequenceHasOneMessage() throws Exception {
        letters.deliver(1, delivery(5, 0, "a", OWNER));
        assertThat(letters.deliver(1, delivery(5, 1, "b", OWNER)).refused())
                .extracting(BatchAnswer.Refused::code)
                .containsExactly("sequence-reused");
        letters.deliver(1, delivery(5 + MailboxLimits.SEQUENCE_WINDOW, 2, "c", OWNER));
        assertThat(letters.deliver(1, delivery(6, 3, "late", OWNER)).refused())
                .as("sequences need not rise")
                .isEmpty();
        assertThat(letters.all(OWNER)).hasSize(3);
    }

    @Test
    void quotasRefuseByNameAndKeepNothingFromOthers() throws Exception {
        letters.withQuotas(new Quota(2, 100), new Quota(4, 1000));
        assertThat(letters.deliver(1, delivery(1, 0, "a", OWNER), delivery(2, 1, "b", OWNER))
                        .refused())
                .isEmpty();
        BatchAnswer.Refused full =
                letters.deliver(1, delivery(3, 2, "c", OWNER)).refused().get(0);
        assertThat(full.code()).isEqualTo("mailbox-full");
        assertThat(full.detail()).startsWith("mailboxes.messages");
        assertThat(full.isForNow()).isTrue();
        assertThat(letters.deliver(1, delivery(4, 3, "x".repeat(101), OTHER)).refused())
                .extracting(BatchAnswer.Refused::detail)
                .first()
                .asString()
                .startsWith("mailboxes.bytes");
        assertThat(letters.deliver(1, delivery(5, 4, "d", OWNER, OTHER), delivery(6, 5, "e", OTHER))
                        .refused())
                .as("one that is full keeps nothing from the others")
                .isEmpty();
        BatchAnswer.Refused network =
                letters.deliver(1, delivery(7, 6, "f", Letters.id(9))).refused().get(0);
        assertThat(network.code()).isEqualTo("network-full");
        assertThat(network.detail()).startsWith("mailboxes.network-messages");
        letters.apply(new Acknowledge(OWNER, 1));
        assertThat(letters.deliver(1, delivery(8, 2, "c", OWNER)).refused())
                .as("what was refused for now is taken under a new sequence")
                .isEmpty();
    }

    @Test
    void whatWaitsMovesToTheAccountOfTheNetworkThatItsOwnerMovedTo() throws Exception {
        letters.deliver(1, delivery(1, 0, "abc", OWNER));
        assertThat(letters.mailboxes.usage(Letters.SEATTLE)).isEqualTo(new Usage(1, 3));
        letters.deliver(1, delivery(2, 1, Bytes.utf8("de"), 1, OWNER));
        assertThat(letters.mailboxes.usage(Letters.SEATTLE)).isEqualTo(Usage.NONE);
        assertThat(letters.mailboxes.usage(Letters.TACOMA)).isEqualTo(new Usage(2, 5));
        assertThat(letters.mailboxes.usage()).isEqualTo(new Usage(2, 5));
        letters.apply(new Acknowledge(OWNER, 1));
        assertThat(letters.mailboxes.usage()).isEqualTo(new Usage(1, 2));
    }

    @Test
    void twoReplicasOfOneLogAreEqualInEveryRow() throws Exception {
        Random random = new Random(8);
        try (Letters replica = Letters.open(directory.resolve("b"))) {
            long clock = MailboxLimits.PERIOD_MILLIS;
            for (int i = 0; i < 300; i++) {
                clock += random.nextInt((int) (MailboxLimits.PERIOD_MILLIS / 50));
                MailboxCommand command = command(random, clock, i);
                assertThat(replica.apply(command)).isEqualTo(letters.apply(command));
                if (i % 100 == 99) { // as if a snapshot was taken and the node started again
                    replica.mailboxes.reclaim();
                    close();
                    open();
                }
            }
            assertThat(replica.mailboxes.usage().messages()).isPositive();
            assertThat(replica.mailboxes.counts().expired()).isPositive();
            assertThat(replica.contents()).isEqualTo(letters.contents());
        }
    }

    private MailboxCommand command(Random random, long clock, int turn) {
        int kind = random.nextInt(10);
        Bytes owner = Letters.id(20 + random.nextInt(5));
        if (kind == 0) {
            return new Acknowledge(owner, random.nextInt(40));
        }
        long before = clock - 2 * MailboxLimits.PERIOD_MILLIS;
        List<MailboxCommand.Expire> due =
                letters.mailboxes.due(network -> before, before, clock, MailboxSettings.USUAL);
        if (kind == 1 && !due.isEmpty()) {
            return due.get(0);
        }
        letters.withQuotas(new Quota(30, 1 << 20), new Quota(70, 1 << 20));
        List<Delivery> deliveries = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            Bytes body = Digest.sha256(Bytes.of((byte) random.nextInt(6))).bytes();
            int network = random.nextInt(2);
            deliveries.add(delivery(
                    5L * turn + i + random.nextInt(3), random.nextInt(200), body, network, owner, Letters.id(30)));
        }
        return letters.command(random.nextInt(9) == 0 ? ROGUE : GATEWAY, EPOCH, clock, deliveries);
    }
}
