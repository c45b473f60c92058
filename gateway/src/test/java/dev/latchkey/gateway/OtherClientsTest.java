package dev.latchkey.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.checkpoint.SignedCheckpoint;
import dev.latchkey.coap.ClientRequest;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.envelope.Opened;
import dev.latchkey.gateway.harness.CoapClientTool;
import dev.latchkey.gateway.harness.CoapClientTool.Run;
import dev.latchkey.gateway.harness.GatewayHarness;
import dev.latchkey.gateway.harness.TestDevice;
import dev.latchkey.protocol.Enrolment;
import dev.latchkey.protocol.InboxEntry;
import dev.latchkey.transaction.Identity;
import dev.latchkey.transaction.MemberRecord;
import dev.latchkey.transaction.Voucher;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What gateway/README.md's table says of other people's clients: libcoap on GnuTLS and on OpenSSL, and OpenSSL itself. */
class OtherClientsTest {
    private static final Bytes GET_LINKS = Bytes.concat(
            Bytes.fromHex("40011234bb"), Bytes.utf8(".well-known"), Bytes.fromHex("04"), Bytes.utf8("core"));

    @TempDir
    Path directory;

    private GatewayHarness harness;
    private CoapClientTool tool;

    @BeforeEach
    void start() throws Exception {
        for (String program : new String[] {CoapClientTool.GNUTLS, CoapClientTool.OPENSSL, "openssl"}) {
            assumeTrue(
                    CoapClientTool.isInstalled(program),
                    program + " is not here: apt-get install libcoap3-bin openssl");
        }
        harness = new GatewayHarness(directory.resolve("gateway"));
        tool = new CoapClientTool(directory, harness.gateway().address().getPort());
    }

    @AfterEach
    void stop() throws Exception {
        if (harness != null) {
            harness.close();
        }
    }

    @Test
    void libcoapWithARawPublicKeyAsksForAllThatAMemberCan() throws Exception {
        TestDevice member = harness.served("d-1");
        String key = tool.pem(member.identity.dtls()).toString();

        String links = asMember(key, "/.well-known/core").body().toUtf8();
        assertThat(links).contains("</h>;", "rt=\"latchkey.inbox\"");
        String some =
                asMember(key, "/.well-known/core?rt=latchkey.inbox").body().toUtf8();
        assertThat(some).startsWith("</i>;").doesNotContain("</h>");
        assertThat(asMember(key, "/.well-known/core", "-b", "64").body().toUtf8())
                .as("in blocks of 64 bytes")
                .isEqualTo(links);

        SignedCheckpoint checkpoint =
                SignedCheckpoint.decode(asMember(key, "/h").body());
        assertThat(checkpoint.checkpoint().chain()).isEqualTo(harness.network.chain);
        assertThat(MemberRecord.decode(asMember(key, "/k/d-1").body()).keys().dtls())
                .isEqualTo(member.identity.dtls().publicKey());
        long height = checkpoint.checkpoint().height();
        ClientRequest proof = ClientRequest.get("/k/d-1").withQuery("p", 1).withQuery("h", height);
        assertThat(asMember(key, "/k/d-1?p=1&h=" + height).body())
                .isEqualTo(member.send(proof).payload());
        assertThat(asMember(key, "/k/d-9").output()).contains("4.04");
    }

    @Test
    void libcoapSendsACapturedOpenerAndReadingAndObservesItsInbox() throws Exception {
        TestDevice sender = harness.served("d-1");
        TestDevice recipient = harness.served("d-2");
        String sending = tool.pem(sender.identity.dtls()).toString();
        String receiving = tool.pem(recipient.identity.dtls()).toString();
        Opened opened = sender.open(recipient);
        Bytes reading = TestDevice.sealed(opened.session(), "21.5");

        CompletableFuture<Run> observing = CompletableFuture.supplyAsync(() -> {
            try {
                return tool.coap(CoapClientTool.GNUTLS, "/i", "-M", receiving, "-s", "4");
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        await().until(() -> harness.gateway().status().coap().observations() == 1);
        post(sending, "18", opened.opener());
        post(sending, "16", reading);

        assertThat(recipient.inbox(0)).extracting(InboxEntry::message).containsExactly(opened.opener(), reading);
        Bytes heard = observing.join().body();
        assertThat(InboxEntry.decodeSequence(heard))
                .extracting(InboxEntry::message)
                .as("what the notifications brought")
                .contains(opened.opener(), reading);
    }

    @Test
    void libcoapWithAnUnknownKeyIsRefusedInTheHandshake() throws Exception {
        Run refused =
                asMember(tool.pem(KeyPair.generate(harness.network.random)).toString(), "/h");
        assertThat(refused.output()).contains("Alert '42'");
        assertThat(refused.body().isEmpty()).isTrue();
    }

    @Test
    void libcoapWithASelfSignedCertificateIsTheMemberWhoseKeyItHolds() throws Exception {
        TestDevice member = harness.member("d-1");
        for (String program : new String[] {CoapClientTool.GNUTLS, CoapClientTool.OPENSSL}) {
            Run run = tool.coap(
                    program,
                    "/k/d-1",
                    "-c",
                    tool.certificate(member.identity.dtls()).toString(),
                    "-j",
                    tool.pem(member.identity.dtls()).toString(),
                    "-n");
            assertThat(run.body())
                    .as(run.output())
                    .isEqualTo(member.get("/k/d-1").payload());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {CoapClientTool.GNUTLS, CoapClientTool.OPENSSL})
    void libcoapJoinsWithAVouchersPreSharedKey(String program) throws Exception {
        Voucher voucher = voucher();
        Identity identity = Identity.generate(harness.network.random);
        Bytes join = harness.network.join("d-1", identity, voucher);
        Run joined = tool.coapWithPsk(
                program,
                "/t",
                Enrolment.identity(voucher.id(), harness.network.randomBytes(4)),
                psk(voucher),
                "-m",
                "post",
                "-t",
                "98",
                "-f",
                tool.file(join).toString());
        assertThat(joined.body().isEmpty()).as(joined.output()).isFalse();
        assertThat(harness.network.state().member("d-1")).isPresent();
        assertThat(tool.coapWithPsk(
                                program,
                                "/k/d-1",
                                Enrolment.identity(voucher.id(), Bytes.fromHex("00000001")),
                                psk(voucher))
                        .output())
                .as("a voucher opens nothing else")
                .contains("4.03");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ECDHE-ECDSA-AES128-CCM8",
                "ECDHE-ECDSA-AES128-GCM-SHA256",
                "PSK-AES128-CCM8",
                "PSK-AES128-GCM-SHA256"
            })
    void opensslSpeaksEachSuite(String suite) throws Exception {
        String answer;
        if (suite.startsWith("PSK")) {
            Voucher voucher = voucher();
            answer = tool.openssl(
                    GET_LINKS,
                    "latchkey.checkpoint",
                    "-cipher",
                    suite + ":@SECLEVEL=0",
                    "-psk_identity",
                    Enrolment.identity(voucher.id(), Bytes.fromHex("00000001")),
                    "-psk",
                    psk(voucher).toHex());
        } else {
            KeyPair key = harness.member("d-1").identity.dtls();
            answer = tool.openssl(
                    GET_LINKS,
                    "latchkey.checkpoint",
                    "-cipher",
                    suite + ":@SECLEVEL=0",
                    "-cert",
                    tool.certificate(key).toString(),
                    "-key",
                    tool.pem(key).toString());
        }
        assertThat(answer).contains("latchkey.checkpoint").contains("Cipher is " + suite);
    }

    private Run asMember(String key, String path, String... more) throws Exception {
        String[] arguments = new String[more.length + 2];
        arguments[0] = "-M";
        arguments[1] = key;
        System.arraycopy(more, 0, arguments, 2, more.length);
        return tool.coap(CoapClientTool.GNUTLS, path, arguments);
    }

    private void post(String key, String contentFormat, Bytes body) throws Exception {
        Run run = asMember(
                key,
                "/m",
                "-m",
                "post",
                "-t",
                contentFormat,
                "-f",
                tool.file(body).toString());
        assertThat(run.output()).contains("2.04");
    }

    private Bytes psk(Voucher voucher) {
        return Enrolment.presharedKey(harness.network.enrolmentSecret, voucher.id());
    }

    /** One whose key a command line can take: no byte is 0, the last is no line feed. */
    private Voucher voucher() {
        while (true) {
            Voucher voucher = harness.network.voucher("d-*", 1);
            String psk = psk(voucher).toHex();
            if (!psk.matches("(..)*00(..)*") && !psk.endsWith("0a")) {
                return voucher;
            }
        }
    }
}
