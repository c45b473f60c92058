package dev.latchkey.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.checkpoint.Checkpoint;
import dev.latchkey.checkpoint.SignedCheckpoint;
import dev.latchkey.cloud.http.HttpsSettings;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.host.PinnedTls;
import dev.latchkey.proof.EvidenceFile;
import dev.latchkey.protocol.BatchAnswer;
import dev.latchkey.protocol.ContentFormat;
import dev.latchkey.protocol.MessageBatch;
import dev.latchkey.protocol.Problem;
import dev.latchkey.transaction.Genesis;
import dev.latchkey.transaction.Identity;
import dev.latchkey.transaction.Join;
import dev.latchkey.transaction.Policy;
import dev.latchkey.transaction.Role;
import dev.latchkey.transaction.TransactionSigning;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every problem that the API's document lists is answered by something that a client can ask: none is dead. */
class EveryProblemTest {
    /** What is not asked for here, and why. */
    private static final Map<String, String> LEFT_OUT = Map.of(
            "500 internal", "a fault of the node: what is known to lead to it is mended",
            "429 backup-under-way", "a backup of so little is over before a second one can be asked for");

    private static final String EVIDENCE = "/v1/chains/{c}/evidence";
    private static final String COSIGNATURES = "/v1/chains/{c}/cosignatures";
    private static final String TRANSACTIONS = "/v1/chains/{c}/transactions";

    @TempDir
    Path directory;

    private final Set<String> seen = new TreeSet<>();
    private Set<String> documented;

    @Test
    void eachIsAnswered() throws Exception {
        ofAClusterThatServes();
        ofAClusterWithoutALeader();
        ofANodeWithLittleRoom();
        TreeSet<String> all = new TreeSet<>(seen);
        all.addAll(LEFT_OUT.keySet());
        assertThat(all).isEqualTo(documented);
    }

    private void problem(String expected, HttpResponse<byte[]> answer) throws Exception {
        assertThat(answer.statusCode() + " " + TestClient.code(answer)).isEqualTo(expected);
        seen.add(expected);
    }

    private void problem(String expected, PlainCaller.Reply answer) throws Exception {
        assertThat(answer.status() + " " + Problem.decode(answer.body()).code()).isEqualTo(expected);
        seen.add(expected);
    }

    private void ofAClusterThatServes() throws Exception {
        try (TestCluster cluster = new TestCluster(directory.resolve("serves"), 1, 1)) {
            cluster.chains = 2;
            cluster.startAll();
            TestNetwork network = cluster.network;
            documented = cluster.client(0, TestNetwork.key()).document().problems();
            ofQuestions(cluster.client(0, network.gateway.dtls()));
            ofMembers(cluster.client(0, cluster.key(0)));
            ofMessages(cluster);
            ofCosignatures(cluster);
            ofFoundings(network, cluster.client(0, TestNetwork.key()));
            ofEvidence(network, cluster.client(0, network.gateway.dtls()));
        }
    }

    private void ofQuestions(TestClient gateway) throws Exception {
        problem("400 malformed", gateway.post(TRANSACTIONS, Bytes.of((byte) 0x9f)));
        problem("400 bad-name", gateway.get("/v1/chains/{c}/keys/-"));
        problem("403 not-served", gateway.get("/v1/mailboxes/{c}/admin-1"));
        problem("403 forbidden", gateway.post("/v1/chains/{c}/signatures", gateway.body("/v1/chains/{c}/checkpoint")));
        problem("404 not-found", gateway.get("/v2"));
        problem("404 unknown-chain", gateway.get("/v1/chains/" + "00".repeat(32)));
        problem("404 unknown-name", gateway.get("/v1/chains/{c}/keys/nobody/history"));
        problem("404 unknown-height", gateway.get("/v1/chains/{c}/headers/9"));
        problem("404 unknown-transaction", gateway.get("/v1/chains/{c}/receipts/" + "00".repeat(32)));
        problem("404 stale-height", gateway.get("/v1/chains/{c}/keys/gw-1?h=9"));
        problem("404 too-few-witnesses", gateway.get("/v1/chains/{c}/checkpoint?q=9"));
        problem(
                "405 method-not-allowed",
                gateway.send(gateway.request("/v1/chains").DELETE().build()));
        problem("413 too-large", gateway.post(COSIGNATURES, Bytes.wrap(new byte[1 << 20])));
        problem(
                "415 unsupported-media-type",
                gateway.send(gateway.request(TRANSACTIONS)
                        .header("Content-Type", "text/plain")
                        .POST(BodyPublishers.ofString("a"))
                        .build()));
    }

    private void ofMembers(TestClient member) throws Exception {
        problem("404 unknown-group", member.post("/v1/cluster/nothing/leader", Cbor.encode(Cbor.text("n1"))));
        problem("409 not-changed", member.post("/v1/cluster/chains/leader", Cbor.encode(Cbor.text("n9"))));
    }

    /** A second gateway goes on under the first one's store epoch. */
    private void ofMessages(TestCluster cluster) throws Exception {
        TestNetwork network = cluster.network;
        Identity owner = Identity.generate(TestNetwork.RANDOM);
        Identity rogue = Identity.generate(TestNetwork.RANDOM);
        Join join = new Join("gw-2", 1, Role.GATEWAY, rogue.keys(), Optional.empty(), Optional.empty());
        cluster.client(0, network.gateway.dtls())
                .submit(
                        network.join("owner", owner, network.voucher()),
                        TransactionSigning.joinEndorsed(join, network.chain, rogue, List.of(network.operator)));
        for (String name : List.of("gw-1", "gw-2")) {
            Digest session = Digest.sha256(Bytes.utf8(name));
            MessageBatch.Message message = new MessageBatch.Message(
                    1,
                    "owner",
                    session,
                    2, // the two may have come in two blocks
                    System.currentTimeMillis(),
                    ContentFormat.COSE_ENCRYPT0,
                    Readings.reading(session, 0, "a"),
                    List.of("owner"));
            Bytes batch = new MessageBatch(
                            Bytes.fromHex("0102030405060708"),
                            List.of(network.ticket("owner", owner, name)),
                            List.of(message))
                    .encode();
            KeyPair key = name.equals("gw-1") ? network.gateway.dtls() : rogue.dtls();
            HttpResponse<byte[]> answer = cluster.client(0, key).post("/v1/messages?chain={c}", batch);
            if (name.equals("gw-1")) {
                assertThat(BatchAnswer.decode(Bytes.wrap(answer.body())).refused())
                        .isEmpty();
            } else {
                problem("409 foreign-sequence", answer);
            }
        }
    }

    private void ofCosignatures(TestCluster cluster) throws Exception {
        TestNetwork network = cluster.network;
        TestClient client = cluster.client(0, network.gateway.dtls());
        KeyPair witness = network.gateway.sig();
        client.submit(network.change(
                network.firstPolicy(),
                policy -> TestNetwork.withWitnesses(policy, 1, new Policy.Witness("gw-1", witness.publicKey()))));
        SignedCheckpoint head = SignedCheckpoint.decode(client.body("/v1/chains/{c}/checkpoint"));
        Checkpoint body = head.checkpoint();
        problem("403 not-a-witness", client.post(COSIGNATURES, head.encode()));
        problem("422 bad-time", client.post(COSIGNATURES, signed(body, witness, 3_600)));
        byte[] forged = signed(body, witness, 0).toArray();
        forged[forged.length - 1] ^= 1;
        problem("422 bad-signature", client.post(COSIGNATURES, Bytes.wrap(forged)));
        problem("409 other-height", client.post(COSIGNATURES, signed(like(body, 99, Digest.ZERO), witness, 0)));
        problem("422 other-head", client.post(COSIGNATURES, signed(like(body, 0, Digest.ZERO), witness, 0)));
    }

    private static Checkpoint like(Checkpoint one, int higher, Digest blockHash) {
        return new Checkpoint(
                one.chain(),
                one.height() + higher,
                blockHash,
                one.historyRoot(),
                one.directoryRoot(),
                one.policyNumber(),
                one.timeMillis());
    }

    private static Bytes signed(Checkpoint body, KeyPair key, int ahead) {
        return SignedCheckpoint.sign(body, key, Instant.now().plusSeconds(ahead))
                .encode();
    }

    private void ofFoundings(TestNetwork network, TestClient client) throws Exception {
        TestNetwork tacoma = network.sibling("tacoma");
        TestNetwork strange =
                new TestNetwork(TestNetwork.key(), network.replica, network.tls, "tacoma", policy -> policy);
        problem("403 not-operators", client.post("/v1/chains", strange.genesis.encode()));
        TestNetwork elsewhere =
                new TestNetwork(network.operator, TestNetwork.key(), network.tls, "tacoma", policy -> policy);
        problem("403 not-a-replica", client.post("/v1/chains", elsewhere.genesis.encode()));
        problem(
                "409 name-taken",
                client.post("/v1/chains", network.sibling("seattle").genesis.encode()));
        byte[] forged = tacoma.genesis.encode().toArray();
        forged[forged.length - 1] ^= 1;
        problem("403 bad-signature", client.post("/v1/chains", Bytes.wrap(forged)));
        List<Genesis.FirstMember> members = List.of(
                new Genesis.FirstMember("admin-1", Role.ADMIN, network.admin.keys(), Optional.empty()),
                new Genesis.FirstMember("gw-1", Role.GATEWAY, network.gateway.keys(), Optional.empty()));
        long late = System.currentTimeMillis() + 3_600_000;
        Genesis early = new Genesis("city", "tacoma", network.firstPolicy(), late, members);
        Bytes signed = TransactionSigning.genesis(
                        early, List.of(network.operator), List.of(network.admin, network.gateway))
                .encode();
        problem("400 bad-time", client.post("/v1/chains", signed));
        assertThat(client.post("/v1/chains", tacoma.genesis.encode()).statusCode())
                .isEqualTo(201);
        problem("409 chain-exists", client.post("/v1/chains", tacoma.genesis.encode()));
        problem(
                "403 too-many-chains",
                client.post("/v1/chains", network.sibling("olympia").genesis.encode()));
    }

    /** The last one convicts the node itself: from then on it signs nothing. */
    private void ofEvidence(TestNetwork network, TestClient client) throws Exception {
        TestNetwork other = network.sibling("spokane");
        Bytes genesis = network.genesis.encode();
        Bytes join = network.join("d-1", Identity.generate(TestNetwork.RANDOM), network.voucher())
                .encode();
        problem("422 no-contradiction", client.post(EVIDENCE, file(network, TestNetwork.key(), genesis)));
        problem("422 other-chain", client.post(EVIDENCE, file(other, network.replica, genesis)));
        problem("422 bad-genesis", client.post(EVIDENCE, file(network, network.replica, join)));
        problem("422 bad-policy", client.post(EVIDENCE, file(network, network.replica, genesis, join)));
        assertThat(client.post(EVIDENCE, file(network, network.replica, genesis))
                        .statusCode())
                .isEqualTo(204);
        problem("503 no-checkpoint", client.post(TRANSACTIONS, join));
    }

    private static Bytes file(TestNetwork about, KeyPair liar, Bytes... policies) {
        Checkpoint one = new Checkpoint(about.chain, 0, Digest.ZERO, Digest.ZERO, Digest.ZERO, 0, 1);
        return EvidenceFile.make(
                about.chain,
                List.of(policies),
                SignedCheckpoint.sign(one, liar, Instant.now()),
                SignedCheckpoint.sign(like(one, 0, Digest.sha256(Bytes.EMPTY)), liar, Instant.now()),
                Optional.empty());
    }

    private void ofAClusterWithoutALeader() throws Exception {
        try (TestCluster cluster = new TestCluster(directory.resolve("waits"), 2, 1)) {
            cluster.start(0);
            TestClient member = cluster.client(0, cluster.key(0));
            problem("421 not-leader", member.post("/v1/cluster/chains/leader", Cbor.encode(Cbor.text("n2"))));
            problem("503 not-ready", member.get("/readyz"));
        }
    }

    private void ofANodeWithLittleRoom() throws Exception {
        TestNetwork network = new TestNetwork();
        InetSocketAddress loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        Duration minute = Duration.ofSeconds(60);
        HttpsSettings little =
                new HttpsSettings(loopback, 64, 64, 64, 64 << 10, minute, Duration.ofSeconds(2), minute, 1_000_000, 10);
        CloudSettings settings = network.settings(Files.createDirectories(directory.resolve("little")))
                .with(little);
        try (CloudNode node = CloudNode.start(settings, Clock.systemUTC());
                PlainCaller slow =
                        new PlainCaller(PinnedTls.client(network.gateway.dtls(), any -> true), node.address())) {
            TestClient gateway = new TestClient(network, node.address(), network.gateway.dtls());
            problem("503 overloaded", gateway.post(TRANSACTIONS, Bytes.wrap(new byte[100_000])));
            PlainCaller.Reply large = slow.send(
                    Bytes.utf8("GET /healthz HTTP/1.1\r\nHost: a\r\nX-Large: " + "x".repeat(9_000) + "\r\n\r\n"));
            problem("431 headers-too-large", large);
            PlainCaller.Reply late = slow.send(Bytes.utf8("POST " + TRANSACTIONS.replace("{c}", network.chain.toHex())
                    + " HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nx"));
            problem("408 too-slow", late);
            TestClient stranger = new TestClient(network, node.address(), TestNetwork.key());
            TestCluster.patiently().untilAsserted(() -> problem("429 too-many-requests", stranger.get("/v1/chains")));
        }
    }
}
