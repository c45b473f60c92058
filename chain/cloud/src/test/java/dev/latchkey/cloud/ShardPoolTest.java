package dev.latchkey.cloud;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.console.UsageFault;
import dev.latchkey.protocol.BatchAnswer;
import dev.latchkey.protocol.ContentFormat;
import dev.latchkey.protocol.MessageBatch;
import dev.latchkey.protocol.TransactionAnswer;
import dev.latchkey.transaction.ChainId;
import dev.latchkey.transaction.Identity;
import dev.latchkey.transaction.Policy;
import dev.latchkey.transaction.Rotate;
import dev.latchkey.transaction.SignedTransaction;
import dev.latchkey.transaction.TransactionSigning;
import dev.latchkey.transaction.Voucher;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Chains and mailboxes in several Raft groups. */
class ShardPoolTest {
    private static final int CLIENTS = 4;
    private static final int ROTATIONS = 21;
    private static final int FLOOD_BATCH = 512;

    @TempDir
    Path directory;

    @Test
    void manyChainsLieInFourGroups() throws Exception {
        found(60);
    }

    @Test
    @Tag("long")
    void aThousandChainsLieInFourGroups() throws Exception {
        found(1_000);
    }

    private void found(int count) throws Exception {
        TestNetwork first = new TestNetwork();
        CloudSettings settings = first.settings(directory).with(new GroupSettings(4, 2), count + 1);
        List<TestNetwork> siblings = IntStream.range(0, count)
                .parallel()
                .mapToObj(i -> first.sibling("town-" + i))
                .toList();
        Map<ChainId, String> places;
        try (CloudNode node = CloudNode.start(settings, Clock.systemUTC())) {
            long begun = System.nanoTime();
            everybody(first, node, siblings, (client, sibling) -> {
                HttpResponse<byte[]> answer = client.post("/v1/chains", sibling.genesis.encode());
                assertThat(answer.statusCode()).isEqualTo(201);
            });
            System.out.printf(
                    "%d sub-networks founded in 4 groups: %.1f ms each%n",
                    count, (System.nanoTime() - begun) / 1e6 / count);
            TestNetwork tooMany = first.sibling("one-more");
            assertThat(TestClient.code(new TestClient(first, node.address(), TestNetwork.key())
                            .post("/v1/chains", tooMany.genesis.encode())))
                    .isEqualTo("too-many-chains");
            places = node.places();
            assertThat(places).hasSize(count + 1);
            Map<String, Long> sizes =
                    places.values().stream().collect(Collectors.groupingBy(group -> group, Collectors.counting()));
            assertThat(sizes.keySet())
                    .containsExactlyInAnyOrder("chains-1of4", "chains-2of4", "chains-3of4", "chains-4of4");
            assertThat(sizes.values()).allMatch(size -> Math.abs(size - (count + 1) / 4.0) < 1);
            reached(first, node, siblings);
        }
        assertThatThrownBy(() -> CloudNode.start(settings.with(new GroupSettings(3, 2), 64), Clock.systemUTC()))
                .isInstanceOf(UsageFault.class)
                .hasMessageContaining("groups.chains: is 3, and was fixed at 4 by the first start");
        assertThatThrownBy(() -> CloudNode.start(settings.with(new GroupSettings(4, 1), 64), Clock.systemUTC()))
                .isInstanceOf(UsageFault.class)
                .hasMessageContaining("groups.mailboxes: is 1, and was fixed at 2 by the first start");
        try (CloudNode node = CloudNode.start(settings, Clock.systemUTC())) {
            assertThat(node.places()).isEqualTo(places);
            reached(first, node, siblings);
        }
    }

    /** Each chain takes a transaction, in a block of its own. */
    private static void reached(TestNetwork first, CloudNode node, List<TestNetwork> siblings) throws Exception {
        everybody(first, node, siblings, (client, sibling) -> {
            String path = "/v1/chains/" + sibling.chain.toHex();
            HttpResponse<byte[]> answer = client.post(
                    path + "/transactions",
                    sibling.change(sibling.firstPolicy(), policy -> policy).encode());
            assertThat(answer.statusCode()).isEqualTo(200);
            Item outcome =
                    Cbor.decode(Bytes.wrap(answer.body()), 1 << 20).asArray(1).get(0);
            assertThat(TransactionAnswer.fromItem(outcome)).isInstanceOf(TransactionAnswer.Accepted.class);
            assertThat(height(client, path)).isEqualTo(1);
        });
    }

    private static long height(TestClient client, String path) throws Exception {
        return Cbor.decode(client.body(path), 1 << 16).asArray().get(3).asUint();
    }

    private interface Step {
        void run(TestClient client, TestNetwork sibling) throws Exception;
    }

    /** All siblings, by some clients at a time. */
    private static void everybody(TestNetwork first, CloudNode node, List<TestNetwork> siblings, Step step)
            throws Exception {
        ConcurrentLinkedQueue<TestNetwork> left = new ConcurrentLinkedQueue<>(siblings);
        ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
        try {
            List<Future<?>> done = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                TestClient client = new TestClient(first, node.address(), TestNetwork.key());
                done.add(threads.submit(() -> {
                    for (TestNetwork next = left.poll(); next != null; next = left.poll()) {
                        step.run(client, next);
                    }
                    return null;
                }));
            }
            for (Future<?> each : done) {
                each.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void aFloodedMailboxGroupDoesNotHoldBackARotation() throws Exception {
        TestNetwork network = new TestNetwork();
        CloudSettings settings = network.settings(directory).with(new GroupSettings(1, 2), 4);
        try (CloudNode node = CloudNode.start(settings, Clock.systemUTC())) {
            TestClient gateway = new TestClient(network, node.address(), network.gateway.dtls());
            List<Identity> devices = IntStream.range(0, 3 * ROTATIONS)
                    .mapToObj(i -> Identity.generate(TestNetwork.RANDOM))
                    .toList();
            Voucher voucher = network.voucher();
            gateway.submit(IntStream.range(0, devices.size())
                    .mapToObj(i -> network.join("d-" + i, devices.get(i), voucher))
                    .toArray(SignedTransaction[]::new));
            rotations(network, gateway, devices, 0); // while the node warms up
            double quiet = rotations(network, gateway, devices, ROTATIONS);
            AtomicBoolean over = new AtomicBoolean();
            AtomicInteger delivered = new AtomicInteger();
            Thread flood = new Thread(() -> flood(network, node, devices.get(0), over, delivered));
            flood.start();
            TestCluster.patiently().until(() -> delivered.get() > FLOOD_BATCH);
            double flooded = rotations(network, gateway, devices, 2 * ROTATIONS);
            over.set(true);
            flood.join();
            System.out.printf(
                    "a rotation: %.1f ms, beside %d messages into mailboxes %.1f ms%n",
                    quiet, delivered.get(), flooded);
            // the margin is for a machine that runs other tests beside this one
            assertThat(flooded).isLessThan(5 * quiet + 250);
        }
    }

    /** Median of the milliseconds that a rotation takes until its receipt. */
    private static double rotations(TestNetwork network, TestClient gateway, List<Identity> devices, int from)
            throws Exception {
        double[] millis = new double[ROTATIONS];
        for (int i = 0; i < ROTATIONS; i++) {
            Rotate rotate = new Rotate(
                    "d-" + (from + i),
                    2,
                    Optional.empty(),
                    Optional.of(TestNetwork.key().publicKey()),
                    Optional.empty(),
                    Optional.empty());
            SignedTransaction signed = TransactionSigning.of(rotate, network.chain)
                    .by(devices.get(from + i).sig())
                    .finish();
            long begun = System.nanoTime();
            assertThat(gateway.submit(signed).get(0)).isInstanceOf(TransactionAnswer.Accepted.class);
            millis[i] = (System.nanoTime() - begun) / 1e6;
        }
        Arrays.sort(millis);
        return millis[ROTATIONS / 2];
    }

    private static void flood(
            TestNetwork network, CloudNode node, Identity device, AtomicBoolean over, AtomicInteger delivered) {
        TestClient client = new TestClient(network, node.address(), network.gateway.dtls());
        Digest session = Digest.sha256(Bytes.utf8("flood"));
        List<Bytes> tickets = List.of(network.ticket("d-0", device, "gw-1"));
        try {
            while (!over.get()) {
                List<MessageBatch.Message> messages = new ArrayList<>();
                for (int i = 0; i < FLOOD_BATCH; i++) {
                    int number = delivered.get() + i;
                    messages.add(new MessageBatch.Message(
                            number + 1,
                            "d-0",
                            session,
                            1_000,
                            System.currentTimeMillis(),
                            ContentFormat.COSE_ENCRYPT0,
                            Readings.reading(session, number % 60_000, "reading " + number),
                            List.of("d-0")));
                }
                Bytes batch = new MessageBatch(Bytes.fromHex("0102030405060708"), tickets, messages).encode();
                client.post("/v1/messages?chain=" + network.chain.toHex(), batch);
                delivered.addAndGet(FLOOD_BATCH);
            }
        } catch (Exception e) {
            delivered.set(Integer.MIN_VALUE); // the wait for the first batches ends without them
        }
    }

    @Test
    void threeNodesAgreeOnThePlacesWhoeverLeadsWhat() throws Exception {
        try (TestCluster cluster = new TestCluster(directory, 3, 1)) {
            cluster.groups = new GroupSettings(2, 2);
            cluster.startAll();
            TestNetwork first = cluster.network;
            Policy.Replica[] nodes = first.firstPolicy().replicas().nodes().toArray(Policy.Replica[]::new);
            List<TestNetwork> siblings = IntStream.range(0, 3)
                    .mapToObj(i -> new TestNetwork(
                            first.operator,
                            first.replica,
                            first.tls,
                            "town-" + i,
                            policy -> TestNetwork.withReplicas(policy, 1, nodes)))
                    .toList();
            String[] groups = {"chains-1of2", "chains-2of2", "mailboxes-1of2", "mailboxes-2of2"};
            for (int i = 0; i < groups.length; i++) {
                lead(cluster, groups[i], i % 3); // every kind of request meets a node that does not lead
            }
            for (int i = 0; i < siblings.size(); i++) {
                TestClient client = cluster.client(i, TestNetwork.key());
                Bytes genesis = siblings.get(i).genesis.encode();
                TestCluster.patiently().until(() -> {
                    HttpResponse<byte[]> answer = client.post("/v1/chains", genesis);
                    return answer.statusCode() == 201 || TestClient.code(answer).equals("chain-exists");
                });
            }
            List<Identity> people = IntStream.range(0, 4)
                    .mapToObj(i -> Identity.generate(TestNetwork.RANDOM))
                    .toList();
            Voucher voucher = first.voucher();
            for (int i = 0; i < people.size(); i++) {
                cluster.submit(i % 3, first.join("d-" + i, people.get(i), voucher));
            }
            for (int i = 0; i < 3; i++) {
                deliver(cluster, i, people);
            }
            for (int i = 0; i < people.size(); i++) {
                int name = i;
                TestClient reader = cluster.client(i % 3, people.get(i).dtls());
                TestCluster.patiently()
                        .untilAsserted(
                                () -> assertThat(waiting(reader, "d-" + name)).isEqualTo(3));
                TestCluster.patiently()
                        .until(() -> reader.send(reader.request("/v1/mailboxes/{c}/d-" + name + "?upto=2")
                                                .DELETE()
                                                .build())
                                        .statusCode()
                                == 204);
                assertThat(waiting(reader, "d-" + name)).isEqualTo(1);
            }
            Map<ChainId, String> places = cluster.node(0).places();
            assertThat(places).hasSize(4);
            assertThat(new HashSet<>(places.values())).hasSize(2);
            for (int i = 0; i < 3; i++) {
                int index = i;
                TestCluster.patiently()
                        .untilAsserted(
                                () -> assertThat(cluster.node(index).places()).isEqualTo(places));
            }
        }
    }

    private static void lead(TestCluster cluster, String group, int wanted) {
        TestCluster.patiently().until(() -> {
            int leader = cluster.leader(group);
            if (leader != wanted) {
                TestClient client = cluster.client(leader, cluster.key(leader));
                String id = cluster.member(wanted).id();
                client.post("/v1/cluster/" + group + "/leader", Cbor.encode(Cbor.text(id)));
            }
            return cluster.leader(group) == wanted;
        });
    }

    private static int waiting(TestClient reader, String name) throws Exception {
        return Cbor.decodeSequence(reader.body("/v1/mailboxes/{c}/" + name), 1 << 20)
                .size();
    }

    /** One batch to everybody through a node. */
    private static void deliver(TestCluster cluster, int through, List<Identity> people) throws Exception {
        TestNetwork network = cluster.network;
        Digest session = Digest.sha256(Bytes.utf8("session"));
        MessageBatch.Message message = new MessageBatch.Message(
                through + 1,
                "d-0",
                session,
                1_000,
                System.currentTimeMillis(),
                ContentFormat.COSE_ENCRYPT0,
                Readings.reading(session, through, "to all"),
                List.of("d-0", "d-1", "d-2", "d-3"));
        MessageBatch batch = new MessageBatch(
                Bytes.fromHex("0102030405060708"),
                List.of(network.ticket("d-0", people.get(0), "gw-1")),
                List.of(message));
        TestClient gateway = cluster.client(through, network.gateway.dtls());
        TestCluster.patiently().until(() -> {
            HttpResponse<byte[]> answer = gateway.post("/v1/messages?chain=" + network.chain.toHex(), batch.encode());
            return answer.statusCode() == 200
                    && BatchAnswer.decode(Bytes.wrap(answer.body())).refused().isEmpty();
        });
    }
}
