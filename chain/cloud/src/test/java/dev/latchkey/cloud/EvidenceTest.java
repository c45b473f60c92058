package dev.latchkey.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.checkpoint.Checkpoint;
import dev.latchkey.checkpoint.SignedCheckpoint;
import dev.latchkey.console.Cli;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.proof.EvidenceFile;
import dev.latchkey.proof.PolicyChain;
import dev.latchkey.protocol.Problem;
import dev.latchkey.transaction.Identity;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node is told that a replica signed two histories; here it is the node itself. */
class EvidenceTest {
    @TempDir
    Path directory;

    private final TestNetwork network = new TestNetwork();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private TestClient client(CloudNode node, KeyPair key) {
        return new TestClient(network, node.address(), key);
    }

    /** The node's own checkpoint of block 0, and another one of that height. */
    private Bytes file(KeyPair liar) {
        Checkpoint one = checkpoint(Digest.ZERO);
        Checkpoint other = checkpoint(Digest.sha256(Bytes.EMPTY));
        return EvidenceFile.make(
                network.chain,
                List.of(network.genesis.encode()),
                SignedCheckpoint.sign(one, liar, Instant.now()),
                SignedCheckpoint.sign(other, liar, Instant.now()),
                Optional.empty());
    }

    private Checkpoint checkpoint(Digest blockHash) {
        return new Checkpoint(network.chain, 0, blockHash, Digest.ZERO, Digest.ZERO, 0, System.currentTimeMillis());
    }

    private static void assertProblem(HttpResponse<byte[]> response, int status, String code) throws Exception {
        assertThat(TestClient.code(response)).isEqualTo(code);
        assertThat(response.statusCode()).isEqualTo(status);
    }

    @Test
    void evidenceIsKeptFiledAndTheStruckReplicaSignsNothingMore() throws Exception {
        Bytes evidence = file(network.replica);
        try (CloudNode node = network.start(directory)) {
            TestClient anybody = client(node, TestNetwork.key());
            assertThat(anybody.post("/v1/chains/{c}/evidence", evidence).statusCode())
                    .isEqualTo(204);
            assertThat(anybody.post("/v1/chains/{c}/evidence", evidence).statusCode())
                    .isEqualTo(204);
            List<Bytes> walk = new ArrayList<>();
            for (Item item : Cbor.decodeSequence(anybody.body("/v1/chains/{c}/policy"), 1 << 20)) {
                walk.add(item.asBytes());
            }
            assertThat(walk).hasSize(2);
            assertThat(PolicyChain.verify(network.chain, walk, TestNetwork.VERIFIER)
                            .standingReplicas())
                    .isEmpty();
            assertSilent(node);
        }
        try (Stream<Path> files = Files.list(directory.resolve("data").resolve("evidence"))) {
            Path kept = files.filter(file -> file.toString().endsWith(".evidence"))
                    .findFirst()
                    .orElseThrow();
            assertThat(Bytes.wrap(Files.readAllBytes(kept))).isEqualTo(evidence);
            assertAudited(kept);
        }
        try (CloudNode node = network.start(directory)) {
            assertSilent(node);
        }
    }

    private void assertAudited(Path kept) {
        String chain = network.chain.toHex();
        assertThat(audit("--evidence", kept, "--chain", chain)).isZero();
        assertThat(out.toString()).contains(chain, "the evidence holds").doesNotContain("compare the chain");
        assertThat(audit("--evidence", kept)).isZero();
        assertThat(out.toString()).contains(chain, "compare the chain id");
        assertThat(audit("--evidence", kept, "--json")).isZero();
        assertThat(out.toString())
                .startsWith("{\"convicts\":true,\"chain\":\"" + chain + "\"")
                .contains("\"keys\":[\"" + network.replica.publicKey().kid() + "\"]");
        assertThat(audit("--evidence", kept, "--chain", "00".repeat(32))).isEqualTo(1);
        assertThat(err.toString()).contains("convicts nobody: other-chain");
        assertThat(audit("--evidence", directory.resolve("genesis.cose"))).isEqualTo(1);
        assertThat(audit("--evidence", directory.resolve("nothing"))).isEqualTo(2);
        assertThat(audit("--evidence", kept, kept)).isEqualTo(2);
        assertThat(audit()).isEqualTo(2);
    }

    private int audit(Object... arguments) {
        out.reset();
        err.reset();
        Printed.to(out, err);
        try {
            return Cli.run(
                    CloudMain.command(),
                    Stream.concat(Stream.of("audit"), Stream.of(arguments).map(Object::toString))
                            .toArray(String[]::new));
        } finally {
            Printed.end();
        }
    }

    private void assertSilent(CloudNode node) throws Exception {
        TestClient gateway = client(node, network.gateway.dtls());
        HttpResponse<byte[]> answer = gateway.post(
                "/v1/chains/{c}/transactions",
                network.join("d-" + node.address().getPort(), Identity.generate(TestNetwork.RANDOM), network.voucher())
                        .encode());
        assertProblem(answer, 503, "no-checkpoint");
        assertThat(Problem.decode(Bytes.wrap(answer.body())).detail()).contains("struck by evidence");
        assertThat(new String(gateway.get("/metrics").body()))
                .contains("latchkey_alarm_struck 1.0")
                .contains("latchkey_alarm_evidence 1.0");
    }

    @Test
    void whatConvictsNobodyIsRefused() throws Exception {
        try (CloudNode node = network.start(directory)) {
            TestClient anybody = client(node, TestNetwork.key());
            String path = "/v1/chains/{c}/evidence";
            assertProblem(anybody.post(path, file(TestNetwork.key())), 422, "no-contradiction");
            assertProblem(anybody.post(path, Bytes.fromHex("80")), 400, "malformed");
            assertProblem(anybody.post(path, Bytes.wrap(new byte[300 * 1024])), 413, "too-large");
            TestNetwork other = new TestNetwork();
            assertProblem(
                    anybody.post("/v1/chains/" + other.chain.toHex() + "/evidence", Bytes.fromHex("80")),
                    404,
                    "unknown-chain");
            assertThat(new String(anybody.get("/metrics").body())).contains("latchkey_alarm_evidence 0.0");
        }
    }
}
