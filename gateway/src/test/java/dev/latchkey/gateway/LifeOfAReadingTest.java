package dev.latchkey.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.coap.ClientRequest;
import dev.latchkey.coap.CoapResponse;
import dev.latchkey.coap.Code;
import dev.latchkey.cose.StrictEcVerifier;
import dev.latchkey.envelope.SendingSession;
import dev.latchkey.gateway.harness.GatewayHarness;
import dev.latchkey.gateway.harness.TestDevice;
import dev.latchkey.proof.HeaderProof;
import dev.latchkey.proof.KeyProof;
import dev.latchkey.proof.PolicyChain;
import dev.latchkey.proof.Receipt;
import dev.latchkey.proof.VerifiedCheckpoint;
import dev.latchkey.proof.VerifiedKey;
import dev.latchkey.protocol.ContentFormat;
import dev.latchkey.protocol.InboxEntry;
import dev.latchkey.transaction.Identity;
import dev.latchkey.transaction.SignedTransaction;
import dev.latchkey.transaction.Voucher;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LifeOfAReadingTest {
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
    void aDeviceJoinsByVoucherAndItsKeyWorksWithTheAnswer() throws Exception {
        Voucher voucher = harness.network.voucher("d-*", 1);
        Identity identity = Identity.generate(harness.network.random);
        Bytes join = harness.network.join("d-1", identity, voucher);

        CoapResponse joined = harness.holder(voucher).post("/t", ContentFormat.COSE_SIGN, join);

        Digest id = SignedTransaction.decode(join).id(harness.network.chain);
        assertThat(joined.code()).isEqualTo(Code.CREATED);
        assertThat(joined.locationPath()).containsExactly("t", id.toHex());
        assertThat(Receipt.verify(
                        joined.payload(),
                        join,
                        PolicyChain.verify(
                                harness.network.chain, List.of(harness.network.genesis), StrictEcVerifier.bouncy()),
                        StrictEcVerifier.bouncy()))
                .isNotNull();
        TestDevice member = harness.connect("d-1", identity);
        assertThat(member.get("/k/d-1").code()).isEqualTo(Code.CONTENT);
    }

    @Test
    void theOutcomeOfATransactionIsProvedByTheGatewaysOwnReceipt() throws Exception {
        TestDevice member = harness.member("d-1");
        Bytes leave = harness.network.leave("d-1", member.identity);
        Voucher voucher = harness.network.voucher("d-*", 1);
        Bytes join = harness.network.join("d-2", Identity.generate(harness.network.random), voucher);
        CoapResponse joined = harness.holder(voucher).post("/t", ContentFormat.COSE_SIGN, join);
        String path = "/t/" + joined.locationPath().get(1);

        await().until(() -> member.get(path).code().equals(Code.CONTENT));

        assertThat(Receipt.verify(
                                member.get(path).payload(),
                                join,
                                PolicyChain.verify(
                                        harness.network.chain,
                                        List.of(harness.network.genesis),
                                        StrictEcVerifier.bouncy()),
                                StrictEcVerifier.bouncy())
                        .header()
                        .height())
                .isEqualTo(2);
        Digest unknown = SignedTransaction.decode(leave).id(harness.network.chain);
        assertThat(TestDevice.code(member.get("/t/" + unknown.toHex()))).isEqualTo("unknown-transaction");
        assertThat(TestDevice.code(member.get("/t/abc"))).isEqualTo("malformed");
    }

    @Test
    void theSameJoinAgainGetsItsReceiptAgain() throws Exception {
        Voucher voucher = harness.network.voucher("d-*", 1);
        Bytes join = harness.network.join("d-1", Identity.generate(harness.network.random), voucher);
        TestDevice holder = harness.holder(voucher);
        holder.post("/t", ContentFormat.COSE_SIGN, join);
        CoapResponse again = holder.post("/t", ContentFormat.COSE_SIGN, join);
        assertThat(again.code()).isEqualTo(Code.CREATED);
        assertThat(harness.network.state().memberCount()).isEqualTo(3);
    }

    @Test
    void aKeyComesWithAProofUnderTheCheckpointThatTheDeviceHolds() throws Exception {
        TestDevice device = harness.member("d-1");
        VerifiedCheckpoint held = device.checkpoint();
        harness.member("d-2");

        CoapResponse answer = device.send(ClientRequest.get("/k/d-1")
                .withQuery("p", 1)
                .withQuery("h", held.checkpoint().height()));

        VerifiedKey key = KeyProof.verify(held, "d-1", answer.payload());
        assertThat(key.record().keys()).isEqualTo(device.identity.keys());
        assertThat(answer.payload().size()).isLessThan(1_024);
    }

    @Test
    void aHeaderComesWithItsPathUnderTheCheckpointThatTheDeviceHolds() throws Exception {
        TestDevice device = harness.member("d-1");
        VerifiedCheckpoint held = device.checkpoint();
        CoapResponse answer = device.send(ClientRequest.get("/b/0")
                .withQuery("p", 1)
                .withQuery("h", held.checkpoint().height()));
        assertThat(HeaderProof.verify(held, 0, answer.payload()).height()).isZero();
    }

    @Test
    void rawBlocksAreNotForPlainMembers() throws Exception {
        TestDevice device = harness.member("d-1");
        TestDevice admin = harness.connect("admin", harness.network.admin);
        assertThat(device.get("/b/0").code()).isEqualTo(Code.FORBIDDEN);
        assertThat(admin.get("/b/1").payload())
                .isEqualTo(harness.network.blocksFrom(1).get(0));
    }

    @Test
    void aReadingIsOnDiskInTheRecipientsInboxAndInTheCloud() throws Exception {
        TestDevice sender = harness.served("d-1");
        TestDevice recipient = harness.served("d-2");
        SendingSession session = sender.session(recipient);
        Bytes reading = TestDevice.sealed(session, "21.5");

        assertThat(sender.post("/m", ContentFormat.COSE_ENCRYPT0, reading).code())
                .isEqualTo(Code.CHANGED);

        List<InboxEntry> inbox = recipient.inbox(0);
        assertThat(inbox).hasSize(2);
        assertThat(inbox.get(0).contentFormat()).isEqualTo(ContentFormat.COSE_SIGN1);
        assertThat(inbox.get(1).message()).isEqualTo(reading);
        assertThat(inbox.get(1).sender()).isEqualTo("d-1");
        assertThat(inbox.get(1).session()).isEqualTo(session.sessionId());
        await().until(() -> harness.cloud.mailboxes.of("d-2").size() == 2);
        await().until(() -> harness.gateway().status().outboxMessages() == 0);
    }

    @Test
    void anAcknowledgedMessageIsGoneHereAndThenInTheCloud() throws Exception {
        TestDevice sender = harness.served("d-1");
        TestDevice recipient = harness.served("d-2");
        SendingSession session = sender.session(recipient);
        sender.post("/m", ContentFormat.COSE_ENCRYPT0, TestDevice.sealed(session, "1"));

        assertThat(recipient.acknowledge(2).code()).isEqualTo(Code.DELETED);

        assertThat(recipient.inbox(0)).isEmpty();
        await().until(() -> harness.cloud.mailboxes.forgottenOf("d-2") == 2);
        assertThat(recipient.inbox(0)).isEmpty();
        assertThat(harness.gateway().status().inboxBytes()).isZero();
    }

    @Test
    void anObservedInboxTellsOfEachArrival() throws Exception {
        TestDevice sender = harness.served("d-1");
        TestDevice recipient = harness.served("d-2");
        BlockingQueue<List<InboxEntry>> heard = recipient.observeInbox();
        assertThat(heard.poll(30, TimeUnit.SECONDS)).isEmpty();
        sender.session(recipient);
        assertThat(heard.poll(30, TimeUnit.SECONDS)).hasSize(1);
    }

    @Test
    void aMessageFromAnotherGatewayComesFromTheMailbox() throws Exception {
        TestDevice sender = harness.served("d-1");
        TestDevice away = harness.member("d-2");
        SendingSession session = sender.session(away);
        sender.post("/m", ContentFormat.COSE_ENCRYPT0, TestDevice.sealed(session, "1"));
        await().until(() -> harness.cloud.mailboxes.of("d-2").size() == 2);
        assertThat(away.inbox(0)).isEmpty();

        away.ticket();

        await().until(() -> away.inbox(0).size() == 2);
    }

    @Test
    void aLeaveActsOnTheNextRequestAndEndsTheConnection() throws Exception {
        TestDevice device = harness.member("d-1");
        assertThat(device.get("/p").code()).isEqualTo(Code.CONTENT);

        CoapResponse left = device.post("/t", ContentFormat.COSE_SIGN, harness.network.leave("d-1", device.identity));

        assertThat(left.code()).isEqualTo(Code.CREATED);
        assertThat(device.get("/p").code()).isEqualTo(Code.FORBIDDEN);
        await().until(() -> harness.gateway().status().connections() == 0);
    }

    @Test
    void discoveryListsTheTree() throws Exception {
        String links = harness.member("d-1").get("/.well-known/core").payload().toUtf8();
        assertThat(links).contains("</h>", "</i>", "obs", "</m>;", "ct=\"16 18\"");
    }
}
