package dev.latchkey.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.protocol.BatchAnswer;
import dev.latchkey.protocol.ContentFormat;
import dev.latchkey.protocol.FollowRequest;
import dev.latchkey.protocol.FollowedEntry;
import dev.latchkey.protocol.MailboxEntry;
import dev.latchkey.protocol.MessageBatch;
import dev.latchkey.protocol.ServeTicket;
import dev.latchkey.transaction.Identity;
import dev.latchkey.transaction.Leave;
import dev.latchkey.transaction.TransactionSigning;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

class MailboxesTest {
    @TempDir
    static Path directory;

    private static final TestNetwork NETWORK = new TestNetwork();
    private static CloudNode node;
    private static TestClient gateway;
    private static int count;

    private final Identity sender = Identity.generate(TestNetwork.RANDOM);
    private final Identity reader = Identity.generate(TestNetwork.RANDOM);
    private final Bytes epoch =
            Digest.sha256(sender.sig().publicKey().encode()).bytes().slice(0, 8);
    private final Digest session = Digest.sha256(sender.kex().publicKey().encode());
    private String from;
    private String to;

    @BeforeAll
    static void start() throws Exception {
        node = NETWORK.start(directory);
        gateway = new TestClient(NETWORK, node.address(), NETWORK.gateway.dtls());
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    @BeforeEach
    void join(TestInfo info) throws Exception {
        count++;
        from = "d-from-" + count;
        to = "d-to-" + count;
        gateway.submit(NETWORK.join(from, sender, NETWORK.voucher()), NETWORK.join(to, reader, NETWORK.voucher()));
    }

    private Bytes reading(int counter, String content) {
        return Readings.reading(session, counter, content);
    }

    private MessageBatch.Message message(long sequence, Bytes bytes) throws Exception {
        return message(sequence, bytes, List.of(to));
    }

    private MessageBatch.Message message(long sequence, Bytes bytes, List<String> recipients) throws Exception {
        return new MessageBatch.Message(
                sequence,
                from,
                session,
                height(),
                System.currentTimeMillis(),
                ContentFormat.COSE_ENCRYPT0,
                bytes,
                recipients);
    }

    private static long height() throws Exception {
        return Cbor.decode(gateway.body("/v1/chains/{c}"), 4096)
                .asArray()
                .get(3)
                .asUint();
    }

    private BatchAnswer deliver(MessageBatch.Message... messages) throws Exception {
        return deliver(List.of(NETWORK.ticket(from, sender, "gw-1")), messages);
    }

    private BatchAnswer deliver(List<Bytes> tickets, MessageBatch.Message... messages) throws Exception {
        HttpResponse<byte[]> response = gateway.post(
                "/v1/messages?chain={c}".replace("{c}", NETWORK.chain.toHex()),
                new MessageBatch(epoch, tickets, List.of(messages)).encode());
        assertThat(response.statusCode()).isEqualTo(200);
        return BatchAnswer.decode(Bytes.wrap(response.body()));
    }

    private List<MailboxEntry> read(long after) throws Exception {
        TestClient owner = new TestClient(NETWORK, node.address(), reader.dtls());
        List<MailboxEntry> entries = new ArrayList<>();
        for (Item item : Cbor.decodeSequence(owner.body("/v1/mailboxes/{c}/" + to + "?after=" + after), 1 << 20)) {
            entries.add(MailboxEntry.fromItem(item));
        }
        return entries;
    }

    @Test
    void aBatchReachesTheOwnerInOrderAndAnAcknowledgementRemovesIt() throws Exception {
        BatchAnswer answer = deliver(message(5, reading(0, "a")), message(9, reading(1, "b")));
        assertThat(answer.acknowledgedUpTo()).isEqualTo(9);
        assertThat(answer.refused()).isEmpty();
        List<MailboxEntry> entries = read(0);
        assertThat(entries).extracting(MailboxEntry::sequence).containsExactly(1L, 2L);
        assertThat(entries.get(0).message()).isEqualTo(reading(0, "a"));
        assertThat(entries.get(0).sender()).isEqualTo(from);
        assertThat(entries.get(0).gateway()).isEqualTo("gw-1");
        assertThat(read(1)).hasSize(1);

        TestClient owner = new TestClient(NETWORK, node.address(), reader.dtls());
        HttpResponse<byte[]> deleted = owner.send(
                owner.request("/v1/mailboxes/{c}/" + to + "?upto=1").DELETE().build());
        assertThat(deleted.statusCode()).isEqualTo(204);
        assertThat(read(0)).extracting(MailboxEntry::sequence).containsExactly(2L);
    }

    @Test
    void theSameBatchAgainIsStoredOnce() throws Exception {
        MessageBatch.Message message = message(1, reading(0, "a"));
        deliver(message);
        assertThat(deliver(message).acknowledgedUpTo()).isEqualTo(1);
        assertThat(deliver(message(2, reading(0, "a"))).refused()).isEmpty();
        assertThat(read(0)).hasSize(1);
    }

    @Test
    void upToFourBodiesOfOneCounterAreKept() throws Exception {
        BatchAnswer answer = deliver(
                message(1, reading(7, "a")),
                message(2, reading(7, "b")),
                message(3, reading(7, "c")),
                message(4, reading(7, "d")),
                message(5, reading(7, "e")),
                message(6, reading(8, "e")));
        assertThat(answer.refused()).containsExactly(new BatchAnswer.Refused(5, "counter-reused"));
        assertThat(answer.acknowledgedUpTo()).isEqualTo(6);
        assertThat(read(0)).hasSize(5);
    }

    @Test
    void aSessionHasAsManyDigestsAsItsSenderSigns() throws Exception {
        MessageBatch.Message[] digests = new MessageBatch.Message[6];
        for (int i = 0; i < digests.length; i++) {
            MessageBatch.Message reading = message(i + 1, digest(i));
            digests[i] = new MessageBatch.Message(
                    reading.sequence(),
                    reading.sender(),
                    session,
                    reading.height(),
                    reading.acceptedMillis(),
                    ContentFormat.COSE_SIGN1,
                    reading.message(),
                    List.of(to));
        }
        assertThat(deliver(digests).refused()).isEmpty();
        assertThat(read(0)).extracting(MailboxEntry::message).hasSize(6).doesNotHaveDuplicates();
    }

    /** {@code [protected, {}, << [session, [[first, last]], chain end] >>, signature]}. */
    private Bytes digest(int first) {
        Bytes payload = Cbor.encode(Cbor.array(
                Cbor.bytes(session.bytes()),
                Cbor.array(Cbor.array(Cbor.uint(first), Cbor.uint(first))),
                Cbor.bytes(session.bytes())));
        Item empty = Cbor.bytes(Bytes.EMPTY);
        return Cbor.encode(Cbor.array(empty, Cbor.map(), Cbor.bytes(payload), empty));
    }

    @Test
    void whatTheCloudWillNeverTakeIsSortedOutWithAReason() throws Exception {
        BatchAnswer answer = deliver(
                message(1, reading(0, "a"), List.of("d-nobody")),
                message(2, Bytes.utf8("no cbor")),
                message(3, Readings.reading(Digest.ZERO, 1, "other session")),
                message(4, reading(1, "good"), List.of("d-nobody", to)));
        assertThat(answer.refused())
                .containsExactly(
                        new BatchAnswer.Refused(1, "unknown-recipient"),
                        new BatchAnswer.Refused(2, "malformed"),
                        new BatchAnswer.Refused(3, "malformed"));
        assertThat(read(0)).hasSize(1);
    }

    @Test
    void onlyAServedSenderIsTaken() throws Exception {
        assertThat(deliver(List.of(), message(1, reading(0, "a"))).refused())
                .containsExactly(new BatchAnswer.Refused(1, "not-served"));
        Bytes forOther = NETWORK.ticket(from, sender, "gw-2");
        assertThat(deliver(List.of(forOther), message(2, reading(0, "a"))).refused())
                .containsExactly(new BatchAnswer.Refused(2, "not-served"));
        Bytes forged = NETWORK.ticket(from, reader, "gw-1");
        assertThat(deliver(List.of(forged), message(3, reading(0, "a"))).refused())
                .containsExactly(new BatchAnswer.Refused(3, "not-served"));
        Bytes old = ServeTicket.issue(NETWORK.chain, from, "gw-1", Instant.now().minusSeconds(9), sender.sig())
                .encode();
        assertThat(deliver(List.of(old), message(4, reading(0, "a"))).refused())
                .containsExactly(new BatchAnswer.Refused(4, "not-served"));
        assertThat(deliver(message(5, reading(0, "a"))).refused()).isEmpty();
        assertThat(deliver(List.of(), message(6, reading(1, "ticket is known"))).refused())
                .isEmpty();
    }

    @Test
    void aReadingAcceptedBeforeItsSenderLeftIsStillTaken() throws Exception {
        MessageBatch.Message before = message(1, reading(0, "a"));
        Bytes ticket = NETWORK.ticket(from, sender, "gw-1");
        gateway.submit(TransactionSigning.leave(new Leave(from, 2), NETWORK.chain, sender.sig()));
        assertThat(deliver(List.of(ticket), before).refused()).isEmpty();
        assertThat(deliver(List.of(ticket), message(2, reading(1, "b"))).refused())
                .containsExactly(new BatchAnswer.Refused(2, "unknown-sender"));
    }

    @Test
    void aGatewayReadsOnlyWithTheOwnersTicket() throws Exception {
        deliver(message(1, reading(0, "a")));
        String path = "/v1/mailboxes/{c}/" + to;
        assertThat(gateway.get(path).statusCode()).isEqualTo(403);
        assertThat(status(path, NETWORK.ticket(to, sender, "gw-1"))).isEqualTo(403);
        assertThat(status(path, NETWORK.ticket(from, sender, "gw-1"))).isEqualTo(403);
        assertThat(status(path, NETWORK.ticket(to, reader, "gw-1"))).isEqualTo(200);
        TestClient other = new TestClient(NETWORK, node.address(), sender.dtls());
        assertThat(other.get(path).statusCode()).isEqualTo(403);
        TestClient stranger = new TestClient(NETWORK, node.address(), KeyPair.generate(TestNetwork.RANDOM));
        assertThat(stranger.get(path).statusCode()).isEqualTo(403);
    }

    private static int status(String path, Bytes ticket) throws Exception {
        String text = Base64.getUrlEncoder().withoutPadding().encodeToString(ticket.toArray());
        return gateway.send(gateway.request(path)
                        .header("Latchkey-Serve-Ticket", text)
                        .GET()
                        .build())
                .statusCode();
    }

    @Test
    void aStreamBringsWhatIsThereAndWhatComes() throws Exception {
        deliver(message(1, reading(0, "a")));
        FollowRequest request =
                new FollowRequest(List.of(new FollowRequest.Cursor(to, 0, NETWORK.ticket(to, reader, "gw-1"))));
        Items items = new Items(gateway.stream(gateway.request("/v1/mailboxes/{c}/follow")
                .POST(BodyPublishers.ofByteArray(request.encode().toArray()))
                .build()));
        FollowedEntry first = FollowedEntry.fromItem(items.next());
        assertThat(first.owner()).isEqualTo(to);
        assertThat(first.entry().message()).isEqualTo(reading(0, "a"));
        deliver(message(2, reading(1, "b")));
        assertThat(entry(items).message()).isEqualTo(reading(1, "b"));
        deliver(message(3, reading(2, "c")), message(4, reading(3, "d")));
        assertThat(entry(items).message()).isEqualTo(reading(2, "c"));
        assertThat(entry(items).message()).isEqualTo(reading(3, "d"));
    }

    private static MailboxEntry entry(Items items) throws Exception {
        Item item = items.next();
        while (item.isNull()) {
            item = items.next();
        }
        return FollowedEntry.fromItem(item).entry();
    }

    @Test
    void theOwnerFollowsItsOwnMailbox() throws Exception {
        TestClient owner = new TestClient(NETWORK, node.address(), reader.dtls());
        Items items = new Items(owner.stream(
                owner.request("/v1/mailboxes/{c}/" + to + "?follow=1").GET().build()));
        deliver(message(1, reading(0, "a")));
        Item item = items.next();
        while (item.isNull()) {
            item = items.next();
        }
        assertThat(MailboxEntry.fromItem(item).message()).isEqualTo(reading(0, "a"));
    }

    @Test
    void aFollowWithoutAGoodTicketIsRefused() throws Exception {
        FollowRequest request =
                new FollowRequest(List.of(new FollowRequest.Cursor(to, 0, NETWORK.ticket(to, sender, "gw-1"))));
        HttpResponse<byte[]> response = gateway.post("/v1/mailboxes/{c}/follow", request.encode());
        assertThat(response.statusCode()).isEqualTo(403);
        assertThat(TestClient.code(response)).isEqualTo("not-served");
        assertThat(gateway.post("/v1/mailboxes/{c}/follow", Bytes.utf8("x")).statusCode())
                .isEqualTo(400);
        assertThat(gateway.post("/v1/messages?chain=" + NETWORK.chain.toHex(), Bytes.utf8("x"))
                        .statusCode())
                .isEqualTo(400);
    }
}
