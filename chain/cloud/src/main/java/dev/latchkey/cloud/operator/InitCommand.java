package dev.latchkey.cloud.operator;

import dev.latchkey.console.HostPort;
import dev.latchkey.console.UsageFault;
import dev.latchkey.protocol.HandOver;
import dev.latchkey.transaction.Names;
import dev.latchkey.transaction.Policy;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code latchkey operator init}. */
@Command(
        name = "init",
        mixinStandardHelpOptions = true,
        description =
                "Makes a network with one sub-network: keys, genesis, settings for cloud and gateway, a first voucher.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  latchkey operator init --dir net --network city --chain seattle",
            "  latchkey operator init --dir net --network city --chain seattle \\",
            "      --cloud cloud.example.org:9443 --gateway gw.example.org:5684",
            "  latchkey operator init --dir net --network city --chain seattle \\",
            "      --operators 3 --threshold 2",
            "  latchkey operator init --dir net --network city --chain seattle \\",
            "      --cloud a.example.org:9443 --cloud b.example.org:9443 \\",
            "      --cloud c.example.org:9443"
        })
final class InitCommand implements Callable<Integer> {
    private static final long FIRST_VOUCHER_USES = 100;
    private static final int MAX_NODES = 9;
    private static final int MAX_PORT = 65_535;
    private static final Duration FIRST_VOUCHER_LIFE = Duration.ofDays(30);

    @Option(
            names = "--dir",
            required = true,
            paramLabel = "DIR",
            description = "Directory to make; must not exist or be empty.")
    private Path directory;

    @Option(names = "--network", required = true, paramLabel = "NAME", description = "The network's name.")
    private String network;

    @Option(names = "--chain", required = true, paramLabel = "NAME", description = "The sub-network's name.")
    private String chain;

    @Option(
            names = "--cloud",
            paramLabel = "HOST:PORT",
            defaultValue = "127.0.0.1:9443",
            description = "Where gateways reach the cloud node (default: ${DEFAULT-VALUE}); once for each node of a"
                    + " cluster.")
    private List<HostPort> cloud;

    @Option(
            names = "--log-offset",
            paramLabel = "N",
            defaultValue = "1000",
            description = "In a cluster: members reach each other's log at the same host and the port of --cloud"
                    + " plus N (default: ${DEFAULT-VALUE}).")
    private int logOffset;

    @Option(
            names = "--gateway",
            paramLabel = "HOST:PORT",
            defaultValue = "127.0.0.1:5684",
            description = "Where devices reach the gateway (default: ${DEFAULT-VALUE}).")
    private HostPort gateway;

    @Option(
            names = "--operators",
            paramLabel = "N",
            defaultValue = "1",
            description = "How many operators there are (default: ${DEFAULT-VALUE}).")
    private int operators;

    @Option(
            names = "--threshold",
            paramLabel = "K",
            description = "How many of them must sign (default: more than half).")
    private Integer threshold;

    @Option(
            names = "--witnesses",
            paramLabel = "Q",
            defaultValue = "0",
            description = "How many gateways' cosignatures a cautious verifier asks for; there is one gateway to begin"
                    + " with (default: ${DEFAULT-VALUE}).")
    private int witnesses;

    @Option(
            names = "--replica-threshold",
            paramLabel = "K",
            description = "How many cloud nodes must sign a checkpoint (default: more than half).")
    private Integer replicaThreshold;

    @Override
    public Integer call() throws IOException {
        requireName("--network", network);
        requireName("--chain", chain);
        NewNetwork.Size size = size();
        SecureRandom random = new SecureRandom();
        Clock clock = Clock.systemUTC();
        NewNetwork made = NewNetwork.generate(network, chain, size, random, clock);
        HandOver voucher = new HandOvers(
                        network,
                        chain,
                        made.chain(),
                        NewNetwork.GATEWAY_NAME,
                        gateway,
                        made.gateway().dtls().publicKey(),
                        made.enrolmentSecret(),
                        made.admin().sig())
                .issue("*", FIRST_VOUCHER_USES, clock.instant().plus(FIRST_VOUCHER_LIFE), random);
        try {
            new NetworkDirectory(made, cloud, logOffset, gateway).write(directory, voucher);
        } catch (FileAlreadyExistsException e) {
            throw new UsageFault("the directory is not empty, nothing was written: " + directory);
        }
        report(made, System.out);
        return 0;
    }

    private NewNetwork.Size size() {
        if (operators < 1 || operators > Policy.MAX_KEYS) {
            throw new UsageFault("--operators must be 1 to " + Policy.MAX_KEYS);
        }
        int k = threshold == null ? operators / 2 + 1 : threshold;
        if (k < 1 || k > operators) {
            throw new UsageFault("--threshold must be 1 to the number of operators, " + operators);
        }
        if (witnesses < 0 || witnesses > 1) {
            throw new UsageFault("--witnesses must be 0 or 1: a new network has one gateway;"
                    + " `latchkey operator policy change` asks for more later");
        }
        int nodes = nodes();
        int replicas = replicaThreshold == null ? nodes / 2 + 1 : replicaThreshold;
        if (replicas < 1 || replicas > nodes) {
            throw new UsageFault("--replica-threshold must be 1 to the number of cloud nodes, " + nodes);
        }
        return new NewNetwork.Size(operators, k, witnesses, nodes, replicas);
    }

    private int nodes() {
        if (cloud.size() > MAX_NODES || cloud.stream().distinct().count() < cloud.size()) {
            throw new UsageFault("--cloud names 1 to " + MAX_NODES + " different addresses");
        }
        boolean fits = logOffset > 0 && cloud.stream().allMatch(each -> each.port() + logOffset <= MAX_PORT);
        if (cloud.size() > 1 && (!fits || cloud.stream().anyMatch(each -> each.port() == 0))) {
            throw new UsageFault("a cluster's nodes need ports, and --log-offset must lead to ports up to " + MAX_PORT);
        }
        return cloud.size();
    }

    private static void requireName(String option, String name) {
        if (!Names.isValid(name)) {
            throw new UsageFault(
                    option + " must be 1 to 32 of a-z 0-9 . _ - and begin with a letter or digit: " + name);
        }
    }

    private void report(NewNetwork made, PrintStream out) {
        out.println("network " + network + ", sub-network " + chain);
        out.println("chain id " + made.chain().toHex());
        out.println();
        out.println("made");
        out.println("  " + directory.resolve("operator")
                + (operators == 1 ? "   keys of operator and admin" : "   keys of the admin")
                + ": keep them on a machine that runs no role");
        if (operators > 1) {
            out.println("  " + directory.resolve("operator-1") + " to " + operators
                    + "  an operator's key each, of which " + made.threshold() + " must sign: carry them apart");
        }
        if (cloud.size() == 1) {
            out.println("  " + directory.resolve("cloud") + "      settings, keys and genesis of the cloud node");
        } else {
            out.println("  " + directory.resolve("cloud-1") + " to " + cloud.size()
                    + "  settings, keys and genesis of a cloud node each, for a machine each");
        }
        out.println("  " + directory.resolve("gateway") + "    settings and keys of the gateway");
        out.println("  " + directory.resolve("voucher-1") + "  a secret for up to " + FIRST_VOUCHER_USES
                + " devices, any name, " + FIRST_VOUCHER_LIFE.toDays() + " days");
        out.println();
        out.println("next");
        for (int i = 1; i <= cloud.size(); i++) {
            Path node = directory.resolve(cloud.size() == 1 ? "cloud" : "cloud-" + i);
            out.println("  ./latchkey cloud --config " + node.resolve("cloud.conf"));
        }
        out.println(
                "  ./latchkey gateway --config " + directory.resolve("gateway").resolve("gateway.conf"));
        out.println(
                "  ./latchkey device join --hand-over " + directory.resolve("voucher-1") + " --name d-one --dir one");
    }
}
