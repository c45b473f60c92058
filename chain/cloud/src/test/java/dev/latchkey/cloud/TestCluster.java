package dev.latchkey.cloud;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cloud.chain.ScrubSettings;
import dev.latchkey.cloud.mailbox.MailboxSettings;
import dev.latchkey.cloud.operator.PublicKeys;
import dev.latchkey.cloud.raft.Member;
import dev.latchkey.cloud.raft.Retention;
import dev.latchkey.console.HostPort;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.host.AtomicFile;
import dev.latchkey.host.KeyFile;
import dev.latchkey.transaction.Policy;
import dev.latchkey.transaction.SignedTransaction;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.core.ConditionFactory;

/** Cloud nodes of one cluster in this process, with real TLS between them on loopback. For one thread. */
final class TestCluster implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    final TestNetwork network;

    /** How much of their logs the nodes keep that are started from now on. */
    Retention retention = Retention.DEFAULT;

    /** How many groups the nodes have that are started from now on. */
    GroupSettings groups = GroupSettings.USUAL;

    /** How many chains the nodes take that are started from now on. */
    int chains = CloudSettings.USUAL_CHAINS;

    /** How the nodes read their stores back that are started from now on. */
    ScrubSettings scrub = ScrubSettings.USUAL;

    private final Path directory;
    private final List<KeyPair> replicas;
    private final List<KeyPair> tls;
    private final List<Member> members = new ArrayList<>();
    private final TreeMap<Integer, CloudNode> running = new TreeMap<>();
    private final List<OffClock> clocks;

    /**
     * A cluster of which nothing runs yet.
     *
     * @param k how many replicas must sign
     */
    TestCluster(Path directory, int size, int k) throws IOException {
        this.directory = directory;
        this.replicas = keys(size);
        this.tls = keys(size);
        this.clocks = IntStream.range(0, size).mapToObj(i -> new OffClock()).toList();
        Policy.Replica[] nodes = IntStream.range(0, size)
                .mapToObj(i -> new Policy.Replica(
                        replicas.get(i).publicKey(), tls.get(i).publicKey()))
                .toArray(Policy.Replica[]::new);
        this.network = new TestNetwork(
                TestNetwork.key(),
                replicas.get(0),
                tls.get(0),
                "seattle",
                policy -> TestNetwork.withReplicas(policy, k, nodes));
        List<Integer> ports = FreePorts.take(2 * size);
        for (int i = 0; i < size; i++) {
            members.add(new Member(
                    "n" + (i + 1),
                    "127.0.0.1:" + ports.get(2 * i),
                    "127.0.0.1:" + ports.get(2 * i + 1),
                    PublicKeys.text(tls.get(i).publicKey())));
        }
    }

    private static List<KeyPair> keys(int count) {
        return IntStream.range(0, count).mapToObj(i -> TestNetwork.key()).toList();
    }

    /** A node with the members of this cluster in its settings and a TLS key of its own choice. */
    CloudSettings settings(int index, KeyPair tlsKey, List<Member> known, boolean join) throws IOException {
        Path home = Files.createDirectories(directory.resolve("n" + (index + 1)));
        if (!Files.exists(home.resolve("replica.pem"))) {
            KeyFile.write(home.resolve("replica.pem"), replicas.get(index));
            KeyFile.write(home.resolve("tls.pem"), tlsKey);
            AtomicFile.write(home.resolve("genesis.cose"), network.genesis.encode(), AtomicFile.Mode.SHARED);
        }
        Member self = known.get(index);
        InetSocketAddress listen = HostPort.parse(self.api()).address();
        CloudSettings usual = new CloudSettings(
                TestNetwork.https(listen),
                home.resolve("data"),
                home.resolve("replica.pem"),
                home.resolve("tls.pem"),
                List.of(home.resolve("genesis.cose")),
                MailboxSettings.USUAL,
                "info",
                Optional.empty(),
                Optional.of(new ClusterSettings(
                        self.id(),
                        HostPort.parse(self.address()),
                        join,
                        retention,
                        ClusterSettings.USUAL_TOLERANCE,
                        known)));
        return usual.with(groups, chains).with(scrub);
    }

    void start(int index) throws IOException {
        running.put(index, CloudNode.start(settings(index, tls.get(index), members, false), clocks.get(index)));
    }

    void startAll() throws IOException {
        for (int i = 0; i < members.size(); i++) {
            start(i);
        }
        running.keySet().forEach(this::awaitReady);
    }

    /** The clock of a node. */
    OffClock clock(int index) {
        return clocks.get(index);
    }

    void stop(int index) {
        running.remove(index).close();
    }

    /** Removes all data of a node that does not run. */
    void loseDisk(int index) throws IOException {
        lose(index, path -> true);
    }

    /** Removes the files that guard a node that does not run against a second history. */
    void loseGuard(int index) throws IOException {
        lose(index, path -> path.getParent().endsWith("guard") && !path.endsWith("FORMAT"));
    }

    private void lose(int index, Predicate<Path> what) throws IOException {
        Path data = directory.resolve("n" + (index + 1)).resolve("data");
        try (Stream<Path> all = Files.walk(data)) {
            for (Path path : all.filter(what).sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    Member member(int index) {
        return members.get(index);
    }

    /** A node's TLS key. */
    KeyPair key(int index) {
        return tls.get(index);
    }

    /** The key with which a node signs checkpoints. */
    KeyPair replica(int index) {
        return replicas.get(index);
    }

    /** A node's data. */
    Path data(int index) {
        return directory.resolve("n" + (index + 1)).resolve("data");
    }

    CloudNode node(int index) {
        return running.get(index);
    }

    TestClient client(int index, KeyPair key) {
        return new TestClient(
                network,
                HostPort.parse(members.get(index).api()).address(),
                tls.get(index).publicKey(),
                key,
                HttpClient.Version.HTTP_2);
    }

    static ConditionFactory patiently() {
        return await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).ignoreExceptions();
    }

    void awaitReady(int index) {
        TestClient client = client(index, network.gateway.dtls());
        patiently().until(() -> client.get("/readyz").statusCode() == 200);
    }

    /** Waits until a node knows who leads. */
    void awaitLed(int index) {
        TestClient client = client(index, network.gateway.dtls());
        patiently()
                .until(() -> client.get("/readyz").statusCode() == 200
                        || client.body("/metrics")
                                .toUtf8()
                                .contains("latchkey_raft_leader_known{group=\"chains\"} 1.0"));
    }

    /** Which node leads a group, as a running one says. */
    int leader(String group) {
        int asked = running.firstKey();
        TestClient client = client(asked, tls.get(asked));
        List<Integer> found = new ArrayList<>();
        patiently().until(() -> {
            for (Item each : Cbor.decode(client.body("/v1/cluster"), 1 << 20)
                    .asArray(2)
                    .get(1)
                    .asArray()) {
                List<Item> status = each.asArray(7);
                String leader = status.get(2).asText(64);
                if (status.get(0).asText(64).equals(group) && !leader.isEmpty()) {
                    int index = Integer.parseInt(leader.substring(1)) - 1;
                    if (running.containsKey(index)) {
                        found.add(index);
                        return true;
                    }
                }
            }
            return false;
        });
        return found.get(0);
    }

    /** Submits through a node until some node took it, as every client does. */
    void submit(int index, SignedTransaction transaction) {
        TestClient client = client(index, network.gateway.dtls());
        patiently()
                .untilAsserted(() -> assertThat(client.submit(transaction).get(0))
                        .isInstanceOf(dev.latchkey.protocol.TransactionAnswer.Accepted.class));
    }

    /** Waits until all nodes that run have the same blocks, at least up to a height, and shows that they do. */
    void assertEqualStores(long height) {
        List<List<String>> seen = new ArrayList<>();
        patiently().untilAsserted(() -> {
            seen.clear();
            for (int index : running.keySet()) {
                seen.add(blocks(index, height));
            }
            assertThat(seen).allSatisfy(blocks -> assertThat(blocks).isEqualTo(seen.get(0)));
        });
    }

    /** The blocks of a node, and its head's roots. */
    private List<String> blocks(int index, long height) throws Exception {
        TestClient client = client(index, network.gateway.dtls());
        List<String> found = new ArrayList<>();
        for (Item each : Cbor.decodeSequence(client.body("/v1/chains/{c}/blocks?from=0"), 64 << 20)) {
            Item block = each.asArray(3).get(1);
            if (!block.isNull()) {
                found.add(block.asBytes().toHex());
            }
        }
        assertThat(found).hasSizeGreaterThan((int) height);
        found.add(client.body("/v1/chains/{c}").toHex());
        return found;
    }

    @Override
    public void close() {
        List.copyOf(running.keySet()).forEach(this::stop);
    }
}
