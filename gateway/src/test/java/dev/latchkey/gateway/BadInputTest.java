package dev.latchkey.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.coap.ClientRequest;
import dev.latchkey.coap.CoapResponse;
import dev.latchkey.coap.Code;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.envelope.ChainContext;
import dev.latchkey.envelope.Opened;
import dev.latchkey.envelope.SendingSession;
import dev.latchkey.gateway.admin.GatewayStatus;
import dev.latchkey.gateway.harness.GatewayHarness;
import dev.latchkey.gateway.harness.TestDevice;
import dev.latchkey.gateway.harness.TestNetwork;
import dev.latchkey.protocol.ContentFormat;
import dev.latchkey.protocol.ServeTicket;
import dev.latchkey.transaction.ChainId;
import dev.latchkey.transaction.Identity;
import dev.latchkey.transaction.Rotate;
import dev.latchkey.transaction.TransactionSigning;
import dev.latchkey.transaction.Voucher;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each thing a peer may do wrong gets its own problem, stores nothing and harms nobody. */
@Order(7)
class BadInputTest {
    private static final int READING = ContentFormat.COSE_ENCRYPT0;
    private static final int OPENER = ContentFormat.COSE_SIGN1;

    @TempDir
    Path directory;

    private GatewayHarness harness;
    private TestNetwork network;

    @BeforeEach
    void start() throws Exception {
        harness = new GatewayHarness(directory);
        network = harness.network;
    }

    @AfterEach
    void stop() throws Exception {
        harness.close();
    }

    @Test
    void anUnknownRawKeyIsRefusedInTheHandshake() throws Exception {
        TestDevice stranger = harness.connect("d-1", Identity.generate(network.random));
        assertThatThrownBy(() -> stranger.get("/p"))
                .satisfies(failure -> assertThat(failure.toString().toLowerCase(Locale.ROOT))
                        .containsAnyOf("bad_certificate", "bad certificate", "alert", "refused", "handshake"));
        assertThat(harness.gateway().status().connections()).isZero();
    }

    @Test
    void aHolderOfAVoucherReachesOnlyWhatEnrolmentNeeds() throws Exception {
        TestDevice holder = harness.holder(network.voucher("d-*", 1));
        assertThat(holder.get("/g").code()).isEqualTo(Code.CONTENT);
        assertThat(holder.get("/h").code()).isEqualTo(Code.CONTENT);
        assertThat(holder.get("/p").code()).isEqualTo(Code.CONTENT);
        for (String path : new String[] {"/k/gateway", "/i", "/b/0"}) {
            assertRefused(holder.get(path), Code.FORBIDDEN, "not-a-member");
        }
        assertRefused(holder.post("/m", READING, Bytes.EMPTY), Code.FORBIDDEN, "not-a-member");
        assertRefused(holder.post("/s", OPENER, Bytes.EMPTY), Code.FORBIDDEN, "not-a-member");
    }

    @Test
    void aHolderOfAVoucherMayOnlyJoinByThatVoucher() throws Exception {
        Voucher own = network.voucher("d-*", 1);
        Voucher other = network.voucher("d-*", 1);
        Bytes join = network.join("d-1", Identity.generate(network.random), other);
        assertRefused(harness.holder(own).post("/t", ContentFormat.COSE_SIGN, join), Code.FORBIDDEN, "not-allowed");
    }

    @Test
    void aStaleVoucherIsRefused() throws Exception {
        assertJoinRefused(
                network.voucher("d-*", 1, Instant.now().minusSeconds(60)),
                "d-1",
                network.voucherKey,
                Code.FORBIDDEN,
                "voucher-expired");
    }

    @Test
    void aVoucherIsRefusedWithoutItsKey() throws Exception {
        assertJoinRefused(
                network.voucher("d-*", 1),
                "d-1",
                KeyPair.generate(network.random),
                Code.FORBIDDEN,
                "voucher-key",
                "missing-signature");
    }

    @Test
    void aVoucherUsedTooOftenIsRefused() throws Exception {
        Voucher voucher = network.voucher("d-*", 1);
        harness.cloud.order(network.join("d-1", Identity.generate(network.random), voucher));
        harness.awaitHeight(network.state().height());
        assertJoinRefused(voucher, "d-2", network.voucherKey, Code.FORBIDDEN, "voucher-used-up");
    }

    @Test
    void aNameThatIsTakenIsRefused() throws Exception {
        harness.member("d-1");
        assertJoinRefused(network.voucher("d-*", 1), "d-1", network.voucherKey, Code.CONFLICT, "name-taken");
    }

    @Test
    void aBadNameIsRefused() throws Exception {
        assertJoinRefused(network.voucher("*", 1), "No Good", network.voucherKey, Code.BAD_REQUEST, "bad-name");
        assertRefused(harness.member("d-1").get("/k/No%20Good"), Code.BAD_REQUEST, "bad-name");
    }

    @Test
    void aMalformedTransactionIsRefused() throws Exception {
        TestDevice member = harness.member("d-1");
        assertRefused(member.post("/t", ContentFormat.COSE_SIGN, Bytes.fromHex("84")), Code.BAD_REQUEST, "malformed");
        assertRefused(
                member.post("/t", ContentFormat.CBOR, Bytes.fromHex("80")),
                Code.UNSUPPORTED_CONTENT_FORMAT,
                "unsupported-format");
    }

    @Test
    void anOversizedBodyIsRefused() throws Exception {
        TestDevice sender = harness.served("d-1");
        assertRefused(sender.post("/m", READING, network.randomBytes(5_000)), Code.ENTITY_TOO_LARGE, "too-large");
        assertThat(sender.post("/t", ContentFormat.COSE_SIGN, network.randomBytes(70_000))
                        .code())
                .isEqualTo(Code.ENTITY_TOO_LARGE);
        assertNothingStored();
    }

    @Test
    void aMalformedOrNonDeterministicReadingIsRefused() throws Exception {
        TestDevice sender = harness.served("d-1");
        TestDevice recipient = harness.served("d-2");
        Bytes good = TestDevice.sealed(sender.session(recipient), "1");
        GatewayStatus before = settled();

        assertRefused(sender.post("/m", READING, Bytes.EMPTY), Code.BAD_REQUEST, "malformed");
        assertRefused(
                sender.post("/m", READING, Bytes.concat(good, Bytes.fromHex("00"))), Code.BAD_REQUEST, "malformed");
        // The same array with its length in two bytes: what other decoders take for the same reading.
        assertRefused(
                sender.post("/m", READING, Bytes.concat(Bytes.fromHex("9803"), good.slice(1, good.size()))),
                Code.BAD_REQUEST,
                "malformed");
        for (int size = 1; size < good.size(); size += 7) {
            assertRefused(sender.post("/m", READING, good.slice(0, size)), Code.BAD_REQUEST, "malformed");
        }
        assertThat(harness.gateway().status().inboxBytes()).isEqualTo(before.inboxBytes());
        assertThat(sender.post("/m", READING, good).code()).isEqualTo(Code.CHANGED);
    }

    @Test
    void aMessageOfAnotherFormatIsRefused() throws Exception {
        TestDevice sender = harness.served("d-1");
        assertRefused(
                sender.post("/m", ContentFormat.CBOR, Bytes.fromHex("80")),
                Code.UNSUPPORTED_CONTENT_FORMAT,
                "unsupported-format");
        assertRefused(
                sender.send(ClientRequest.of(dev.latchkey.coap.Method.POST, "/m")),
                Code.UNSUPPORTED_CONTENT_FORMAT,
                "unsupported-format");
    }

    @Test
    void aReadingOfAnUnknownSessionIsRefused() throws Exception {
        TestDevice sender = harness.served("d-1");
        TestDevice recipient = harness.served("d-2");
        Opened neverSent = sender.open(recipient);
        assertRefused(
                sender.post("/m", READING, TestDevice.sealed(neverSent.session(), "1")),
                Code.NOT_FOUND,
                "unknown-session");
        assertNothingStored();
    }

    @Test
    void aCounterUsedWithOtherBytesIsRefusedAndTheSameBytesAreStoredOnce() throws Exception {
        TestDevice sender = harness.served("d-1");
        TestDevice recipient = harness.served("d-2");
        SendingSession session = sender.session(recipient);
        Bytes reading = TestDevice.sealed(session, "1");
        Bytes forged = Bytes.concat(
                reading.slice(0, reading.size() - 1), Bytes.of((byte) (reading.get(reading.size() - 1) ^ 1)));

        assertThat(sender.post("/m", READING, reading).code()).isEqualTo(Code.CHANGED);
        assertThat(sender.post("/m", READING, reading).code()).isEqualTo(Code.CHANGED);
        assertRefused(sender.post("/m", READING, forged), Code.CONFLICT, "counter-reused");

        assertThat(recipient.inbox(0)).hasSize(2);
    }

    @Test
    void aReadingOrOpenerOfAnotherSenderIsRefused() throws Exception {
        TestDevice sender = harness.served("d-1");
        TestDevice recipient = harness.served("d-2");
        TestDevice thief = harness.served("d-3");
        Opened opened = sender.open(recipient);
        assertRefused(thief.post("/m", OPENER, opened.opener()), Code.FORBIDDEN, "wrong-sender");
        sender.post("/m", OPENER, opened.opener());
        Bytes reading = TestDevice.sealed(opened.session(), "1");
        assertRefused(thief.post("/m", READING, reading), Code.FORBIDDEN, "wrong-sender");
        assertThat(recipient.inbox(0)).hasSize(1);
    }

    @Test
    void anOpenerThatListsItsOwnAuthorIsRefused() throws Exception {
        TestDevice sender = harness.served("d-1");
        TestDevice recipient = harness.served("d-2");
        assertRefused(sender.post("/m", OPENER, sender.open(sender).opener()), Code.BAD_REQUEST, "self-addressed");
        assertRefused(
                sender.post("/m", OPENER, sender.open(recipient, sender).opener()), Code.BAD_REQUEST, "self-addressed");
        assertNothingStored();
    }

    @Test
    void anOpenerForAnUnknownRecipientIsRefused() throws Exception {
        TestDevice sender = harness.served("d-1");
        TestDevice nobody = harness.connect("d-9", Identity.generate(network.random));
        assertRefused(sender.post("/m", OPENER, sender.open(nobody).opener()), Code.NOT_FOUND, "unknown-recipient");
    }

    @Test
    void anOpenerOfAnUnknownHeightOrAForgedBlockIsRefused() throws Exception {
        TestDevice sender = harness.served("d-1");
        TestDevice recipient = harness.served("d-2");
        long height = network.state().height();
        ChainContext ahead = new ChainContext(network.chain, "seattle", height + 1, Digest.sha256(Bytes.EMPTY));
        ChainContext forged = new ChainContext(network.chain, "seattle", height, Digest.sha256(Bytes.EMPTY));
        assertRefused(
                sender.post("/m", OPENER, sender.open(ahead, recipient).opener()), Code.NOT_FOUND, "stale-height");
        assertRefused(
                sender.post("/m", OPENER, sender.open(forged, recipient).opener()), Code.FORBIDDEN, "bad-signature");
    }

    @Test
    void aMessageOfAMemberThatIsNotServedHereIsRefused() throws Exception {
        TestDevice sender = harness.member("d-1");
        TestDevice recipient = harness.served("d-2");
        assertRefused(sender.post("/m", OPENER, sender.open(recipient).opener()), Code.FORBIDDEN, "no-ticket");
    }

    @Test
    void aReadingToAMemberThatLeftEndsTheSession() throws Exception {
        TestDevice sender = harness.served("d-1");
        TestDevice recipient = harness.served("d-2");
        SendingSession session = sender.session(recipient);
        harness.cloud.order(network.leave("d-2", recipient.identity));
        harness.awaitHeight(network.state().height());
        assertRefused(sender.post("/m", READING, TestDevice.sealed(session, "1")), Code.CONFLICT, "session-ended");
        assertRefused(sender.post("/m", READING, TestDevice.sealed(session, "2")), Code.NOT_FOUND, "unknown-session");
    }

    @Test
    void ticketsOfOthersAndForOthersAreRefused() throws Exception {
        TestDevice device = harness.member("d-1");
        Instant soon = Instant.now().plusSeconds(60);
        Instant far = Instant.now().plus(Duration.ofDays(30));
        assertTicketRefused(device, ticket("d-2", "gateway", soon, device.identity), "wrong-sender");
        assertTicketRefused(device, ticket("d-1", "other", soon, device.identity), "bad-ticket");
        assertTicketRefused(device, ticket("d-1", "gateway", far, device.identity), "bad-ticket");
        assertTicketRefused(device, ticket("d-1", "gateway", soon, Identity.generate(network.random)), "bad-signature");
        Instant over = Instant.now().minusSeconds(1);
        assertTicketRefused(device, ticket("d-1", "gateway", over, device.identity), "bad-ticket");
        ChainId elsewhere = new ChainId(Digest.sha256(Bytes.utf8("another chain")));
        ServeTicket other = ServeTicket.issue(elsewhere, "d-1", "gateway", soon, device.identity.sig());
        assertRefused(device.post("/s", OPENER, other.encode()), Code.BAD_REQUEST, "wrong-chain");
        assertRefused(device.post("/m", OPENER, Bytes.EMPTY), Code.FORBIDDEN, "no-ticket");
    }

    @Test
    void aTicketEndsWithItsTimeAndWithTheKeyThatSignedIt() throws Exception {
        TestDevice device = harness.member("d-1");
        TestDevice recipient = harness.served("d-2");
        ServeTicket brief = ticket("d-1", "gateway", Instant.now().plusMillis(700), device.identity);
        assertThat(device.post("/s", OPENER, brief.encode()).code()).isEqualTo(Code.CHANGED);
        SendingSession session = device.session(recipient);
        await().until(() ->
                TestDevice.isRefused(device.post("/m", READING, TestDevice.sealed(session, "late")), "no-ticket"));
        assertThat(device.ticket().code()).isEqualTo(Code.CHANGED);
        assertThat(device.post("/m", READING, TestDevice.sealed(session, "1")).code())
                .isEqualTo(Code.CHANGED);
        settled();
        KeyPair next = KeyPair.generate(network.random);
        harness.cloud.order(TransactionSigning.of(
                        new Rotate(
                                "d-1",
                                2,
                                Optional.of(next.publicKey()),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty()),
                        network.chain)
                .by(device.identity.sig())
                .by(next)
                .finish()
                .encode());
        harness.awaitHeight(network.state().height());
        assertRefused(device.post("/m", OPENER, Bytes.EMPTY), Code.FORBIDDEN, "no-ticket");
        assertTicketRefused(
                device, ticket("d-1", "gateway", Instant.now().plusSeconds(60), device.identity), "bad-signature");
    }

    @Test
    void aHeightThatWasNeverHandedOutIsStale() throws Exception {
        TestDevice device = harness.member("d-1");
        for (String height : new String[] {"999", "-1", "x", "01"}) {
            CoapResponse answer =
                    device.send(ClientRequest.get("/k/d-1").withQuery("p", 1).withQuery("h", height));
            assertRefused(answer, Code.NOT_FOUND, "stale-height");
        }
        assertRefused(device.get("/k/nobody"), Code.NOT_FOUND, "unknown-name");
        assertRefused(device.send(ClientRequest.get("/h").withQuery("n", "oslo")), Code.NOT_FOUND, "unknown-chain");
    }

    @Test
    void numbersThatAreNoneAreRefused() throws Exception {
        TestDevice device = harness.served("d-1");
        assertRefused(device.send(ClientRequest.get("/i").withQuery("c", "-1")), Code.BAD_REQUEST, "malformed");
        assertRefused(device.send(ClientRequest.delete("/i")), Code.BAD_REQUEST, "malformed");
        assertRefused(device.send(ClientRequest.get("/g").withQuery("from", "x")), Code.BAD_REQUEST, "malformed");
        assertRefused(device.get("/b/x"), Code.BAD_REQUEST, "malformed");
        assertThat(device.acknowledge(1_000_000).code()).isEqualTo(Code.DELETED);
    }

    private ServeTicket ticket(String member, String gateway, Instant notAfter, Identity signer) {
        return ServeTicket.issue(network.chain, member, gateway, notAfter, signer.sig());
    }

    private static void assertTicketRefused(TestDevice device, ServeTicket ticket, String code) throws Exception {
        assertRefused(device.post("/s", OPENER, ticket.encode()), Code.FORBIDDEN, code);
    }

    private void assertJoinRefused(Voucher voucher, String name, KeyPair signedBy, Code expected, String... codes)
            throws Exception {
        long members = network.state().memberCount();
        Bytes join = network.join(name, Identity.generate(network.random), voucher, signedBy);
        CoapResponse answer = harness.holder(voucher).post("/t", ContentFormat.COSE_SIGN, join);
        assertThat(answer.code()).isEqualTo(expected);
        assertThat(TestDevice.code(answer)).isIn((Object[]) codes);
        assertThat(network.state().memberCount()).isEqualTo(members);
    }

    private static void assertRefused(CoapResponse answer, Code expected, String code) throws Exception {
        assertThat(answer.code()).isEqualTo(expected);
        assertThat(answer.contentFormat()).hasValue(ContentFormat.PROBLEM);
        assertThat(TestDevice.code(answer)).isEqualTo(code);
    }

    private void assertNothingStored() {
        assertThat(harness.gateway().status().outboxMessages()).isZero();
        assertThat(harness.gateway().status().inboxBytes()).isZero();
    }

    private GatewayStatus settled() {
        await().until(() -> harness.gateway().status().outboxMessages() == 0);
        return harness.gateway().status();
    }
}
