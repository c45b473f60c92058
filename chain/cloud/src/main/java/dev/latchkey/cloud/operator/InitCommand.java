package dev.latchkey.cloud.operator;

import dev.latchkey.console.HostPort;
import dev.latchkey.console.UsageFault;
import dev.latchkey.protocol.HandOver;
import dev.latchkey.transaction.Names;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
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
            "      --cloud cloud.example.org:9443 --gateway gw.example.org:5684"
        })
final class InitCommand implements Callable<Integer> {
    private static final long FIRST_VOUCHER_USES = 100;
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
            description = "Where gateways reach the cloud node (default: ${DEFAULT-VALUE}).")
    private HostPort cloud;

    @Option(
            names = "--gateway",
            paramLabel = "HOST:PORT",
            defaultValue = "127.0.0.1:5684",
            description = "Where devices reach the gateway (default: ${DEFAULT-VALUE}).")
    private HostPort gateway;

    @Override
    public Integer call() throws IOException {
        requireName("--network", network);
        requireName("--chain", chain);
        SecureRandom random = new SecureRandom();
        Clock clock = Clock.systemUTC();
        NewNetwork made = NewNetwork.generate(network, chain, random, clock);
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
            new NetworkDirectory(made, cloud, gateway).write(directory, voucher);
        } catch (FileAlreadyExistsException e) {
            throw new UsageFault("the directory is not empty, nothing was written: " + directory);
        }
        report(made, System.out);
        return 0;
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
                + "   keys of operator and admin: keep them away from the network");
        out.println("  " + directory.resolve("cloud") + "      settings, keys and genesis of the cloud node");
        out.println("  " + directory.resolve("gateway") + "    settings and keys of the gateway");
        out.println("  " + directory.resolve("voucher-1") + "  a secret for up to " + FIRST_VOUCHER_USES
                + " devices, any name, " + FIRST_VOUCHER_LIFE.toDays() + " days");
        out.println();
        out.println("next");
        out.println("  latchkey cloud --config " + directory.resolve("cloud").resolve("cloud.conf"));
        out.println(
                "  latchkey gateway --config " + directory.resolve("gateway").resolve("gateway.conf"));
        out.println("  latchkey device join --hand-over " + directory.resolve("voucher-1") + " --name d-one --dir one");
    }
}
