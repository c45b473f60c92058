package dev.latchkey.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.ledger.BlockVerifier;
import dev.latchkey.ledger.ChainState;
import dev.latchkey.proof.CheckpointVerifier;
import dev.latchkey.proof.HeaderProof;
import dev.latchkey.proof.KeyProof;
import dev.latchkey.proof.Receipt;
import dev.latchkey.proof.VerifiedAbsence;
import dev.latchkey.proof.VerifiedCheckpoint;
import dev.latchkey.proof.VerifiedReceipt;
import dev.latchkey.protocol.TransactionAnswer;
import dev.latchkey.protocol.TransactionAnswer.Accepted;
import dev.latchkey.protocol.TransactionAnswer.Rejected;
import dev.latchkey.transaction.Identity;
import dev.latchkey.transaction.Leave;
import dev.latchkey.transaction.MemberState;
import dev.latchkey.transaction.SignedTransaction;
import dev.latchkey.transaction.TransactionSigning;
import dev.latchkey.transaction.Voucher;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TransactionsTest {
    @TempDir
    static Path directory;

    private static final TestNetwork NETWORK = new TestNetwork();
    private static CloudNode node;
    private static TestClient gateway;

    @BeforeAll
    static void start() throws Exception {
        node = NETWORK.start(directory);
        gateway = client(NETWORK.gateway.dtls());
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    private static TestClient client(KeyPair key) {
        return new TestClient(NETWORK, node.address(), key);
    }

    private static Identity identity() {
        return Identity.generate(TestNetwork.RANDOM);
    }

    @Test
    void aJoinGetsABlockACheckpointAReceiptAndAKeyProof() throws Exception {
        Identity device = identity();
        SignedTransaction join = NETWORK.join("d-one", device, NETWORK.voucher());
        Accepted accepted = (Accepted) gateway.submit(join).get(0);
        assertThat(accepted.transactionId()).isEqualTo(join.id(NETWORK.chain));
        VerifiedReceipt receipt =
                Receipt.verify(accepted.receipt(), join.encode(), NETWORK.policy(), TestNetwork.VERIFIER);
        assertThat(receipt.location().index()).isPositive();

        VerifiedCheckpoint checkpoint = CheckpointVerifier.verify(
                gateway.body("/v1/chains/{c}/checkpoint"), NETWORK.policy(), TestNetwork.VERIFIER);
        long height = checkpoint.checkpoint().height();
        Bytes answer = gateway.body("/v1/chains/{c}/keys/d-one?h=" + height);
        assertThat(KeyProof.verify(checkpoint, "d-one", answer).record().keys()).isEqualTo(device.keys());
        Bytes absence = gateway.body("/v1/chains/{c}/keys/d-never?h=" + height);
        assertThat(KeyProof.find(checkpoint, "d-never", absence)).isInstanceOf(VerifiedAbsence.class);
        Bytes header = gateway.body("/v1/chains/{c}/headers/0?h=" + height);
        assertThat(HeaderProof.verify(checkpoint, 0, header).height()).isZero();
        Bytes again = gateway.body(
                "/v1/chains/{c}/receipts/" + accepted.transactionId().toHex());
        assertThat(Receipt.verify(again, join.encode(), NETWORK.policy(), TestNetwork.VERIFIER)
                        .location())
                .isEqualTo(receipt.location());
    }

    @Test
    void theSameBodyAgainGetsItsReceiptAndNoSecondBlock() throws Exception {
        SignedTransaction join = NETWORK.join("d-again", identity(), NETWORK.voucher());
        Accepted first = (Accepted) gateway.submit(join).get(0);
        Accepted second = (Accepted) gateway.submit(join).get(0);
        assertThat(second.transactionId()).isEqualTo(first.transactionId());
        assertThat(location(second, join)).isEqualTo(location(first, join));
    }

    private static Object location(Accepted accepted, SignedTransaction transaction) throws Exception {
        return Receipt.verify(accepted.receipt(), transaction.encode(), NETWORK.policy(), TestNetwork.VERIFIER)
                .location();
    }

    @Test
    void aLeaveEndsTheMember() throws Exception {
        Identity device = identity();
        gateway.submit(NETWORK.join("d-leaves", device, NETWORK.voucher()));
        TestClient itself = client(device.dtls());
        assertThat(itself.get("/v1/chains/{c}/keys/d-leaves").statusCode()).isEqualTo(200);
        SignedTransaction leave = TransactionSigning.leave(new Leave("d-leaves", 2), NETWORK.chain, device.sig());
        assertThat(itself.submit(leave).get(0)).isInstanceOf(Accepted.class);
        assertThat(itself.get("/v1/chains/{c}/keys/d-leaves").statusCode()).isEqualTo(403);
        VerifiedCheckpoint checkpoint = CheckpointVerifier.verify(
                gateway.body("/v1/chains/{c}/checkpoint"), NETWORK.policy(), TestNetwork.VERIFIER);
        Bytes answer = gateway.body(
                "/v1/chains/{c}/keys/d-leaves?h=" + checkpoint.checkpoint().height());
        assertThat(KeyProof.verify(checkpoint, "d-leaves", answer).record().state())
                .isEqualTo(MemberState.LEFT);
    }

    @Test
    void manyTransactionsOfOneRequestAreAnsweredInOrder() throws Exception {
        Voucher voucher = NETWORK.voucher();
        List<SignedTransaction> joins = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            joins.add(NETWORK.join("d-many-" + i, identity(), voucher));
        }
        joins.add(NETWORK.join("d-many-0", identity(), voucher));
        List<TransactionAnswer> answers = gateway.submit(joins.toArray(SignedTransaction[]::new));
        for (int i = 0; i < 20; i++) {
            assertThat(((Accepted) answers.get(i)).transactionId())
                    .isEqualTo(joins.get(i).id(NETWORK.chain));
        }
        assertThat(answers.get(20)).isInstanceOf(Rejected.class);
    }

    @Test
    void refusalsAreValuesWithTheirReason() throws Exception {
        Voucher good = NETWORK.voucher();
        gateway.submit(NETWORK.join("d-taken", identity(), good));
        assertThat(refusal(NETWORK.join("d-taken", identity(), good))).isEqualTo("name-taken");

        Voucher expired = NETWORK.voucher("*", 5, Instant.now().minusSeconds(60));
        assertThat(refusal(NETWORK.join("d-late", identity(), expired))).isEqualTo("voucher-expired");

        Voucher single = NETWORK.voucher("d-*", 1, Instant.now().plusSeconds(60));
        gateway.submit(NETWORK.join("d-single", identity(), single));
        assertThat(refusal(NETWORK.join("d-second", identity(), single))).isEqualTo("voucher-used-up");
        assertThat(refusal(NETWORK.join(
                        "x-other",
                        identity(),
                        NETWORK.voucher("d-*", 2, Instant.now().plusSeconds(60)))))
                .isEqualTo("voucher-scope");

        KeyPair wrongKey = KeyPair.generate(TestNetwork.RANDOM);
        assertThat(refusal(NETWORK.join("d-thief", identity(), good, wrongKey))).startsWith("voucher-key");
        assertThat(refusal(NETWORK.join("Bad Name", identity(), good))).isEqualTo("bad-name");
    }

    @Test
    void aTransactionOfAnotherChainIsRefused() throws Exception {
        TestNetwork other = new TestNetwork();
        assertThat(refusal(other.join("d-foreign", identity(), other.voucher())))
                .isIn("voucher-chain", "voucher-signature", "bad-signature");
    }

    @Test
    void aBrokenSignatureIsRefusedAndDoesNotBlockTheRealOne() throws Exception {
        SignedTransaction join = NETWORK.join("d-real", identity(), NETWORK.voucher());
        byte[] broken = join.encode().toArray();
        broken[broken.length - 1] ^= 1;
        assertThat(refusal(SignedTransaction.decode(Bytes.wrap(broken)))).isIn("bad-signature", "voucher-key");
        assertThat(gateway.submit(join).get(0)).isInstanceOf(Accepted.class);
    }

    private static String refusal(SignedTransaction transaction) throws Exception {
        TransactionAnswer answer = gateway.submit(transaction).get(0);
        assertThat(answer).isInstanceOf(Rejected.class);
        return ((Rejected) answer).code();
    }

    @Test
    void malformedBodiesAreRefusedWithAProblem() throws Exception {
        String path = "/v1/chains/{c}/transactions";
        assertProblem(gateway.post(path, Bytes.EMPTY), 400, "malformed");
        assertProblem(gateway.post(path, Bytes.fromHex("9bffffffffffffffff")), 400, "malformed");
        assertProblem(gateway.post(path, Bytes.fromHex("1801")), 400, "malformed");
        assertProblem(gateway.post(path, Bytes.wrap(new byte[600 * 1024])), 413, "too-large");
        assertProblem(gateway.get("/v1/chains/zz"), 400, "malformed");
        assertProblem(gateway.get("/v1/chains/" + "ab".repeat(32)), 404, "unknown-chain");
        assertProblem(gateway.get("/v1/chains/{c}/blocks"), 400, "malformed");
        assertProblem(gateway.get("/v1/chains/{c}/blocks?from=-1"), 400, "malformed");
        assertProblem(gateway.get("/v1/chains/{c}/blocks?from=1&from=2"), 400, "malformed");
        assertProblem(gateway.get("/v1/chains/{c}/keys/d-never?h=99999"), 404, "stale-height");
        assertProblem(gateway.get("/nothing"), 404, "not-found");
        assertProblem(gateway.post("/v1/chains/{c}", Bytes.EMPTY), 405, "method-not-allowed");
        Bytes noTransaction = Cbor.encode(Cbor.array(Cbor.uint(1)));
        HttpResponse<byte[]> answer = gateway.post(path, noTransaction);
        Item only = Cbor.decode(Bytes.wrap(answer.body()), 4096).asArray(1).get(0);
        assertThat(((Rejected) TransactionAnswer.fromItem(only)).code()).isEqualTo("malformed");
    }

    private static void assertProblem(HttpResponse<byte[]> response, int status, String code) throws Exception {
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/concise-problem-details+cbor");
        assertThat(TestClient.code(response)).isEqualTo(code);
    }

    @Test
    void peopleGetJson() throws Exception {
        HttpResponse<byte[]> list = gateway.send(gateway.request("/v1/chains")
                .header("Accept", "application/json")
                .GET()
                .build());
        assertThat(new String(list.body())).contains(NETWORK.chain.toHex()).contains("seattle");
        HttpResponse<byte[]> problem = gateway.send(gateway.request("/v1/none")
                .header("Accept", "application/json")
                .GET()
                .build());
        assertThat(problem.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(new String(problem.body()))
                .contains("\"title\":\"not-found\"")
                .contains("\"status\":404");
    }

    @Test
    void theStreamOfBlocksPushesEachNewOneAndItsCheckpoint() throws Exception {
        Items items = new Items(gateway.stream(
                gateway.request("/v1/chains/{c}/blocks?from=0&follow=1").GET().build()));
        BlockVerifier verifier = new BlockVerifier(TestNetwork.VERIFIER, Runnable::run);
        Item first = items.next();
        ChainState state = verifier.verifyGenesis(
                        NETWORK.chain, first.asArray(3).get(1).asBytes())
                .after();
        gateway.submit(NETWORK.join("d-streamed", identity(), NETWORK.voucher()));
        boolean signed = false;
        while (state.member("d-streamed").isEmpty() || !signed) {
            List<Item> element = items.next().asArray(3);
            if (!element.get(1).isNull()) {
                state = verifier.verify(state, element.get(1).asBytes()).after();
                signed = false;
            }
            if (!element.get(2).isNull()) {
                VerifiedCheckpoint checkpoint =
                        CheckpointVerifier.verify(element.get(2).asBytes(), NETWORK.policy(), TestNetwork.VERIFIER);
                assertThat(checkpoint.checkpoint().blockHash())
                        .isEqualTo(
                                checkpoint.checkpoint().height() == state.height()
                                        ? state.blockHash()
                                        : checkpoint.checkpoint().blockHash());
                signed = checkpoint.checkpoint().height() == state.height();
            }
        }
        assertThat(state.member("d-streamed")).isPresent();
    }

    @Test
    void aQuietStreamShowsThatItLives() throws Exception {
        long height = Cbor.decode(gateway.body("/v1/chains/{c}"), 4096)
                .asArray()
                .get(3)
                .asUint();
        Items items = new Items(gateway.stream(gateway.request("/v1/chains/{c}/blocks?follow=1&from=" + (height + 1000))
                .GET()
                .build()));
        List<Item> element = items.next().asArray(3);
        while (!element.get(2).isNull()) {
            element = items.next().asArray(3);
        }
        assertThat(element.get(1).isNull()).isTrue();
    }

    @Test
    void http1ClientsAreServedToo() throws Exception {
        TestClient old = new TestClient(NETWORK, node.address(), NETWORK.gateway.dtls(), HttpClient.Version.HTTP_1_1);
        HttpResponse<byte[]> answer = old.get("/v1/chains/{c}/checkpoint");
        assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
        assertThat(gateway.get("/healthz").version()).isEqualTo(HttpClient.Version.HTTP_2);
        CheckpointVerifier.verify(Bytes.wrap(answer.body()), NETWORK.policy(), TestNetwork.VERIFIER);
    }

    @Test
    void whoMayDoWhat() throws Exception {
        TestClient stranger = client(KeyPair.generate(TestNetwork.RANDOM));
        assertThat(stranger.get("/v1/chains/{c}/policy").statusCode()).isEqualTo(200);
        assertThat(stranger.get("/readyz").statusCode()).isEqualTo(200);
        assertProblem(stranger.get("/v1/chains/{c}/keys/admin-1"), 403, "forbidden");
        assertProblem(stranger.get("/v1/chains/{c}/blocks?from=0"), 403, "forbidden");
        assertProblem(stranger.get("/v1/mailboxes/{c}/admin-1"), 403, "forbidden");
        assertProblem(stranger.post("/v1/messages?chain=" + NETWORK.chain.toHex(), Bytes.EMPTY), 403, "forbidden");
        SignedTransaction notItsOwn = NETWORK.join("d-not-own", identity(), NETWORK.voucher());
        assertProblem(stranger.post("/v1/chains/{c}/transactions", notItsOwn.encode()), 403, "forbidden");

        Identity device = identity();
        TestClient newcomer = client(device.dtls());
        assertThat(newcomer.submit(NETWORK.join("d-newcomer", device, NETWORK.voucher()))
                        .get(0))
                .isInstanceOf(Accepted.class);
        assertThat(newcomer.get("/v1/chains/{c}/keys/admin-1").statusCode()).isEqualTo(200);
        assertProblem(newcomer.get("/v1/chains/{c}/blocks?from=0"), 403, "forbidden");
        assertThat(client(NETWORK.admin.dtls())
                        .get("/v1/chains/{c}/blocks?from=0")
                        .statusCode())
                .isEqualTo(200);
        assertProblem(client(NETWORK.admin.sig()).get("/v1/chains/{c}/blocks?from=0"), 403, "forbidden");
    }

    @Test
    void figuresCountAnswers() throws Exception {
        gateway.get("/healthz");
        String text = new String(gateway.get("/metrics").body());
        assertThat(text).contains("latchkey_http_answers_total{route=\"/healthz\",status=\"200\"}");
        assertThat(text).contains("latchkey_chains 1.0");
    }
}
