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
import java.util.Map;
import java.util.stream.Stream;

/**
 * Writes a new network's directory: {@code operator}, {@code cloud}, {@code gateway} and {@code voucher-1}. It appears
 * with all its files or not at all. For one thread.
 */
final class NetworkDirectory {
    private static final String ADMIN_LISTEN = "127.0.0.1:5685";

    private final NewNetwork network;
    private final HostPort cloud;
    private final HostPort gateway;

    NetworkDirectory(NewNetwork network, HostPort cloud, HostPort gateway) {
        this.network = network;
        this.cloud = cloud;
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
            writeOperator(Files.createDirectory(draft.resolve("operator")));
            writeCloud(Files.createDirectory(draft.resolve("cloud")));
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

    private void writeOperator(Path directory) throws IOException {
        KeyFile.write(directory.resolve("operator.pem"), network.operator());
        IdentityDirectory.write(directory.resolve("admin"), network.admin());
        writeSecret(
                directory.resolve("enrolment.secret"), network.enrolmentSecret().toHex());
        Map<String, String> values = values();
        values.put("gateway", gateway.toString());
        values.put("gateway-key", network.gateway().dtls().publicKey().encode().toHex());
        writeText(directory.resolve("network.conf"), "network.conf.template", values);
    }

    private void writeCloud(Path directory) throws IOException {
        KeyFile.write(directory.resolve("replica.pem"), network.replica());
        KeyFile.write(directory.resolve("tls.pem"), network.tls());
        AtomicFile.write(directory.resolve("genesis.cose"), network.genesis().encode(), Mode.SHARED);
        Map<String, String> values = values();
        values.put("listen", listen(cloud));
        writeText(directory.resolve("cloud.conf"), "cloud.conf.template", values);
    }

    private void writeGateway(Path directory) throws IOException {
        IdentityDirectory.write(directory.resolve("keys"), network.gateway());
        writeSecret(
                directory.resolve("enrolment.secret"), network.enrolmentSecret().toHex());
        Map<String, String> values = values();
        values.put("listen", listen(gateway));
        values.put("cloud", cloud.toString());
        values.put("admin-listen", gateway.port() == 0 ? "127.0.0.1:0" : ADMIN_LISTEN);
        writeText(directory.resolve("gateway.conf"), "gateway.conf.template", values);
    }

    /** On loopback as asked; otherwise on all addresses, since the name others use need not be one of this machine. */
    private static String listen(HostPort asked) {
        boolean loopback =
                !asked.address().isUnresolved() && asked.address().getAddress().isLoopbackAddress();
        return loopback ? asked.toString() : "[::]:" + asked.port();
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
