package dev.latchkey.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.proof.CheckpointVerifier;
import dev.latchkey.protocol.TransactionAnswer.Accepted;
import dev.latchkey.transaction.Identity;
import dev.latchkey.transaction.SignedTransaction;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One node orders several chains of a network. */
class FurtherChainsTest {
    @TempDir
    Path directory;

    private final TestNetwork first = new TestNetwork();
    private final TestNetwork second = first.sibling("tacoma");

    private static TestClient client(TestNetwork network, CloudNode node, KeyPair key) {
        return new TestClient(network, node.address(), key);
    }

    @Test
    void aSecondChainBeginsTakesTransactionsAndSurvivesARestart() throws Exception {
        Identity device = Identity.generate(TestNetwork.RANDOM);
        try (CloudNode node = first.start(directory)) {
            TestClient operator = client(second, node, TestNetwork.key());
            HttpResponse<byte[]> created = operator.post("/v1/chains", second.genesis.encode());
            assertThat(created.statusCode()).isEqualTo(201);
            Item answer = Cbor.decode(Bytes.wrap(created.body()), 4096);
            assertThat(answer)
                    .isEqualTo(Cbor.array(Cbor.bytes(second.chain.bytes()), Cbor.text("tacoma"), Cbor.uint(0)));
            assertProblem(operator.post("/v1/chains", second.genesis.encode()), 409, "chain-exists");
            TestClient gateway = client(second, node, second.gateway.dtls());
            assertThat(gateway.submit(second.join("d-1", device, second.voucher()))
                            .get(0))
                    .isInstanceOf(Accepted.class);
            // the chains know nothing of each other's members
            assertThat(client(first, node, second.gateway.dtls())
                            .get("/v1/chains/{c}/blocks?from=0")
                            .statusCode())
                    .isEqualTo(403);
        }
        try (CloudNode node = first.start(directory)) {
            TestClient itself = client(second, node, device.dtls());
            assertThat(itself.get("/v1/chains/{c}/keys/d-1").statusCode()).isEqualTo(200);
            CheckpointVerifier.verify(itself.body("/v1/chains/{c}/checkpoint"), second.policy(), TestNetwork.VERIFIER);
            CheckpointVerifier.verify(
                    client(first, node, device.dtls()).body("/v1/chains/{c}/checkpoint"),
                    first.policy(),
                    TestNetwork.VERIFIER);
            assertThat(Cbor.decode(itself.body("/v1/chains"), 4096).asArray(2))
                    .extracting(item -> item.asArray(3).get(1).asText(32))
                    .containsExactlyInAnyOrder("seattle", "tacoma");
            assertThat(new String(itself.get("/metrics").body())).contains("latchkey_chains 2.0");
        }
    }

    @Test
    void aChainIsFoundedByTheOperatorsForThisNode() throws Exception {
        try (CloudNode node = first.start(directory)) {
            TestClient client = client(first, node, TestNetwork.key());
            TestNetwork foreign =
                    new TestNetwork(TestNetwork.key(), first.replica, first.tls, "tacoma", UnaryOperator.identity());
            assertProblem(client.post("/v1/chains", foreign.genesis.encode()), 403, "not-operators");
            TestNetwork elsewhere =
                    new TestNetwork(first.operator, TestNetwork.key(), first.tls, "tacoma", UnaryOperator.identity());
            assertProblem(client.post("/v1/chains", elsewhere.genesis.encode()), 403, "not-a-replica");
            assertProblem(
                    client.post("/v1/chains", first.sibling("seattle").genesis.encode()), 409, "name-taken");
            byte[] forged = second.genesis.encode().toArray();
            forged[forged.length - 1] ^= 1;
            assertProblem(client.post("/v1/chains", Bytes.wrap(forged)), 403, "bad-signature");
            assertProblem(client.post("/v1/chains", Bytes.EMPTY), 400, "malformed");
            SignedTransaction noGenesis = first.join("d-1", Identity.generate(TestNetwork.RANDOM), first.voucher());
            assertProblem(client.post("/v1/chains", noGenesis.encode()), 400, "malformed");
            assertProblem(client.post("/v1/chains", Bytes.wrap(new byte[65 * 1024])), 413, "too-large");
            assertThat(Cbor.decode(client.body("/v1/chains"), 4096).asArray()).hasSize(1);
        }
    }

    private static void assertProblem(HttpResponse<byte[]> response, int status, String code) throws Exception {
        assertThat(TestClient.code(response)).isEqualTo(code);
        assertThat(response.statusCode()).isEqualTo(status);
    }
}
