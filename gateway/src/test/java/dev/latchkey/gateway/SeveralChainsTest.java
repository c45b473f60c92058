package dev.latchkey.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.coap.ClientRequest;
import dev.latchkey.coap.CoapResponse;
import dev.latchkey.coap.Code;
import dev.latchkey.console.UsageFault;
import dev.latchkey.envelope.SendingSession;
import dev.latchkey.gateway.admin.ChainStatus;
import dev.latchkey.gateway.harness.GatewayHarness;
import dev.latchkey.gateway.harness.TestCloud;
import dev.latchkey.gateway.harness.TestDevice;
import dev.latchkey.gateway.harness.TestGateway;
import dev.latchkey.gateway.harness.TestNetwork;
import dev.latchkey.gateway.settings.GatewaySettings.NamedChain;
import dev.latchkey.protocol.ContentFormat;
import dev.latchkey.protocol.InboxEntry;
import dev.latchkey.protocol.JoinTicket;
import dev.latchkey.transaction.Identity;
import dev.latchkey.transaction.Join;
import dev.latchkey.transaction.MemberState;
import dev.latchkey.transaction.Role;
import dev.latchkey.transaction.Voucher;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One gateway for two sub-networks, and members that move from one to the other. */
class SeveralChainsTest {
    private static final int READING = ContentFormat.COSE_ENCRYPT0;

    @TempDir
    Path directory;

    private TestNetwork seattle;
    private TestNetwork tacoma;
    private GatewayHarness harness;

    @BeforeEach
    void start() throws Exception {
        seattle = new TestNetwork();
        tacoma = new TestNetwork("tacoma", seattle);
        seattle.befriend(tacoma);
        tacoma.befriend(seattle);
        harness =
                new GatewayHarness(directory.resolve("one"), List.of(seattle, tacoma), new TestCloud(seattle, tacoma));
    }

    @AfterEach
    void stop() throws Exception {
        harness.close();
    }

    @Test
    void aRequestIsAboutThePeersOwnChainUnlessItNamesAnother() throws Exception {
        TestDevice here = harness.member(seattle, "d-1");
        TestDevice there = harness.member(tacoma, "d-1");
        assertThat(here.get("/h").payload())
                .isEqualTo(at(there, "/h", "seattle").payload());
        assertThat(there.get("/h").payload()).isEqualTo(at(here, "/h", "tacoma").payload());
        assertThat(here.get("/k/d-1").payload())
                .isNotEqualTo(there.get("/k/d-1").payload());
        assertThat(TestDevice.code(at(here, "/h", "olympia"))).isEqualTo("unknown-chain");
        assertThat(harness.gateway().status().chains())
                .extracting(ChainStatus::members)
                .containsExactly(3L, 3L);
    }

    @Test
    void rawBlocksAreForThoseWithARoleInThatVeryChain() throws Exception {
        TestDevice admin = harness.connect(seattle, "admin", seattle.admin);
        TestDevice gateway = harness.connect(seattle, "gateway", seattle.gateway);
        assertThat(admin.get("/b/0").code()).isEqualTo(Code.CONTENT);
        assertThat(TestDevice.code(at(admin, "/b/0", "tacoma"))).isEqualTo("not-allowed");
        assertThat(at(gateway, "/b/0", "tacoma").payload())
                .isEqualTo(tacoma.blocksFrom(0).get(0));
    }

    @Test
    void aReadingGoesToAMemberOfAnotherServedChain() throws Exception {
        TestDevice sender = harness.served(seattle, "d-1");
        TestDevice recipient = harness.served(tacoma, "d-1");
        SendingSession session = sender.session(recipient);
        Bytes reading = TestDevice.sealed(session, "21.5");
        assertThat(sender.post("/m", READING, reading).code()).isEqualTo(Code.CHANGED);
        assertThat(recipient.inbox(0)).extracting(InboxEntry::message).contains(reading);
        await().until(() -> harness.gateway().status().outboxMessages() == 0);
        assertThat(harness.cloud.mailboxes.of("d-1@tacoma")).hasSize(2);
        assertThat(sender.inbox(0)).isEmpty();
    }

    /** Its name is free to choose: that of the session's author, say. */
    @Test
    void aRecipientInAnotherChainSendsNothingInTheSession() throws Exception {
        TestDevice sender = harness.served(seattle, "d-1");
        TestDevice recipient = harness.served(seattle, "d-2");
        TestDevice namesake = harness.served(tacoma, "d-1");
        SendingSession session = sender.session(recipient, namesake);
        Bytes forged = TestDevice.sealed(session, "forged");

        assertThat(TestDevice.code(namesake.post("/m", READING, forged))).isEqualTo("wrong-sender");

        assertThat(recipient.inbox(0)).hasSize(1);
        Bytes reading = TestDevice.sealed(session, "21.5");
        assertThat(sender.post("/m", READING, reading).code()).isEqualTo(Code.CHANGED);
    }

    @Test
    void whoMovesMayFinishThatAndNothingElse() throws Exception {
        TestDevice recipient = harness.served(seattle, "d-2");
        TestDevice mover = harness.served(seattle, "d-1");
        SendingSession session = mover.session(recipient);

        CoapResponse out = mover.post("/t", ContentFormat.COSE_SIGN, out(mover));

        assertThat(out.code()).isEqualTo(Code.CREATED);
        CoapResponse late = mover.post("/m", READING, TestDevice.sealed(session, "late"));
        assertThat(TestDevice.code(late)).isEqualTo("not-a-member");
        assertThat(mover.get("/i").code()).isEqualTo(Code.FORBIDDEN);
        assertThat(mover.ticket().code()).isEqualTo(Code.FORBIDDEN);
        assertThat(mover.get("/k/d-1").code()).isEqualTo(Code.CONTENT);
        assertThat(mover.get("/g").code()).isEqualTo(Code.CONTENT);
        assertThat(mover.get("/b/0").code()).isEqualTo(Code.FORBIDDEN);
        TestDevice again = harness.connect(seattle, "d-1", mover.identity);
        assertThat(again.get("/h").code()).isEqualTo(Code.CONTENT);
        assertThat(recipient.inbox(0)).hasSize(1);
    }

    /** Sends a relocate-out with a deadline that is soon over, later if it comes too late for that; returns it. */
    private long movesOut(TestDevice mover) throws Exception {
        for (long millis = 500; ; millis *= 2) {
            long deadline = System.currentTimeMillis() + millis;
            CoapResponse answer = mover.post(
                    "/t", ContentFormat.COSE_SIGN, seattle.relocateOut("d-1", mover.identity, tacoma, "d-9", deadline));
            if (answer.code().equals(Code.CREATED)) {
                return deadline;
            }
            assertThat(TestDevice.code(answer)).isEqualTo("deadline");
        }
    }

    @Test
    void whoIsNotTakenInStaysOnTheSameConnection() throws Exception {
        TestDevice mover = harness.served(seattle, "d-1");
        long deadline = movesOut(mover);
        assertThat(mover.get("/i").code()).isEqualTo(Code.FORBIDDEN);
        await().until(() -> System.currentTimeMillis() > deadline);
        harness.member(tacoma, "d-2");
        Bytes cancel = seattle.relocateCancel("d-1", mover.identity, tacoma.carried("d-9"));
        assertThat(mover.post("/t", ContentFormat.COSE_SIGN, cancel).code()).isEqualTo(Code.CREATED);
        assertThat(mover.get("/i").code()).isEqualTo(Code.CONTENT);
        assertThat(harness.gateway().status().connections()).isEqualTo(1);
    }

    @Test
    void aJoinGoesToTheChainThatItIsForAndItsKeyOpensNothingElse() throws Exception {
        Voucher voucher = tacoma.voucher("*", 1);
        Bytes byVoucher = tacoma.join("d-1", Identity.generate(tacoma.random), voucher);
        assertThat(harness.holder(voucher)
                        .post("/t", ContentFormat.COSE_SIGN, byVoucher)
                        .code())
                .isEqualTo(Code.CREATED);
        Identity identity = Identity.generate(tacoma.random);
        Join join = new Join("d-2", 1, Role.MEMBER, identity.keys(), Optional.empty(), Optional.empty());
        TestDevice holder = harness.holder(JoinTicket.enrolmentId(tacoma.chain, join));
        assertThat(holder.post("/t", ContentFormat.COSE_SIGN, tacoma.joinOfBatch(join, identity))
                        .code())
                .isEqualTo(Code.CREATED);
        Join other = new Join("d-3", 1, Role.MEMBER, identity.keys(), Optional.empty(), Optional.empty());
        assertThat(TestDevice.code(holder.post("/t", ContentFormat.COSE_SIGN, tacoma.joinOfBatch(other, identity))))
                .isEqualTo("not-allowed");
        assertThat(tacoma.state().memberCount()).isEqualTo(4);
    }

    @Test
    void whatIsSentBeforeDuringAndAfterAMoveArrivesOnce() throws Exception {
        TestDevice sender = harness.served(seattle, "d-2");
        TestDevice mover = harness.served(seattle, "d-1");
        SendingSession session = sender.session(mover);
        List<Bytes> sent = new ArrayList<>();
        sent.add(reading(sender, session, "before"));

        assertThat(mover.post("/t", ContentFormat.COSE_SIGN, out(mover)).code()).isEqualTo(Code.CREATED);
        sent.add(reading(sender, session, "during"));
        Bytes in = tacoma.relocateIn("d-9", mover.identity, seattle, "d-1", seattle.carried("d-1"));
        CoapResponse arrived =
                mover.send(ClientRequest.post("/t", ContentFormat.COSE_SIGN, in).withQuery("n", "tacoma"));
        assertThat(arrived.code()).isEqualTo(Code.CREATED);
        TestDevice moved = harness.connect(tacoma, "d-9", mover.identity);
        assertThat(moved.get("/k/d-9").code()).isEqualTo(Code.CONTENT);
        sent.add(reading(sender, session, "there"));
        Bytes done = seattle.relocateDone("d-1", mover.identity, tacoma.carried("d-9"));
        assertThat(moved.send(ClientRequest.post("/t", ContentFormat.COSE_SIGN, done)
                                .withQuery("n", "seattle"))
                        .code())
                .isEqualTo(Code.CREATED);
        assertThat(seattle.state().member("d-1").orElseThrow().state())
                .isEqualTo(new MemberState.Moved(tacoma.chain, "d-9"));
        sent.add(reading(sender, session, "after"));
        SendingSession next = sender.session(moved);
        sent.add(reading(sender, next, "anew"));

        assertThat(moved.ticket().code()).isEqualTo(Code.CHANGED);
        await().until(() -> waiting(moved).size() >= sent.size() + 2);
        assertThat(readings(moved)).containsExactlyElementsOf(sent);
        await().until(() -> harness.cloud.mailboxes.of("d-1").size() == sent.size() + 2);

        TestGateway second = new TestGateway(directory.resolve("two"), List.of(tacoma), harness.cloud.address());
        try (GatewayNode elsewhere = second.inService();
                TestDevice there =
                        TestDevice.member("d-9", mover.identity, tacoma, elsewhere.address(), harness.threads())) {
            assertThat(there.ticket().code()).isEqualTo(Code.CHANGED);
            await().until(() -> waiting(there).size() >= sent.size() + 2);
            assertThat(readings(there)).containsExactlyElementsOf(sent);
        }
        assertThat(moved.acknowledge(sent.size() + 2).code()).isEqualTo(Code.DELETED);
        await().until(() -> harness.cloud.mailboxes.forgottenOf("d-1") == sent.size() + 2);
    }

    @Test
    void whoPutsTheGatewayOutOfOneChainDoesNotKeepItFromTheOthers() throws Exception {
        TestDevice member = harness.member(seattle, "d-1");
        harness.cloud.order(tacoma, tacoma.revoke("gateway", 2));
        await().until(() -> harness.gateway().status().chains().get(1).height()
                == tacoma.state().height());
        harness.restartGateway();
        assertThat(harness.connect(seattle, "d-1", member.identity).get("/h").code())
                .isEqualTo(Code.CONTENT);
    }

    @Test
    void aChainIsAddedWhileTheGatewayServesAnother() throws Exception {
        TestDevice here = harness.served(tacoma, "d-1");
        TestDevice recipient = harness.served(tacoma, "d-2");
        TestGateway second = new TestGateway(directory.resolve("two"), List.of(seattle), harness.cloud.address());
        try (GatewayNode node = second.inService()) {
            NamedChain added = new NamedChain(tacoma.chain, "tacoma");

            node.serve(added);

            await().until(() -> node.status().chains().size() == 2
                    && node.status().chains().get(1).checkpoint().orElse(-1)
                            == tacoma.state().height());
            try (TestDevice sender =
                    TestDevice.member("d-1", here.identity, tacoma, node.address(), harness.threads())) {
                assertThat(sender.ticket().code()).isEqualTo(Code.CHANGED);
                Bytes reading = reading(sender, sender.session(recipient), "21.5");
                await().until(() -> readings(recipient).equals(List.of(reading)));
            }
            assertThatThrownBy(() -> node.serve(added))
                    .isInstanceOf(UsageFault.class)
                    .hasMessageContaining("tacoma");
        }
    }

    private Bytes out(TestDevice mover) {
        return seattle.relocateOut("d-1", mover.identity, tacoma, "d-9");
    }

    private static CoapResponse at(TestDevice device, String path, String chain) throws Exception {
        return device.send(ClientRequest.get(path).withQuery("n", chain));
    }

    private static Bytes reading(TestDevice sender, SendingSession session, String text) throws Exception {
        Bytes reading = TestDevice.sealed(session, text);
        CoapResponse taken = sender.post("/m", READING, reading);
        assertThat(taken.code()).isEqualTo(Code.CHANGED);
        return reading;
    }

    private static List<InboxEntry> waiting(TestDevice device) throws Exception {
        List<InboxEntry> all = new ArrayList<>();
        List<InboxEntry> page = device.inbox(0);
        while (!page.isEmpty()) {
            all.addAll(page);
            page = device.inbox(page.get(page.size() - 1).u());
        }
        return all;
    }

    private static List<Bytes> readings(TestDevice device) throws Exception {
        return waiting(device).stream()
                .filter(entry -> entry.contentFormat() == READING)
                .map(InboxEntry::message)
                .toList();
    }
}
