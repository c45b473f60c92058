package dev.latchkey.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.proof.CheckpointVerifier;
import dev.latchkey.proof.ConsistencyProof;
import dev.latchkey.proof.CoseReceipt;
import dev.latchkey.proof.HeaderProof;
import dev.latchkey.proof.KeyHistory;
import dev.latchkey.proof.KeyProof;
import dev.latchkey.proof.VerifiedAbsence;
import dev.latchkey.proof.VerifiedCheckpoint;
import dev.latchkey.proof.VerifiedHeader;
import dev.latchkey.proof.VerifiedHistory;
import dev.latchkey.protocol.TransactionAnswer.Accepted;
import dev.latchkey.transaction.Identity;
import dev.latchkey.transaction.MemberRecord;
import dev.latchkey.transaction.Rotate;
import dev.latchkey.transaction.SignedTransaction;
import dev.latchkey.transaction.TransactionSigning;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a node proves, checked by the verifiers that clients use. */
class ProofsTest {
    @TempDir
    static Path directory;

    private static final TestNetwork NETWORK = new TestNetwork();
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

    private static VerifiedCheckpoint checkpoint() throws Exception {
        return CheckpointVerifier.verify(
                gateway.body("/v1/chains/{c}/checkpoint"), NETWORK.policy(), TestNetwork.VERIFIER);
    }

    private static Accepted join(String name) throws Exception {
        return (Accepted) gateway.submit(NETWORK.join(name, Identity.generate(TestNetwork.RANDOM), NETWORK.voucher()))
                .get(0);
    }

    private static void assertProblem(String path, int status, String code) throws Exception {
        HttpResponse<byte[]> answer = gateway.get(path);
        assertThat(TestClient.code(answer)).isEqualTo(code);
        assertThat(answer.statusCode()).isEqualTo(status);
    }

    @Test
    void aNameThatNobodyHasIsProvedAbsentUnderTheHeadThatIsHeld() throws Exception {
        VerifiedCheckpoint before = checkpoint();
        join("d-late");
        String path = "/v1/chains/{c}/keys/d-late?h=" + before.checkpoint().height();
        assertThat(KeyProof.find(before, "d-late", gateway.body(path))).isInstanceOf(VerifiedAbsence.class);
        VerifiedCheckpoint after = checkpoint();
        Bytes present = gateway.body(
                "/v1/chains/{c}/keys/d-late?h=" + after.checkpoint().height());
        assertThat(KeyProof.verify(after, "d-late", present).record().name()).isEqualTo("d-late");
        assertProblem("/v1/chains/{c}/keys/d-late?h=123456", 404, "stale-height");
        String names = "/v1/chains/{c}/keys?names=";
        assertProblem(names + "d-late&h=123456", 404, "stale-height");
        assertProblem(names + "d-late,No", 400, "bad-name");
        for (String none : List.of("d-late,d-late", "n" + ",n".repeat(16))) {
            assertProblem(names + none, 400, "malformed");
        }
    }

    @Test
    void aKeysHistoryGoesBackToItsJoin() throws Exception {
        Identity identity = Identity.generate(TestNetwork.RANDOM);
        gateway.submit(NETWORK.join("d-history", identity, NETWORK.voucher()));
        for (int sequence = 2; sequence <= 4; sequence++) {
            KeyPair kex = TestNetwork.key();
            Rotate rotate = new Rotate(
                    "d-history",
                    sequence,
                    Optional.empty(),
                    Optional.of(kex.publicKey()),
                    Optional.empty(),
                    Optional.empty());
            SignedTransaction signed = TransactionSigning.of(rotate, NETWORK.chain)
                    .by(identity.sig())
                    .finish();
            assertThat(gateway.submit(signed).get(0)).isInstanceOf(Accepted.class);
        }
        VerifiedCheckpoint under = checkpoint();
        String path = "/v1/chains/{c}/keys/d-history/history";
        Bytes answer = gateway.body(path + "?h=" + under.checkpoint().height());
        VerifiedHistory history = KeyHistory.verify(under, "d-history", answer);
        assertThat(history.records()).extracting(MemberRecord::sequence).containsExactly(4L, 3L, 2L, 1L);
        assertProblem("/v1/chains/{c}/keys/d-nobody/history", 404, "unknown-name");
        assertProblem("/v1/chains/{c}/keys/Nobody/history", 400, "bad-name");
    }

    @Test
    void theNewestHeadContinuesAnOlderOne() throws Exception {
        VerifiedCheckpoint older = checkpoint();
        for (int i = 0; i < 5; i++) {
            join("d-further-" + i);
        }
        VerifiedCheckpoint newer = checkpoint();
        long a = older.checkpoint().height();
        long b = newer.checkpoint().height();
        TestClient stranger = new TestClient(NETWORK, node.address(), TestNetwork.key());
        Bytes answer = stranger.body("/v1/chains/{c}/consistency?a=" + a + "&b=" + b);
        assertThat(ConsistencyProof.verify(older, newer, answer)).isSameAs(newer);
        Bytes nothing = stranger.body("/v1/chains/{c}/consistency?a=" + b + "&b=" + b);
        assertThat(ConsistencyProof.verify(newer, newer, nothing)).isSameAs(newer);
        assertProblem("/v1/chains/{c}/consistency?a=0&b=999999", 404, "unknown-height");
        assertProblem("/v1/chains/{c}/consistency?a=" + (a + 1) + "&b=" + a, 400, "malformed");
        assertProblem("/v1/chains/{c}/consistency", 400, "malformed");
    }

    @Test
    void aReceiptCanBeHadForOtherTools() throws Exception {
        Accepted accepted = join("d-receipt");
        VerifiedCheckpoint under = checkpoint();
        String path = "/v1/chains/{c}/receipts/" + accepted.transactionId().toHex();
        HttpResponse<byte[]> receipt = gateway.get(path + "?form=cose");
        assertThat(receipt.headers().firstValue("Content-Type")).contains("application/cose; cose-type=\"cose-sign1\"");
        long height = under.checkpoint().height();
        Bytes header = gateway.body("/v1/chains/{c}/headers/" + height + "?h=" + height);
        Bytes headerBytes = Cbor.decode(header, 4096).asArray().get(0).asBytes();
        VerifiedHeader received = CoseReceipt.verify(
                List.of(Bytes.wrap(receipt.body())), headerBytes, NETWORK.policy(), TestNetwork.VERIFIER);
        assertThat(received.blockHash())
                .isEqualTo(HeaderProof.verify(under, height, header).blockHash());
        assertThat(received.height()).isEqualTo(height);
        assertProblem(path + "?form=pdf", 400, "malformed");
    }

    @Test
    void peopleGetJson() throws Exception {
        Accepted accepted = join("d-people");
        for (String path : List.of(
                "/v1/chains/{c}/keys/d-people",
                "/v1/chains/{c}/keys/d-people/history",
                "/v1/chains/{c}/keys?names=d-people,d-nobody",
                "/v1/chains/{c}/keys/d-nobody",
                "/v1/chains/{c}/consistency?a=0",
                "/v1/chains/{c}/headers/0",
                "/v1/chains/{c}/checkpoint",
                "/v1/chains/{c}/policy",
                "/v1/chains/{c}/receipts/" + accepted.transactionId().toHex())) {
            HttpResponse<byte[]> answer = gateway.send(gateway.request(path)
                    .header("Accept", "application/json")
                    .GET()
                    .build());
            assertThat(answer.statusCode()).as(path).isEqualTo(200);
            assertThat(answer.headers().firstValue("Content-Type")).as(path).contains("application/json");
            assertThat(new String(answer.body())).as(path).startsWith("[");
        }
        HttpResponse<byte[]> record = gateway.send(gateway.request("/v1/chains/{c}/keys/d-people")
                .header("Accept", "application/json")
                .GET()
                .build());
        assertThat(new String(record.body())).startsWith("[[\"d-people\",\"");
    }
}
