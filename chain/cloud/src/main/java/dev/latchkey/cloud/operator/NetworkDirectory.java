package dev.latchkey.cloud.operator;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.console.HostPort;
import dev.latchkey.host.AtomicFile;
import dev.latchkey.host.AtomicFile.Mode;
import dev.latchkey.host.IdentityDirectory;
import dev.latchkey.host.KeyFile;
import dev.latchkey.protocol.HandOver;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Writes a new network's directory: {@code operator}, {@code cloud}, {@code gateway} and {@code voucher-1}. It appears
 * with all its files or not at all. For one thread.
 */
final class NetworkDirectory {
    private static final String OPERATOR_KEY = "operator.pem";

    private final NewNetwork network;
    private final List<HostPort> cloud;
    private final int logOffset;
    private final HostPort gateway;

    /**
     * Files of a network.
     *
     * @param cloud where each cloud node is reached
     * @param logOffset by how much the port of a member's log is above that of its API
     */
    NetworkDirectory(NewNetwork network, List<HostPort> cloud, int logOffset, HostPort gateway) {
        this.network = network;
        this.cloud = List.copyOf(cloud);
        this.logOffset = logOffset;
        this.gateway = gateway;
    }

    /**
     * Writes everything.
     *
     * @throws FileAlreadyExistsException if the directory holds anything already
     */
    void write(Path directory, HandOver firstVoucher) throws IOException {
        Path target = directory.toAbsolutePath().normalize();
        requireEmpty(target, directory);
        Files.createDirectories(target.getParent());
        Path draft = Files.createTempDirectory(target.getParent(), "." + target.getFileName() + ".");
        try {
            writeOperatorKeys(draft, writeOperator(Files.createDirectory(draft.resolve("operator"))));
            for (int i = 0; i < cloud.size(); i++) {
                writeCloud(Files.createDirectory(draft.resolve(cloudDirectory(i))), i);
            }
            writeGateway(Files.createDirectory(draft.resolve("gateway")));
            writeSecret(draft.resolve("voucher-1"), firstVoucher.toText());
            Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException | RuntimeException e) {
            remove(draft);
            throw e;
        }
    }

    private static void requireEmpty(Path target, Path asGiven) throws IOException {
        if (Files.exists(target)) {
            if (!Files.isDirectory(target)) {
                throw new FileAlreadyExistsException(asGiven.toString());
            }
            try (Stream<Path> entries = Files.list(target)) {
                if (entries.findAny().isPresent()) {
                    throw new FileAlreadyExistsException(asGiven.toString());
                }
            }
        }
    }

    /** Returns its argument. */
    private Path writeOperator(Path directory) throws IOException {
        IdentityDirectory.write(directory.resolve("admin"), network.admin());
        writeSecret(
                directory.resolve("enrolment.secret"), network.enrolmentSecret().toHex());
        Map<String, String> values = values();
        values.put("cloud", GatewayDirectory.quoted(cloud));
        values.put("gateway", gateway.toString());
        values.put("gateway-key", network.gateway().dtls().publicKey().encode().toHex());
        values.put(
                "operators",
                IntStream.range(0, network.operators().size())
                        .mapToObj(i -> "\"" + operatorKey(i, "../") + "\"")
                        .collect(Collectors.joining(", ")));
        writeText(directory.resolve("network.conf"), "network.conf.template", values);
        return directory;
    }

    /** One operator's key lies with everything else; several have directories of their own, to be carried apart. */
    private void writeOperatorKeys(Path draft, Path operator) throws IOException {
        for (int i = 0; i < network.operators().size(); i++) {
            Path file = (network.operators().size() == 1 ? operator : draft).resolve(operatorKey(i, ""));
            Files.createDirectories(file.getParent());
            KeyFile.write(file, network.operators().get(i));
        }
    }

    private String operatorKey(int index, String up) {
        return network.operators().size() == 1 ? OPERATOR_KEY : up + "operator-" + (index + 1) + "/" + OPERATOR_KEY;
    }

    /** Where the files of a cloud node lie. */
    String cloudDirectory(int index) {
        return cloud.size() == 1 ? "cloud" : "cloud-" + (index + 1);
    }

    private void writeCloud(Path directory, int index) throws IOException {
        NewNetwork.NodeKeys keys = network.nodes().get(index);
        KeyFile.write(directory.resolve("replica.pem"), keys.replica());
        KeyFile.write(directory.resolve("tls.pem"), keys.tls());
        AtomicFile.write(directory.resolve("genesis.cose"), network.genesis().encode(), Mode.SHARED);
        Map<String, String> values = values();
        values.put("listen", GatewayDirectory.listen(cloud.get(index)));
        values.put("cluster", cloud.size() == 1 ? "" : ClusterText.section(members(), index, false));
        writeText(directory.resolve("cloud.conf"), "cloud.conf.template", values);
    }

    private List<ClusterText.Node> members() {
        return IntStream.range(0, cloud.size())
                .mapToObj(i -> new ClusterText.Node(
                        "n" + (i + 1),
                        new HostPort(cloud.get(i).host(), cloud.get(i).port() + logOffset),
                        cloud.get(i),
                        network.nodes().get(i).tls().publicKey()))
                .toList();
    }

    private void writeGateway(Path directory) throws IOException {
        IdentityDirectory.write(directory.resolve("keys"), network.gateway());
        GatewayDirectory.write(
                directory,
                network.network(),
                List.of(new NetworkChain(network.chain(), network.chainName())),
                NewNetwork.GATEWAY_NAME,
                gateway,
                cloud,
                network.enrolmentSecret());
    }

    private Map<String, String> values() {
        Map<String, String> values = new HashMap<>();
        values.put("network", network.network());
        values.put("chain", network.chainName());
        values.put("chain-id", network.chain().toHex());
        values.put("gateway-name", NewNetwork.GATEWAY_NAME);
        return values;
    }

    private static void writeText(Path file, String template, Map<String, String> values) throws IOException {
        AtomicFile.write(file, Template.filled(template, values), Mode.SHARED);
    }

    static void writeSecret(Path file, String line) throws IOException {
        AtomicFile.write(file, Bytes.utf8(line + "\n"), Mode.PRIVATE);
    }

    private static void remove(Path draft) throws IOException {
        try (Stream<Path> all = Files.walk(draft)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
