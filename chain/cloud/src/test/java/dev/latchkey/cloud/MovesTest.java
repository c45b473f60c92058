package dev.latchkey.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.checkpoint.SignedCheckpoint;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.protocol.BatchAnswer;
import dev.latchkey.protocol.ContentFormat;
import dev.latchkey.protocol.MailboxEntry;
import dev.latchkey.protocol.MessageBatch;
import dev.latchkey.protocol.TransactionAnswer;
import dev.latchkey.protocol.TransactionAnswer.Accepted;
import dev.latchkey.protocol.TransactionAnswer.Rejected;
import dev.latchkey.transaction.Carried;
import dev.latchkey.transaction.Identity;
import dev.latchkey.transaction.Leave;
import dev.latchkey.transaction.Policy;
import dev.latchkey.transaction.RelocateCancel;
import dev.latchkey.transaction.RelocateDone;
import dev.latchkey.transaction.RelocateIn;
import dev.latchkey.transaction.RelocateOut;
import dev.latchkey.transaction.SignedTransaction;
import dev.latchkey.transaction.Transaction;
import dev.latchkey.transaction.TransactionSigning;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A member moves from seattle to tacoma, on one node, and keeps its mailbox. */
class MovesTest {
    @TempDir
    Path directory;

    private final TestNetwork seattle = new TestNetwork();
    private final TestNetwork tacoma = seattle.sibling("tacoma");
    private final Identity sender = Identity.generate(TestNetwork.RANDOM);
    private final Identity reader = Identity.generate(TestNetwork.RANDOM);
    private final Digest session = Digest.sha256(Bytes.utf8("session"));
    private CloudNode node;

    private TestClient client(TestNetwork chain, KeyPair key) {
        return new TestClient(chain, node.address(), key);
    }

    private void accepted(TestClient client, SignedTransaction transaction) throws Exception {
        assertThat(client.submit(transaction).get(0)).isInstanceOf(Accepted.class);
    }

    private static SignedTransaction signed(TestNetwork chain, Transaction transaction, KeyPair key) {
        return TransactionSigning.of(transaction, chain.chain).by(key).finish();
    }

    /** The two chains know each other, and who comes from seattle needs no admin. */
    private void makeSiblings() throws Exception {
        TestClient operator = client(seattle, TestNetwork.key());
        assertThat(operator.post("/v1/chains", tacoma.genesis.encode()).statusCode())
                .isEqualTo(201);
        accepted(operator, introduced(seattle, tacoma));
        accepted(client(tacoma, TestNetwork.key()), introduced(tacoma, seattle));
    }

    private static SignedTransaction introduced(TestNetwork here, TestNetwork there) {
        Policy.Sibling sibling =
                new Policy.Sibling(there.chain, "sibling", 1, List.of(there.replica.publicKey()), true);
        return here.change(here.firstPolicy(), policy -> TestNetwork.withSiblings(policy, sibling));
    }

    /** What a chain says of a name now, as the other one takes it. */
    private static Carried carried(TestClient client, String name) throws Exception {
        Bytes checkpoint = client.body("/v1/chains/{c}/checkpoint");
        long height = SignedCheckpoint.decode(checkpoint).checkpoint().height();
        return new Carried(client.body("/v1/chains/{c}/keys/" + name + "?h=" + height), checkpoint);
    }

    private BatchAnswer deliver(int counter) throws Exception {
        return deliver(counter, List.of("d-to"), List.of());
    }

    private BatchAnswer deliver(int counter, List<String> recipients, List<MessageBatch.Abroad> abroad)
            throws Exception {
        TestClient gateway = client(seattle, seattle.gateway.dtls());
        long height = Cbor.decode(gateway.body("/v1/chains/{c}"), 4096)
                .asArray()
                .get(3)
                .asUint();
        MessageBatch.Message message = new MessageBatch.Message(
                counter,
                "d-from",
                session,
                height,
                System.currentTimeMillis(),
                ContentFormat.COSE_ENCRYPT0,
                Readings.reading(session, counter, "reading"),
                recipients,
                abroad);
        List<Bytes> tickets = List.of(seattle.ticket("d-from", sender, "gw-1"));
        HttpResponse<byte[]> response = gateway.post(
                "/v1/messages?chain=" + seattle.chain.toHex(),
                new MessageBatch(Bytes.fromHex("0102030405060708"), tickets, List.of(message)).encode());
        assertThat(response.statusCode()).isEqualTo(200);
        return BatchAnswer.decode(Bytes.wrap(response.body()));
    }

    private static List<Bytes> messages(Bytes page) throws Exception {
        List<Bytes> messages = new ArrayList<>();
        for (Item item : Cbor.decodeSequence(page, 1 << 20)) {
            messages.add(MailboxEntry.fromItem(item).message());
        }
        return messages;
    }

    @Test
    void whatWasSentBeforeDuringAndAfterTheMoveIsReadOnceThere() throws Exception {
        try (CloudNode started = seattle.start(directory)) {
            node = started;
            makeSiblings();
            TestClient gateway = client(seattle, seattle.gateway.dtls());
            accepted(gateway, seattle.join("d-from", sender, seattle.voucher()));
            accepted(gateway, seattle.join("d-to", reader, seattle.voucher()));
            TestClient leaving = client(seattle, reader.dtls());
            TestClient arriving = client(tacoma, reader.dtls());
            List<BatchAnswer> answers = new ArrayList<>();

            answers.add(deliver(1));
            long deadline = Instant.now().plusSeconds(600).toEpochMilli();
            RelocateOut out = new RelocateOut("d-to", 2, tacoma.chain, "d-new", deadline);
            accepted(leaving, signed(seattle, out, reader.sig()));
            answers.add(deliver(2));
            assertThat(leaving.get("/v1/mailboxes/{c}/d-to").statusCode()).isEqualTo(403);
            assertCancelIsJudgedByTheRules(leaving);
            RelocateIn in = new RelocateIn("d-new", 3, seattle.chain, carried(leaving, "d-to"));
            accepted(
                    arriving,
                    TransactionSigning.of(in, tacoma.chain)
                            .by(reader.sig())
                            .possessedBy(reader.dtls())
                            .finish());
            answers.add(deliver(3));
            TestClient sibling = client(tacoma, seattle.gateway.dtls());
            assertThat(sibling.get("/v1/chains/{c}/keys/d-new").statusCode()).isEqualTo(200);
            assertThat(sibling.get("/v1/chains/{c}/blocks?from=0").statusCode()).isEqualTo(403);
            assertThat(client(tacoma, sender.dtls())
                            .get("/v1/chains/{c}/keys/d-new")
                            .statusCode())
                    .isEqualTo(403);
            accepted(sibling, tacoma.join("d-by-sibling", Identity.generate(TestNetwork.RANDOM), tacoma.voucher()));
            TestClient gatewayThere = client(tacoma, tacoma.gateway.dtls());
            RelocateDone done = new RelocateDone(
                    "d-to",
                    3,
                    carried(gatewayThere, "d-new"),
                    tacoma.gateway.sig().publicKey());
            accepted(client(seattle, tacoma.gateway.dtls()), signed(seattle, done, tacoma.gateway.sig()));
            answers.add(deliver(4));
            answers.add(deliver(5, List.of(), List.of(new MessageBatch.Abroad(tacoma.chain, "d-new"))));
            answers.add(deliver(2)); // a gateway that did not hear the answer

            assertThat(answers)
                    .allSatisfy(answer -> assertThat(answer.refused()).isEmpty());
            List<Bytes> expected = new ArrayList<>();
            for (int counter = 1; counter <= 5; counter++) {
                expected.add(Readings.reading(session, counter, "reading"));
            }
            assertThat(messages(arriving.body("/v1/mailboxes/{c}/d-new"))).isEqualTo(expected);
            for (MessageBatch.Abroad nobody : List.of(
                    new MessageBatch.Abroad(tacoma.chain, "d-to"), new MessageBatch.Abroad(seattle.chain, "d-to"))) {
                assertThat(deliver(6, List.of(), List.of(nobody)).refused())
                        .extracting(BatchAnswer.Refused::code)
                        .containsExactly("unknown-recipient");
            }
            assertThat(leaving.get("/v1/mailboxes/{c}/d-to").statusCode()).isEqualTo(403);
            assertThat(messages(byTicket(gatewayThere, tacoma.ticket("d-new", reader, "gw-1"), "d-new", 200)))
                    .isEqualTo(expected);
            byTicket(gateway, seattle.ticket("d-to", reader, "gw-1"), "d-to", 403);
            byTicket(gatewayThere, seattle.ticket("d-to", reader, "gw-1"), "d-new", 403);
            accepted(arriving, signed(tacoma, new Leave("d-new", 4), reader.sig()));
            assertThat(deliver(7).refused())
                    .extracting(BatchAnswer.Refused::code)
                    .containsExactly("unknown-recipient");
        }
    }

    /** Whoever runs a chain can list a sibling of his own making, in which ids of members of any chain move about. */
    @Test
    void nobodyIsTakenInFromAChainThatTheNodeCannotLookInto() throws Exception {
        TestNetwork harbor = seattle.sibling("harbor");
        Carried carried;
        try (CloudNode elsewhere = harbor.start(Files.createDirectory(directory.resolve("elsewhere")))) {
            node = elsewhere;
            TestClient gateway = client(harbor, harbor.gateway.dtls());
            accepted(gateway, introduced(harbor, seattle));
            accepted(gateway, harbor.join("d-to", reader, harbor.voucher()));
            long deadline = Instant.now().plusSeconds(600).toEpochMilli();
            RelocateOut out = new RelocateOut("d-to", 2, seattle.chain, "d-new", deadline);
            accepted(gateway, signed(harbor, out, reader.sig()));
            carried = carried(gateway, "d-to");
        }
        try (CloudNode started = seattle.start(Files.createDirectory(directory.resolve("here")))) {
            node = started;
            accepted(client(seattle, TestNetwork.key()), introduced(seattle, harbor));
            SignedTransaction in = TransactionSigning.of(
                            new RelocateIn("d-new", 3, harbor.chain, carried), seattle.chain)
                    .by(reader.sig())
                    .possessedBy(reader.dtls())
                    .finish();
            TransactionAnswer answer = client(seattle, reader.dtls()).submit(in).get(0);
            assertThat(((Rejected) answer).code()).isEqualTo("not-ordered-here");
        }
    }

    /** The door lets a moving member speak for itself; before the deadline the rules do not let it stay. */
    private void assertCancelIsJudgedByTheRules(TestClient leaving) throws Exception {
        Carried absence = carried(client(tacoma, tacoma.gateway.dtls()), "d-new");
        RelocateCancel cancel = new RelocateCancel("d-to", 3, absence);
        TransactionAnswer answer =
                leaving.submit(signed(seattle, cancel, reader.sig())).get(0);
        assertThat(((Rejected) answer).code()).isEqualTo("deadline");
        RelocateCancel ofOther = new RelocateCancel("d-from", 3, absence);
        HttpResponse<byte[]> refused = leaving.post(
                "/v1/chains/{c}/transactions",
                signed(seattle, ofOther, reader.sig()).encode());
        assertThat(refused.statusCode()).isEqualTo(403);
    }

    private static Bytes byTicket(TestClient gateway, Bytes ticket, String name, int status) throws Exception {
        String text = Base64.getUrlEncoder().withoutPadding().encodeToString(ticket.toArray());
        HttpResponse<byte[]> response = gateway.send(gateway.request("/v1/mailboxes/{c}/" + name)
                .header("Latchkey-Serve-Ticket", text)
                .GET()
                .build());
        assertThat(response.statusCode()).isEqualTo(status);
        return Bytes.wrap(response.body());
    }
}
