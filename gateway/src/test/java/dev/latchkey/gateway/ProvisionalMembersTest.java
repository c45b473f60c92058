package dev.latchkey.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.coap.ClientRequest;
import dev.latchkey.coap.CoapResponse;
import dev.latchkey.coap.Code;
import dev.latchkey.cose.StrictEcVerifier;
import dev.latchkey.envelope.SendingSession;
import dev.latchkey.gateway.harness.GatewayHarness;
import dev.latchkey.gateway.harness.TestDevice;
import dev.latchkey.protocol.ContentFormat;
import dev.latchkey.protocol.InboxEntry;
import dev.latchkey.protocol.Problem;
import dev.latchkey.protocol.ProvisionalAnswer;
import dev.latchkey.protocol.ProvisionalReceipt;
import dev.latchkey.protocol.ReturnedNotice;
import dev.latchkey.transaction.Identity;
import dev.latchkey.transaction.MemberRecord;
import dev.latchkey.transaction.SignedTransaction;
import dev.latchkey.transaction.Voucher;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProvisionalMembersTest {
    private static final int READING = ContentFormat.COSE_ENCRYPT0;
    private static final int RECEIPT = ContentFormat.COSE_SIGN1;
    private static final int FINAL = ContentFormat.CBOR;

    @TempDir
    Path directory;

    private GatewayHarness harness;

    private void start(String... settings) throws Exception {
        String[] all = java.util.Arrays.copyOf(settings, settings.length + 1);
        all[settings.length] = "provisional.allowed = true";
        harness = new GatewayHarness(directory, all);
    }

    @AfterEach
    void stop() throws Exception {
        harness.close();
    }

    /** A join on its way, by a voucher of its own. */
    private record Joining(TestDevice holder, Identity identity, Bytes transaction, String path) {
        CoapResponse post() throws Exception {
            return holder.post("/t", ContentFormat.COSE_SIGN, transaction);
        }
    }

    private Joining joining(String name) throws Exception {
        return joining(name, Identity.generate(harness.network.random), harness.network.voucher("d-*", 1));
    }

    private Joining joining(String name, Identity identity, Voucher voucher) throws Exception {
        Bytes join = harness.network.join(name, identity, voucher);
        String id = SignedTransaction.decode(join).id(harness.network.chain).toHex();
        return new Joining(harness.holder(voucher), identity, join, "/t/" + id);
    }

    /** A provisional member, connected by its own key. */
    private TestDevice provisional(String name) throws Exception {
        Joining joining = joining(name);
        assertThat(joining.post().contentFormat()).hasValue(RECEIPT);
        return harness.connect(name, joining.identity());
    }

    private static void assertRefused(CoapResponse answer, String code) throws Exception {
        assertThat(TestDevice.code(answer)).isEqualTo(code);
    }

    @Test
    void waitsOverARestartTalksHereAndBecomesFinal() throws Exception {
        start();
        TestDevice neighbour = harness.served("n-1");
        await().until(() -> harness.gateway().status().outboxMessages() == 0);
        harness.cloud.stop();
        Joining joining = joining("d-1");

        CoapResponse taken = joining.post();

        assertThat(harness.gateway().status().provisionalJoins()).isEqualTo(1);
        assertThat(taken.code()).isEqualTo(Code.CREATED);
        assertThat(String.join("/", taken.locationPath()))
                .isEqualTo(joining.path().substring(1));
        ProvisionalReceipt receipt = ProvisionalReceipt.decode(taken.payload());
        assertThat(receipt.name()).isEqualTo("d-1");
        assertThat(receipt.chain()).isEqualTo(harness.network.chain);
        assertThat(receipt.signedBy(harness.network.gateway.sig().publicKey(), StrictEcVerifier.bouncy()))
                .isTrue();
        assertThat(joining.post().payload()).isEqualTo(taken.payload());

        harness.restartGateway();

        TestDevice device = harness.connect("d-1", joining.identity());
        assertThat(device.get(joining.path()).payload()).isEqualTo(taken.payload());
        neighbour = harness.reconnect(neighbour);
        ProvisionalAnswer answer =
                ProvisionalAnswer.decode(neighbour.get("/k/d-1").payload());
        assertThat(answer.receipt().encode()).isEqualTo(taken.payload());
        assertThat(answer.record().keys()).isEqualTo(joining.identity().keys());
        assertThat(neighbour
                        .send(ClientRequest.get("/k/d-1").withQuery("p", 1))
                        .payload()
                        .get(1))
                .as("absence")
                .isEqualTo((byte) 0xf6);
        assertRefused(device.ticket(), "not-a-member");

        BlockingQueue<CoapResponse> outcome = device.observe(joining.path());
        assertThat(outcome.poll(30, TimeUnit.SECONDS).contentFormat()).hasValue(RECEIPT);
        SendingSession session = device.session(neighbour);
        Bytes reading = TestDevice.sealed(session, "1");
        assertThat(device.post("/m", READING, reading).code()).isEqualTo(Code.CHANGED);
        SendingSession back = neighbour.session(device);
        assertThat(neighbour.post("/m", READING, TestDevice.sealed(back, "2")).code())
                .isEqualTo(Code.CHANGED);
        assertThat(device.inbox(0)).hasSize(2);
        assertThat(harness.gateway().status().outboxMessages()).isZero();

        harness.cloud.start();

        CoapResponse end = outcome.poll(30, TimeUnit.SECONDS);
        assertThat(end.contentFormat()).hasValue(FINAL);
        await().until(() -> device.ticket().code().isSuccess());
        MemberRecord record = MemberRecord.decode(device.get("/k/d-1").payload());
        assertThat(record.id()).isEqualTo(answer.record().id());
        assertThat(harness.gateway().status().provisionalJoins()).isZero();
        assertRefused(device.post("/m", READING, TestDevice.sealed(session, "3")), "session-ended");
        assertRefused(neighbour.post("/m", READING, TestDevice.sealed(back, "4")), "session-ended");
        assertThat(neighbour.inbox(0)).extracting(InboxEntry::message).contains(reading);
        assertThat(device.inbox(0)).hasSize(2);
        SendingSession anew = device.session(neighbour);
        assertThat(device.post("/m", READING, TestDevice.sealed(anew, "5")).code())
                .isEqualTo(Code.CHANGED);
        await().until(() -> harness.cloud.mailboxes.of("n-1").size() == 2);
    }

    @Test
    void theChainsNameWinsAndWhatWasNotReadGoesBack() throws Exception {
        start();
        TestDevice neighbour = harness.served("n-1");
        TestDevice reader = harness.served("n-2");
        harness.cloud.stop();
        Joining joining = joining("d-1");
        joining.post();
        TestDevice device = harness.connect("d-1", joining.identity());
        SendingSession unread = device.session(neighbour);
        device.post("/m", READING, TestDevice.sealed(unread, "unread"));
        SendingSession read = device.session(reader);
        device.post("/m", READING, TestDevice.sealed(read, "read"));
        assertThat(reader.inbox(0)).hasSize(2);
        reader.acknowledge(2);
        SendingSession toDevice = neighbour.session(device);
        for (int i = 0; i < 3; i++) {
            neighbour.post("/m", READING, TestDevice.sealed(toDevice, "" + i));
        }
        device.acknowledge(2);
        assertThat(neighbour.inbox(0)).hasSize(2);
        BlockingQueue<CoapResponse> outcome = device.observe(joining.path());
        assertThat(outcome.poll(30, TimeUnit.SECONDS).contentFormat()).hasValue(RECEIPT);
        harness.network.order(harness.network.join(
                "d-1", Identity.generate(harness.network.random), harness.network.voucher("d-1", 1)));

        harness.cloud.start();

        Problem end = Problem.decode(outcome.poll(30, TimeUnit.SECONDS).payload());
        assertThat(end).isEqualTo(new Problem("provisional-refused", "name-taken"));
        List<InboxEntry> left = neighbour.inbox(0);
        assertThat(left).hasSize(1);
        assertThat(left.get(0).sender()).isEqualTo("d-1");
        assertThat(left.get(0).session()).isEqualTo(toDevice.sessionId());
        assertThat(left.get(0).contentFormat()).isEqualTo(ContentFormat.CBOR);
        assertThat(ReturnedNotice.decode(left.get(0).message()))
                .isEqualTo(new ReturnedNotice(
                        "provisional-refused", "name-taken", List.of(new ReturnedNotice.Range(1, 2))));
        assertRefused(device.post("/m", READING, TestDevice.sealed(read, "more")), "provisional-refused");
        assertRefused(device.get("/i"), "provisional-refused");
        assertRefused(device.get("/k/n-1"), "provisional-refused");
        assertThat(Problem.decode(device.get(joining.path()).payload())).isEqualTo(end);
        assertThat(Problem.decode(joining.holder().get(joining.path()).payload()))
                .isEqualTo(end);
        assertRefused(neighbour.post("/m", READING, TestDevice.sealed(toDevice, "late")), "session-ended");
        MemberRecord other = MemberRecord.decode(neighbour.get("/k/d-1").payload());
        assertThat(other.keys()).isNotEqualTo(joining.identity().keys());
        harness.restartGateway();
        TestDevice again = harness.connect("d-1", joining.identity());
        assertThat(Problem.decode(again.get(joining.path()).payload())).isEqualTo(end);
        assertRefused(again.get("/h"), "provisional-refused");
    }

    @Test
    void theFirstOfTwoGetsTheNameAndNothingLeavesTheGateway() throws Exception {
        start("provisional.joins = 3", "provisional.sessions = 2");
        TestDevice here = harness.served("n-1");
        TestDevice elsewhere = harness.member("n-2");
        Voucher two = harness.network.voucher("d-*", 2);
        harness.cloud.order(harness.network.join("d-0", Identity.generate(harness.network.random), two));
        harness.awaitHeight(harness.network);
        harness.cloud.stop();
        Joining first = joining("d-1", Identity.generate(harness.network.random), two);
        assertThat(first.post().contentFormat()).hasValue(RECEIPT);

        assertRefused(joining("d-1").post(), "name-taken");
        assertRefused(
                joining("d-2", first.identity(), harness.network.voucher("d-*", 1))
                        .post(),
                "key-reused");
        assertRefused(
                joining("d-3", Identity.generate(harness.network.random), two).post(), "voucher-used-up");
        assertRefused(joining("d-0").post(), "name-taken");

        TestDevice device = harness.connect("d-1", first.identity());
        assertRefused(device.post("/m", RECEIPT, device.open(elsewhere).opener()), "not-served-here");
        assertRefused(here.post("/m", RECEIPT, here.open(device, elsewhere).opener()), "not-served-here");
        TestDevice second = provisional("d-4");
        assertThat(device.session(second, here)).isNotNull();
        assertThat(here.session(device)).isNotNull();
        assertRefused(here.post("/m", RECEIPT, here.open(device).opener()), "overloaded");
        assertThat(second.inbox(0)).hasSize(1);
        provisional("d-5");
        assertRefused(joining("d-6").post(), "cloud-away");

        harness.cloud.start();
        await().until(() -> device.ticket().code().isSuccess());
        await().until(() -> second.ticket().code().isSuccess());
        assertThat(harness.cloud.mailboxes.batches()).isZero();
    }

    @Test
    void aVoucherUsedUpMeanwhileAndTimeRefuseToo() throws Exception {
        start();
        Voucher voucher = harness.network.voucher("d-*", 1);
        harness.cloud.stop();
        Joining late = joining("d-1", Identity.generate(harness.network.random), voucher);
        late.post();
        TestDevice device = harness.connect("d-1", late.identity());
        assertThat(device.get("/k/d-1").code()).isEqualTo(Code.CONTENT);
        harness.network.order(harness.network.join("d-2", Identity.generate(harness.network.random), voucher));
        harness.cloud.start();
        await().until(() -> device.get(late.path()).code().equals(Code.FORBIDDEN));
        assertThat(Problem.decode(device.get(late.path()).payload()).detail()).isEqualTo("voucher-used-up");
        assertRefused(late.post(), "voucher-used-up");
        assertThat(late.holder().get("/t/" + "00".repeat(32)).code()).isEqualTo(Code.NOT_FOUND);
    }

    @Test
    void aJoinThatWaitsTooLongIsRefused() throws Exception {
        start("provisional.life = 1 ms", "provisional.outcomes = 1");
        harness.cloud.stop();
        Joining first = joining("d-1");
        first.post();
        await().until(() -> first.holder().get(first.path()).code().equals(Code.FORBIDDEN));
        assertThat(Problem.decode(first.holder().get(first.path()).payload()).detail())
                .isEqualTo("provisional-expired");
        assertRefused(first.post(), "provisional-expired");
        Joining second = joining("d-2");
        second.post();
        await().until(() -> second.holder().get(second.path()).code().equals(Code.FORBIDDEN));
        assertRefused(first.holder().get(first.path()), "unknown-transaction");
    }
}
