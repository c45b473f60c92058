package dev.latchkey.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.coap.CoapResponse;
import dev.latchkey.coap.Code;
import dev.latchkey.envelope.SendingSession;
import dev.latchkey.gateway.harness.GatewayHarness;
import dev.latchkey.gateway.harness.TestDevice;
import dev.latchkey.protocol.BatchAnswer;
import dev.latchkey.protocol.ContentFormat;
import dev.latchkey.protocol.InboxEntry;
import dev.latchkey.protocol.MailboxEntry;
import dev.latchkey.transaction.Identity;
import dev.latchkey.transaction.Voucher;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CloudTroubleTest {
    private static final int READING = ContentFormat.COSE_ENCRYPT0;

    @TempDir
    Path directory;

    private GatewayHarness harness;

    @BeforeEach
    void start() throws Exception {
        harness = new GatewayHarness(directory);
    }

    @AfterEach
    void stop() throws Exception {
        harness.close();
    }

    @Test
    void aForgedBlockLeavesTheReplicaAtItsLastGoodHeight() throws Exception {
        TestDevice device = harness.member("d-1");
        long good = harness.network.state().height();
        harness.cloud.tamper(TestBlocks::withOneBitChanged);

        harness.cloud.order(harness.network.join(
                "d-2", Identity.generate(harness.network.random), harness.network.voucher("*", 1)));

        await().until(() -> harness.chain().fault().isPresent());
        assertThat(harness.chain().fault().get()).startsWith("height " + (good + 1) + ": ");
        assertThat(harness.chain().height()).isEqualTo(good);
        assertThat(device.get("/k/d-2").code()).isEqualTo(Code.NOT_FOUND);
        assertThat(device.get("/k/d-1").code()).isEqualTo(Code.CONTENT);

        harness.cloud.tamper(block -> block);
        await().until(() -> device.get("/k/d-2").code().equals(Code.CONTENT));
    }

    @Test
    void readingsAreTakenWhileTheCloudIsAwayAndArriveOnceWhenItIsBack() throws Exception {
        TestDevice sender = harness.served("d-1");
        TestDevice recipient = harness.served("d-2");
        SendingSession session = sender.session(recipient);
        List<Bytes> readings = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            if (i == 10) {
                harness.cloud.stop();
            }
            if (i == 20) {
                harness.cloud.start();
            }
            Bytes reading = TestDevice.sealed(session, "value " + i);
            readings.add(reading);
            assertThat(sender.post("/m", READING, reading).code()).isEqualTo(Code.CHANGED);
        }

        await().until(() -> harness.gateway().status().outboxMessages() == 0);

        assertThat(harness.cloud.mailboxes.of("d-2"))
                .filteredOn(entry -> entry.contentFormat() == READING)
                .extracting(MailboxEntry::message)
                .containsExactlyElementsOf(readings);
        recipient.acknowledge(31);
        await().until(() -> harness.cloud.mailboxes.forgottenOf("d-2") == 31);
        assertThat(recipient.inbox(0)).isEmpty();
    }

    @Test
    void aJoinIsToldToComeAgainWhileTheCloudIsAway() throws Exception {
        Voucher voucher = harness.network.voucher("*", 1);
        TestDevice holder = harness.holder(voucher);
        assertThat(holder.get("/p").code()).isEqualTo(Code.CONTENT);
        harness.cloud.stop();
        Bytes join = harness.network.join("d-1", Identity.generate(harness.network.random), voucher);

        CoapResponse answer = holder.post("/t", ContentFormat.COSE_SIGN, join);

        assertThat(answer.code()).isEqualTo(Code.SERVICE_UNAVAILABLE);
        assertThat(TestDevice.code(answer)).isEqualTo("cloud-away");
        assertThat(answer.maxAgeSeconds()).isPresent();
        harness.cloud.start();
        await().until(() ->
                holder.post("/t", ContentFormat.COSE_SIGN, join).code().equals(Code.CREATED));
    }

    @Test
    void aMessageTheCloudRefusesIsSetAsideAndHoldsUpNoOther() throws Exception {
        TestDevice sender = harness.served("d-1");
        TestDevice recipient = harness.served("d-2");
        SendingSession session = sender.session(recipient);
        await().until(() -> harness.gateway().status().outboxMessages() == 0);
        harness.cloud.mailboxes.refuse(READING, "no-ticket");
        sender.post("/m", READING, TestDevice.sealed(session, "1"));
        await().until(() -> harness.gateway().status().refusedMessages() == 1);
        sender.session(recipient);
        await().until(() -> harness.cloud.mailboxes.of("d-2").size() == 2);
    }

    @Test
    void aMessageForAFullMailboxWaitsAsideAndGoesUpAgain() throws Exception {
        TestDevice sender = harness.served("d-1");
        TestDevice recipient = harness.served("d-2");
        SendingSession session = sender.session(recipient);
        await().until(() -> harness.gateway().status().outboxMessages() == 0);
        harness.cloud.mailboxes.refuse(READING, BatchAnswer.MAILBOX_FULL);
        Bytes reading = TestDevice.sealed(session, "1");
        sender.post("/m", READING, reading);
        await().until(() -> harness.gateway().status().refusedMessages() == 1);
        harness.cloud.mailboxes.accept(READING);
        await().until(() -> harness.cloud.mailboxes.of("d-2").size() == 2);
        assertThat(harness.cloud.mailboxes.of("d-2"))
                .extracting(MailboxEntry::message)
                .contains(reading);
        await().until(() -> harness.gateway().status().refusedMessages() == 0);
    }

    @Test
    void aStoreWhoseSequencesAreTakenBeginsAnewAndSetsNothingAside() throws Exception {
        TestDevice sender = harness.served("d-1");
        TestDevice recipient = harness.served("d-2");
        SendingSession session = sender.session(recipient);
        await().until(() -> harness.gateway().status().outboxMessages() == 0);
        harness.cloud.mailboxes.refuse(READING, "sequence-reused");
        int before = harness.cloud.mailboxes.batches();
        sender.post("/m", READING, TestDevice.sealed(session, "1"));
        await().until(() -> harness.cloud.mailboxes.batches() > before + 1);
        harness.cloud.mailboxes.accept(READING);
        await().until(() -> harness.cloud.mailboxes.of("d-2").size() == 2);
        assertThat(harness.gateway().status().refusedMessages()).isZero();
    }

    @Test
    void aMessageTheCloudCannotReadIsFoundSetAsideAndHoldsUpNoOther() throws Exception {
        TestDevice sender = harness.served("d-1");
        TestDevice recipient = harness.served("d-2");
        SendingSession session = sender.session(recipient);
        await().until(() -> harness.gateway().status().outboxMessages() == 0);
        harness.cloud.stop();
        List<Bytes> readings = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            readings.add(TestDevice.sealed(session, "value " + i));
            assertThat(sender.post("/m", READING, readings.get(i)).code()).isEqualTo(Code.CHANGED);
        }
        Bytes poison = readings.remove(4);
        harness.cloud.cannotRead(batch ->
                batch.messages().stream().anyMatch(message -> message.message().equals(poison)));
        harness.cloud.start();

        await().until(() -> harness.gateway().status().outboxMessages() == 0);

        assertThat(harness.gateway().status().refusedMessages()).isEqualTo(1);
        assertThat(harness.cloud.mailboxes.of("d-2"))
                .filteredOn(entry -> entry.contentFormat() == READING)
                .extracting(MailboxEntry::message)
                .containsExactlyElementsOf(readings);
    }

    @Test
    void whatWasAcknowledgedIsThereAfterARestartWithoutTheCloud() throws Exception {
        TestDevice sender = harness.served("d-1");
        TestDevice recipient = harness.served("d-2");
        SendingSession session = sender.session(recipient);
        harness.cloud.stop();
        Bytes reading = TestDevice.sealed(session, "1");
        sender.post("/m", READING, reading);

        harness.restartGateway();

        TestDevice again = harness.reconnect(recipient);
        assertThat(again.inbox(1)).extracting(InboxEntry::message).containsExactly(reading);
        TestDevice senderAgain = harness.reconnect(sender);
        assertThat(senderAgain.post("/m", READING, reading).code()).isEqualTo(Code.CHANGED);
        assertThat(senderAgain
                        .post("/m", READING, TestDevice.sealed(session, "2"))
                        .code())
                .isEqualTo(Code.CHANGED);
        assertThat(senderAgain.checkpoint().checkpoint().height())
                .isEqualTo(harness.network.state().height());
        harness.cloud.start();
        await().until(() -> harness.cloud.mailboxes.of("d-2").size() == 3);
        assertThat(again.inbox(0)).hasSize(3);
    }
}
