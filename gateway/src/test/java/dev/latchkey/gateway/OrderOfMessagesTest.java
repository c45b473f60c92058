package dev.latchkey.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.coap.ClientRequest;
import dev.latchkey.coap.Code;
import dev.latchkey.envelope.SendingSession;
import dev.latchkey.gateway.harness.GatewayHarness;
import dev.latchkey.gateway.harness.TestCloud;
import dev.latchkey.gateway.harness.TestDevice;
import dev.latchkey.gateway.harness.TestNetwork;
import dev.latchkey.protocol.ContentFormat;
import dev.latchkey.protocol.InboxEntry;
import dev.latchkey.transaction.Identity;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That what a gateway has taken can be read by all it is for, whatever happens around it. */
class OrderOfMessagesTest {
    private static final int OPENER = ContentFormat.COSE_SIGN1;
    private static final int READING = ContentFormat.COSE_ENCRYPT0;

    @TempDir
    Path directory;

    @Test
    void aReadingIsNeverInAnInboxAheadOfItsOpener() throws Exception {
        try (GatewayHarness harness = new GatewayHarness(directory)) {
            TestDevice sender = harness.served("d-1");
            TestDevice late = harness.member("d-2");
            harness.cloud.stop();
            SendingSession session = sender.session(late);
            late.ticket();

            Bytes reading = TestDevice.sealed(session, "21.5");
            assertThat(sender.post("/m", READING, reading).code()).isEqualTo(Code.CHANGED);

            assertThat(late.inbox(0)).isEmpty();
            harness.cloud.start();
            await().until(() -> late.inbox(0).size() == 2);
            assertThat(late.inbox(0)).extracting(InboxEntry::contentFormat).containsExactly(OPENER, READING);
            sender.post("/m", READING, TestDevice.sealed(session, "21.6"));
            assertThat(late.inbox(0)).as("at once from now on").hasSize(3);
        }
    }

    /** Whoever wants a session that begins like one of somebody else's has it after 2^32 hashes. */
    @Test
    void aReadingOfASessionThatBeginsAlikeIsNotTaken() throws Exception {
        try (GatewayHarness harness = new GatewayHarness(directory)) {
            TestDevice sender = harness.served("d-1");
            SendingSession session = sender.session(harness.served("d-2"));
            Bytes reading = TestDevice.sealed(session, "1");
            String own = session.sessionId().toHex();
            String other = own.substring(0, 8) + Digest.ZERO.toHex().substring(8);

            assertThat(TestDevice.code(sender.send(of(reading, other)))).isEqualTo("unknown-session");
            assertThat(TestDevice.code(sender.send(of(reading, "no digest")))).isEqualTo("malformed");
            assertThat(sender.send(of(reading, own)).code()).isEqualTo(Code.CHANGED);
        }
    }

    private static ClientRequest of(Bytes reading, String session) {
        return ClientRequest.post("/m", READING, reading).withQuery("s", session);
    }

    @Test
    void aReadingThatWasTakenIsTakenAlsoWhenItsSessionIsOver() throws Exception {
        try (GatewayHarness harness = new GatewayHarness(directory)) {
            TestDevice sender = harness.served("d-1");
            TestDevice recipient = harness.served("d-2");
            SendingSession session = sender.session(recipient);
            Bytes taken = TestDevice.sealed(session, "1");
            assertThat(sender.post("/m", READING, taken).code()).isEqualTo(Code.CHANGED);
            harness.cloud.order(harness.network.leave("d-2", recipient.identity));
            harness.awaitHeight(harness.network);

            assertThat(sender.post("/m", READING, taken).code()).isEqualTo(Code.CHANGED);
            assertThat(TestDevice.code(sender.post("/m", READING, TestDevice.sealed(session, "2"))))
                    .isEqualTo("session-ended");
            assertThat(sender.post("/m", READING, taken).code()).isEqualTo(Code.CHANGED);
        }
    }

    /** A kex key has no proof of possession: anybody may have another's registered in a sibling chain. */
    @Test
    void sixteenRecipientsGetAReadingAlsoWhenSomebodyElseHasTheKeyOfOne() throws Exception {
        TestNetwork seattle = new TestNetwork();
        TestNetwork tacoma = new TestNetwork("tacoma", seattle);
        seattle.befriend(tacoma);
        tacoma.befriend(seattle);
        try (GatewayHarness harness =
                new GatewayHarness(directory, List.of(seattle, tacoma), new TestCloud(seattle, tacoma))) {
            TestDevice sender = harness.served(seattle, "d-0");
            List<TestDevice> recipients = new ArrayList<>();
            for (int i = 1; i <= 16; i++) {
                recipients.add(harness.member(seattle, "d-" + i));
            }
            Identity own = Identity.generate(tacoma.random);
            Identity copied = new Identity(own.sig(), recipients.get(0).identity.kex(), own.dtls());
            harness.cloud.order(tacoma, tacoma.join("d-99", copied, tacoma.voucher("d-99", 1)));
            harness.awaitHeight(tacoma);

            SendingSession session = sender.session(recipients.toArray(TestDevice[]::new));
            sender.post("/m", READING, TestDevice.sealed(session, "1"));

            await().until(() -> harness.gateway().status().outboxMessages() == 0);
            assertThat(harness.cloud.mailboxes.of("d-1")).hasSize(2);
            assertThat(harness.cloud.mailboxes.of("d-16")).hasSize(2);
        }
    }
}
