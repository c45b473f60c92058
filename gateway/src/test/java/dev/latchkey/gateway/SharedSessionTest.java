package dev.latchkey.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.coap.Code;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.cose.StrictEcVerifier;
import dev.latchkey.envelope.Accepted;
import dev.latchkey.envelope.ChainContext;
import dev.latchkey.envelope.DigestLog;
import dev.latchkey.envelope.Opened;
import dev.latchkey.envelope.OpenerVerifier;
import dev.latchkey.envelope.Receiver;
import dev.latchkey.envelope.Sealed;
import dev.latchkey.gateway.harness.GatewayHarness;
import dev.latchkey.gateway.harness.TestDevice;
import dev.latchkey.protocol.ContentFormat;
import dev.latchkey.protocol.InboxEntry;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sessions of several recipients, in which each of them sends, and what senders sign about their readings. */
class SharedSessionTest {
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
    void whatARecipientSendsReachesTheAuthorAndTheOtherRecipients() throws Exception {
        TestDevice ann = harness.served("d-1");
        TestDevice bob = harness.served("d-2");
        TestDevice cyd = harness.served("d-3");
        var under = ann.checkpoint().checkpoint();
        ChainContext context =
                new ChainContext(harness.network.chain, harness.network.chainName, under.height(), under.blockHash());
        Opened opened = ann.open(context, bob, cyd);
        assertThat(ann.post("/m", ContentFormat.COSE_SIGN1, opened.opener()).code())
                .isEqualTo(Code.CHANGED);
        CoseKey annSig = ann.identity.sig().publicKey();
        Accepted bobs = new Receiver("d-2", bob.identity.kex())
                .accept(
                        OpenerVerifier.verify(opened.opener(), context, "d-1", annSig, StrictEcVerifier.bouncy()),
                        Instant.now(),
                        Instant.now(),
                        state -> {});

        Sealed sealed = bobs.own().seal(Bytes.utf8("21.5"));
        assertThat(bob.post("/m", ContentFormat.COSE_ENCRYPT0, sealed.message()).code())
                .isEqualTo(Code.CHANGED);

        assertThat(last(cyd).message()).isEqualTo(sealed.message());
        assertThat(last(cyd).sender()).isEqualTo("d-2");
        assertThat(ann.inbox(0)).extracting(InboxEntry::message).containsExactly(sealed.message());
        assertThat(bob.inbox(0)).extracting(InboxEntry::sender).containsExactly("d-1");
        await().until(() -> harness.cloud.mailboxes.of("d-1").size() == 1);
    }

    private static InboxEntry last(TestDevice device) throws Exception {
        List<InboxEntry> entries = device.inbox(0);
        return entries.get(entries.size() - 1);
    }

    @Test
    void aDigestGoesWhereItsReadingsWent() throws Exception {
        TestDevice sender = harness.served("d-1");
        TestDevice recipient = harness.served("d-2");
        var session = sender.session(recipient);
        DigestLog log = new DigestLog(session.sessionId());
        for (int i = 0; i < 3; i++) {
            Sealed sealed = session.seal(Bytes.utf8("1"));
            sender.post("/m", ContentFormat.COSE_ENCRYPT0, sealed.message());
            log.acknowledged(sealed.partialIv(), sealed.message());
        }
        Bytes digest = log.sign(sender.identity.sig());

        assertThat(post(sender, digest)).isEqualTo("2.04");
        assertThat(post(sender, digest)).as("again").isEqualTo("2.04");

        assertThat(recipient.inbox(0)).hasSize(5);
        assertThat(last(recipient).message()).isEqualTo(digest);
        log.acknowledged(0, Bytes.utf8("something else"));
        assertThat(post(sender, log.sign(sender.identity.sig()))).isEqualTo("counter-reused");
        assertThat(recipient.inbox(0)).hasSize(5);
    }

    @Test
    void aDigestThatIsNotItsSendersChangesNothing() throws Exception {
        TestDevice sender = harness.served("d-1");
        TestDevice recipient = harness.served("d-2");
        TestDevice other = harness.served("d-3");
        var session = sender.session(recipient);
        assertThat(post(sender, digest(session.sessionId(), other))).isEqualTo("wrong-sender");
        assertThat(post(other, digest(session.sessionId(), other))).isEqualTo("wrong-sender");
        assertThat(post(sender, digest(dev.latchkey.bytes.Digest.ZERO, sender))).isEqualTo("unknown-session");
        byte[] broken = digest(session.sessionId(), sender).toArray();
        broken[broken.length - 1] ^= 1;
        assertThat(post(sender, Bytes.wrap(broken))).isEqualTo("bad-signature");
        assertThat(post(sender, Bytes.utf8("no digest"))).isEqualTo("malformed");
        assertThat(post(sender, Bytes.wrap(new byte[513]))).isEqualTo("too-large");
        assertThat(TestDevice.code(
                        sender.post("/m/d", ContentFormat.COSE_ENCRYPT0, digest(session.sessionId(), sender))))
                .isEqualTo("unsupported-format");
        TestDevice unserved = harness.member("d-4");
        assertThat(post(unserved, digest(session.sessionId(), unserved))).isEqualTo("no-ticket");
        assertThat(recipient.inbox(0)).hasSize(1);
    }

    private static Bytes digest(dev.latchkey.bytes.Digest session, TestDevice signer) {
        DigestLog log = new DigestLog(session);
        log.acknowledged(0, Bytes.utf8("reading"));
        return log.sign(signer.identity.sig());
    }

    private static String post(TestDevice from, Bytes digest) throws Exception {
        var answer = from.post("/m/d", ContentFormat.COSE_SIGN1, digest);
        return answer.code().isSuccess() ? answer.code().toString() : TestDevice.code(answer);
    }
}
