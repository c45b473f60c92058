package dev.latchkey.gateway.harness;

import dev.latchkey.gateway.GatewayNode;
import dev.latchkey.gateway.settings.GatewaySettings;
import dev.latchkey.host.IdentityDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/** A gateway's directory as an operator would have written it, and the gateway on it. */
public final class TestGateway {
    private final Path directory;

    public TestGateway(Path directory, TestNetwork network, String cloudAddress, String... moreSettings)
            throws IOException {
        this(directory, List.of(network), cloudAddress, moreSettings);
    }

    /** A gateway that serves several sub-networks. */
    public TestGateway(Path directory, List<TestNetwork> networks, String cloudAddress, String... moreSettings)
            throws IOException {
        TestNetwork network = networks.get(0);
        this.directory = directory;
        IdentityDirectory.write(directory.resolve("keys"), network.gateway);
        Path secret = directory.resolve("enrolment.secret");
        Files.writeString(secret, network.enrolmentSecret.toHex());
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
        Files.writeString(
                config(),
                String.join(
                        "\n",
                        "listen = \"127.0.0.1:0\"",
                        "admin.listen = \"127.0.0.1:0\"",
                        "enrolment-secret = enrolment.secret",
                        "chains = ["
                                + networks.stream().map(TestGateway::section).collect(Collectors.joining(", ")) + "]",
                        "cloud { addresses = [\"" + cloudAddress + "\"], first-retry = 10 ms, longest-retry = 100 ms }",
                        "cloud.regroup = 10 ms",
                        "replica.checkpoint-interval = 1 ms",
                        String.join("\n", moreSettings)));
    }

    private static String section(TestNetwork network) {
        return "{ id = \"" + network.chain.toHex() + "\", name = " + network.chainName + " }";
    }

    public Path config() {
        return directory.resolve("gateway.conf");
    }

    /** A gateway that follows the cloud, not necessarily in service. */
    public GatewayNode start() throws IOException {
        return start(Clock.systemUTC());
    }

    /** The same by another clock. */
    public GatewayNode start(Clock clock) throws IOException {
        return GatewayNode.start(GatewaySettings.load(config()), clock);
    }

    /** A gateway in service. */
    public GatewayNode inService() throws IOException, InterruptedException {
        GatewayNode node = start();
        if (!node.awaitInService(Duration.ofSeconds(30))) {
            node.close();
            throw new AssertionError("the gateway is not in service");
        }
        return node;
    }
}
