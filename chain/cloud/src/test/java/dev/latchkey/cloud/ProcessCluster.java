package dev.latchkey.cloud;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cloud.operator.ClusterText;
import dev.latchkey.console.HostPort;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.host.AtomicFile;
import dev.latchkey.host.KeyFile;
import dev.latchkey.transaction.Policy;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Three cloud nodes, each a process with a directory of its own, that reach each other through relays which can be cut.
 * Clients reach them directly. For one thread, but for {@link #client}.
 */
final class ProcessCluster implements AutoCloseable {
    static final int SIZE = 3;

    final TestNetwork network;
    final List<KeyPair> tls = new ArrayList<>(keys());

    /** What each process gets, beside what this one has. */
    final List<Map<String, String>> environments = IntStream.range(0, SIZE)
            .<Map<String, String>>mapToObj(i -> new ConcurrentHashMap<>())
            .toList();

    /** The command that runs each process. */
    final List<List<String>> before = new ArrayList<>(List.of(List.of(), List.of(), List.of()));

    private final List<String> names = new ArrayList<>(List.of("n1", "n2", "n3"));
    private final List<Path> homes = new ArrayList<>();
    private final List<Integer> ports = FreePorts.take(4 * SIZE);
    private final List<CutRelay> relays = new ArrayList<>();
    private final Map<Integer, CloudProcess> running = new ConcurrentHashMap<>();
    private final Map<Socket, String> senders = new ConcurrentHashMap<>();
    private final Set<String> alone = ConcurrentHashMap.newKeySet();
    private final Optional<Namespaces> spaces;

    /**
     * A cluster of which nothing runs yet.
     *
     * @param settings further lines of each node's settings
     */
    ProcessCluster(Path directory, String... settings) throws IOException {
        this(directory, Optional.empty(), settings);
    }

    /** A cluster whose nodes reach each other through a network that can be cut, and not through relays. */
    ProcessCluster(Path directory, Namespaces spaces) throws IOException {
        this(directory, Optional.of(spaces));
    }

    private ProcessCluster(Path directory, Optional<Namespaces> spaces, String... settings) throws IOException {
        this.spaces = spaces;
        names.forEach(name -> homes.add(directory.resolve(name)));
        List<KeyPair> replicas = keys();
        Policy.Replica[] nodes = IntStream.range(0, SIZE)
                .mapToObj(i -> new Policy.Replica(
                        replicas.get(i).publicKey(), tls.get(i).publicKey()))
                .toArray(Policy.Replica[]::new);
        network = new TestNetwork(
                TestNetwork.key(),
                replicas.get(0),
                tls.get(0),
                "seattle",
                policy -> restless(TestNetwork.withReplicas(policy, 1, nodes)));
        List<ClusterText.Node> members = new ArrayList<>();
        for (int i = 0; i < SIZE; i++) {
            members.add(new ClusterText.Node(
                    name(i), amongNodes(i, 0), amongNodes(i, 1), tls.get(i).publicKey()));
        }
        for (int i = 0; i < SIZE; i++) {
            write(i, replicas.get(i), members, settings);
            String to = name(i);
            int at = i;
            spaces.ifPresent(net -> before.set(at, net.inside(at)));
            for (int kind = 0; kind < 2 && spaces.isEmpty(); kind++) {
                relays.add(new CutRelay(port(i, kind), port(i, 2 + kind), socket -> isCut(socket, to)));
            }
        }
    }

    /** Members change their keys as often as they like. */
    private static Policy restless(Policy policy) {
        return new Policy(
                policy.number(),
                policy.previous(),
                policy.operators(),
                policy.replicas(),
                policy.witnesses(),
                policy.difficulty(),
                new Policy.Limits(1_000_000, 720),
                policy.siblings(),
                policy.blockVersion());
    }

    private static List<KeyPair> keys() {
        return IntStream.range(0, SIZE).mapToObj(i -> TestNetwork.key()).toList();
    }

    private HostPort amongNodes(int index, int kind) {
        return spaces.map(net -> HostPort.parse(net.amongNodes(index) + ":" + port(index, 2 + kind)))
                .orElseGet(() -> HostPort.parse("127.0.0.1:" + port(index, kind)));
    }

    private HostPort outside(int index, int kind) {
        return HostPort.parse(spaces.map(net -> net.outside(index)).orElse("127.0.0.1") + ":" + port(index, kind));
    }

    /** Of a node: 0 and 1 where the others reach log and API, 2 and 3 where they are. */
    private int port(int index, int kind) {
        return ports.get(4 * index + kind);
    }

    /** The name of a node, which changes if it comes back with another disk. */
    String name(int index) {
        return names.get(index);
    }

    /** Where a node's API and log are, without a relay. */
    String[] places(int index) {
        return new String[] {outside(index, 3).toString(), outside(index, 2).toString()};
    }

    /** Puts a node with a name, keys and a directory of its own in the place of one that is gone. */
    void replace(int index, String name, Path home) throws IOException {
        names.set(index, name);
        homes.set(index, home);
        tls.set(index, KeyFile.read(home.resolve("tls.pem")));
    }

    private void write(int index, KeyPair replica, List<ClusterText.Node> members, String... settings)
            throws IOException {
        Path home = Files.createDirectories(home(index));
        KeyFile.write(home.resolve("replica.pem"), replica);
        KeyFile.write(home.resolve("tls.pem"), tls.get(index));
        AtomicFile.write(home.resolve("genesis.cose"), network.genesis.encode(), AtomicFile.Mode.SHARED);
        String host = spaces.isPresent() ? "0.0.0.0:" : "127.0.0.1:";
        String text = "listen = \"" + host + port(index, 3) + "\"\ngenesis = [\"genesis.cose\"]\n"
                + "limits { member-requests = 1000000, stranger-requests = 1000000 }\n"
                + ClusterText.section(members, index, false) + "cluster.listen = \"" + host + port(index, 2) + "\"\n"
                + String.join("\n", settings) + "\n";
        AtomicFile.write(config(index), Bytes.utf8(text), AtomicFile.Mode.SHARED);
    }

    Path home(int index) {
        return homes.get(index);
    }

    Path config(int index) {
        return home(index).resolve("cloud.conf");
    }

    void set(int index, String line) throws IOException {
        Files.writeString(config(index), line + "\n", StandardOpenOption.APPEND);
    }

    /** What a node said on standard error in all its lives. */
    String said(int index) throws IOException {
        return Files.readString(home(index).resolve("log"));
    }

    void begin(int index) throws IOException {
        running.put(
                index,
                CloudProcess.begun(
                        config(index), home(index).resolve("log"), before.get(index), environments.get(index)));
    }

    void start(int... nodes) throws IOException {
        for (int index : nodes) {
            begin(index);
        }
        for (int index : nodes) {
            running.get(index).awaitReady();
        }
        for (int index : nodes) {
            awaitServing(index);
        }
    }

    /** Waits until /readyz says so. */
    void awaitServing(int index) {
        TestClient client = client(index, network.gateway.dtls());
        TestCluster.patiently().until(() -> client.get("/readyz").statusCode() == 200);
    }

    CloudProcess process(int index) {
        return running.get(index);
    }

    void kill(int index) {
        running.remove(index).kill();
    }

    int terminate(int index) {
        return running.remove(index).terminate();
    }

    /** Lets everything vanish between a node and the others. */
    void isolate(int index) throws Exception {
        alone.add(name(index));
        if (spaces.isPresent()) {
            spaces.get().cutOff(index);
        }
    }

    void heal() throws Exception {
        alone.clear();
        relays.forEach(CutRelay::heal);
        if (spaces.isPresent()) {
            spaces.get().heal();
        }
    }

    private boolean isCut(Socket accepted, String to) {
        String from = senders.computeIfAbsent(accepted, this::sender);
        return !from.equals(to) && (alone.contains(from) || alone.contains(to));
    }

    private String sender(Socket accepted) {
        Map<String, Long> pids = running.entrySet().stream()
                .collect(Collectors.toMap(
                        each -> name(each.getKey()), each -> each.getValue().pid()));
        return SocketOwners.owner(accepted, pids).orElse("");
    }

    TestClient client(int index, KeyPair key) {
        return new TestClient(
                network, outside(index, 3).address(), tls.get(index).publicKey(), key, HttpClient.Version.HTTP_2);
    }

    /** Which node leads a group, as a node says that runs; nothing while it knows none. */
    Optional<Integer> leader(int asked, String group) throws Exception {
        Bytes body = client(asked, tls.get(asked)).body("/v1/cluster");
        for (Item each : Cbor.decode(body, 1 << 20).asArray(2).get(1).asArray()) {
            List<Item> status = each.asArray(7);
            String leader = status.get(2).asText(64);
            if (status.get(0).asText(64).equals(group) && !leader.isEmpty()) {
                return Optional.of(names.indexOf(leader)).filter(index -> index >= 0);
            }
        }
        return Optional.empty();
    }

    /** Which of the nodes that run leads a group, as soon as one does. */
    int leader(String group) {
        int[] found = {-1};
        TestCluster.patiently().until(() -> {
            int asked = ThreadLocalRandom.current().nextInt(SIZE);
            if (running.containsKey(asked)) {
                leader(asked, group).filter(running::containsKey).ifPresent(index -> found[0] = index);
            }
            return found[0] >= 0;
        });
        return found[0];
    }

    @Override
    public void close() {
        running.values().forEach(CloudProcess::close);
        for (CutRelay relay : relays) {
            try {
                relay.close();
            } catch (IOException e) {
                continue; // it is closed
            }
        }
    }
}
