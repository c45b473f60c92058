package dev.latchkey.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.protocol.BatchAnswer;
import dev.latchkey.protocol.ContentFormat;
import dev.latchkey.protocol.FollowRequest;
import dev.latchkey.protocol.MessageBatch;
import dev.latchkey.protocol.ServeTicket;
import dev.latchkey.transaction.ChainId;
import dev.latchkey.transaction.Identity;
import dev.latchkey.transaction.Rotate;
import dev.latchkey.transaction.SignedTransaction;
import dev.latchkey.transaction.Standing;
import dev.latchkey.transaction.TransactionSigning;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Without a good ticket of the member the cloud gives a gateway nothing of its mailbox and takes nothing in its name. */
class ServeTicketTest {
    @TempDir
    static Path directory;

    private static final TestNetwork NETWORK = new TestNetwork();
    private static final AtomicInteger COUNT = new AtomicInteger();
    private static CloudNode node;
    private static TestClient gateway;

    @BeforeAll
    static void start() throws Exception {
        node = NETWORK.start(directory);
        gateway = new TestClient(NETWORK, node.address(), NETWORK.gateway.dtls());
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    private record Member(String name, Identity identity) {
        static Member joined() throws Exception {
            Member member = new Member("m-" + COUNT.incrementAndGet(), Identity.generate(TestNetwork.RANDOM));
            gateway.submit(NETWORK.join(member.name(), member.identity(), NETWORK.voucher()));
            return member;
        }

        Bytes ticket() {
            return ticket(NETWORK.chain, "gw-1", Instant.now().plusSeconds(3_600), identity.sig());
        }

        Bytes ticket(ChainId chain, String gateway, Instant notAfter, KeyPair signer) {
            return ServeTicket.issue(chain, name, gateway, notAfter, signer).encode();
        }
    }

    private static long height() throws Exception {
        return Cbor.decode(gateway.body("/v1/chains/{c}"), 4096)
                .asArray()
                .get(3)
                .asUint();
    }

    /** What became of a message in the member's name, to itself. */
    private static List<BatchAnswer.Refused> uploaded(Member member, Bytes ticket, long height) throws Exception {
        int number = COUNT.incrementAndGet();
        Digest session = Digest.sha256(Bytes.utf8("session " + number));
        MessageBatch.Message message = new MessageBatch.Message(
                number,
                member.name(),
                session,
                height,
                System.currentTimeMillis(),
                ContentFormat.COSE_ENCRYPT0,
                Readings.reading(session, 0, "a"),
                List.of(member.name()));
        HttpResponse<byte[]> response = gateway.post(
                "/v1/messages?chain={c}",
                new MessageBatch(Bytes.fromHex("0102030405060708"), List.of(ticket), List.of(message)).encode());
        assertThat(response.statusCode()).isEqualTo(200);
        return BatchAnswer.decode(Bytes.wrap(response.body())).refused();
    }

    private static HttpResponse<byte[]> box(Member member, Bytes ticket, boolean acknowledge) throws Exception {
        String text = Base64.getUrlEncoder().withoutPadding().encodeToString(ticket.toArray());
        String path = "/v1/mailboxes/{c}/" + member.name() + (acknowledge ? "?upto=1" : "");
        HttpRequest.Builder request = gateway.request(path).header("Latchkey-Serve-Ticket", text);
        return gateway.send((acknowledge ? request.DELETE() : request.GET()).build());
    }

    private static void assertServesNothing(Member member, Bytes ticket) throws Exception {
        for (boolean acknowledge : new boolean[] {false, true}) {
            HttpResponse<byte[]> answer = box(member, ticket, acknowledge);
            assertThat(answer.statusCode()).isEqualTo(403);
            assertThat(TestClient.code(answer)).isEqualTo("not-served");
        }
        FollowRequest follow = new FollowRequest(List.of(new FollowRequest.Cursor(member.name(), 0, ticket)));
        HttpResponse<byte[]> followed = gateway.post("/v1/mailboxes/{c}/follow", follow.encode());
        assertThat(followed.statusCode()).isEqualTo(403);
        assertThat(TestClient.code(followed)).isEqualTo("not-served");
    }

    private static String refusal(Member member, Bytes ticket) throws Exception {
        List<BatchAnswer.Refused> refused = uploaded(member, ticket, height());
        return refused.isEmpty() ? "taken" : refused.get(0).code();
    }

    @Test
    void aTicketThatIsNotTheMembersForThisGatewayChainAndTimeIsNone() throws Exception {
        Member member = Member.joined();
        Member other = Member.joined();
        KeyPair sig = member.identity().sig();
        Instant soon = Instant.now().plusSeconds(60);
        ChainId elsewhere = new ChainId(Digest.sha256(Bytes.utf8("another chain")));
        List<Bytes> bad = List.of(
                member.ticket(NETWORK.chain, "gw-1", Instant.now().minusSeconds(1), sig),
                member.ticket(NETWORK.chain, "gw-1", Instant.now().plus(Duration.ofDays(8)), sig),
                member.ticket(NETWORK.chain, "gw-2", soon, sig),
                member.ticket(elsewhere, "gw-1", soon, sig),
                member.ticket(NETWORK.chain, "gw-1", soon, other.identity().sig()),
                member.ticket(NETWORK.chain, "gw-1", soon, member.identity().dtls()),
                member.ticket(NETWORK.chain, "gw-1", soon, NETWORK.gateway.sig()),
                other.ticket());
        for (Bytes ticket : bad) {
            assertServesNothing(member, ticket);
            assertThat(refusal(member, ticket)).isEqualTo("not-served");
        }
        assertThat(refusal(member, member.ticket())).isEqualTo("taken");
        assertThat(box(member, member.ticket(), false).statusCode()).isEqualTo(200);
        assertThat(box(member, member.ticket(), true).statusCode()).isEqualTo(204);
    }

    @Test
    void aTicketEndsWithTheKeyThatSignedIt() throws Exception {
        Member member = Member.joined();
        Bytes ticket = member.ticket();
        assertThat(refusal(member, ticket)).isEqualTo("taken");
        long before = height();
        KeyPair next = KeyPair.generate(TestNetwork.RANDOM);
        Rotate rotate = new Rotate(
                member.name(), 2, Optional.of(next.publicKey()), Optional.empty(), Optional.empty(), Optional.empty());
        gateway.submit(TransactionSigning.of(rotate, NETWORK.chain)
                .by(member.identity().sig())
                .by(next)
                .finish());
        assertServesNothing(member, ticket);
        assertThat(refusal(member, ticket)).isEqualTo("not-served");
        assertThat(uploaded(member, ticket, before))
                .as("taken before the rotation")
                .isEmpty();
        Bytes anew = member.ticket(NETWORK.chain, "gw-1", Instant.now().plusSeconds(60), next);
        assertThat(refusal(member, anew)).isEqualTo("taken");
        assertThat(box(member, anew, false).statusCode()).isEqualTo(200);
    }

    @Test
    void aSuspendedMembersTicketIsGoodAgainWhenItIsResumed() throws Exception {
        Member member = Member.joined();
        Bytes ticket = member.ticket();
        gateway.submit(standing(Standing.Act.SUSPEND, member, 2));
        assertServesNothing(member, ticket);
        assertThat(refusal(member, ticket)).isEqualTo("unknown-sender");
        gateway.submit(standing(Standing.Act.RESUME, member, 3));
        assertThat(refusal(member, ticket)).isEqualTo("taken");
        assertThat(box(member, ticket, false).statusCode()).isEqualTo(200);
    }

    private static SignedTransaction standing(Standing.Act act, Member member, long sequence) {
        return TransactionSigning.of(new Standing(act, member.name(), sequence), NETWORK.chain)
                .by(NETWORK.admin.sig())
                .finish();
    }
}
