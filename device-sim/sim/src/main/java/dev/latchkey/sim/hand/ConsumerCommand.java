package dev.latchkey.sim.hand;

import dev.latchkey.console.Cli;
import dev.latchkey.console.Logging;
import dev.latchkey.console.UsageFault;
import dev.latchkey.device.Consumer;
import dev.latchkey.device.Device;
import dev.latchkey.device.DeviceException;
import dev.latchkey.device.DeviceSettings;
import dev.latchkey.device.DeviceThreads;
import dev.latchkey.host.EcProviders;
import dev.latchkey.protocol.HandOver;
import dev.latchkey.sim.network.HandOverFile;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code latchkey consumer}: reads a mailbox at the cloud and prints what was sealed to its owner. */
@Command(
        name = "consumer",
        header = "Read a mailbox at the cloud: one SenML pack a line, as JSON.",
        description = {
            "A consumer is a member that asks the cloud itself, without a gateway: its directory is like a device's."
                    + " Each line is a SenML pack (RFC 8428), opened and proved from the chain id on, and is flushed at"
                    + " once. A pack is printed once; after a crash the last ones may come again.",
            "",
            "Nothing leaves the mailbox without --ack, which acknowledges what was printed. Standard error names what"
                    + " could not be opened, and what the mailbox lost before it was read."
        },
        footer = {
            "",
            "Exit codes:",
            "  0    everything that was there is printed",
            "  1    something failed; standard error says what",
            "  2    wrong options, or no member in the directory",
            "  141  who read the output closed it; what was not printed comes again",
            "",
            "Examples:",
            "  latchkey consumer --join net/voucher-1 --name app-1 --dir app \\",
            "      --url https://127.0.0.1:9443",
            "  latchkey consumer --dir app --url https://127.0.0.1:9443 --ack",
            "  latchkey consumer --dir app --url https://127.0.0.1:9443 --follow | jq .",
            "  latchkey consumer --dir app --url https://127.0.0.1:9441 \\",
            "      --url https://127.0.0.1:9442 --url https://127.0.0.1:9443 --follow",
            "  latchkey consumer certificate --dir app --out app/client.pem"
        },
        subcommands = CertificateCommand.class,
        synopsisSubcommandLabel = "[COMMAND]",
        mixinStandardHelpOptions = true)
public final class ConsumerCommand implements Callable<Integer> {
    private static final int CLOSED_PIPE = 141;
    private static final Duration LONGEST = Duration.ofMinutes(1);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration FIRST_WAIT = Duration.ofMillis(250);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(4);

    @Option(names = "--dir", paramLabel = "DIR", description = "the member's directory")
    private Path directory;

    @Option(
            names = "--url",
            paramLabel = "URL",
            description = "a node of the cloud, https://host:port; several times, and another is asked when one fails")
    private List<URI> nodes;

    @Option(names = "--join", paramLabel = "FILE", description = "join first, by this voucher from the operator")
    private Path handOverFile;

    @Option(names = "--name", paramLabel = "NAME", description = "the name to take, with --join")
    private String name;

    @Option(names = "--from", paramLabel = "N", description = "begin after this sequence of the mailbox (0)")
    private long from;

    @Option(names = "--follow", description = "go on with what arrives, until Ctrl-C")
    private boolean follow;

    @Option(names = "--ack", description = "remove from the mailbox what was printed")
    private boolean acknowledge;

    @Override
    public Integer call() throws IOException, InterruptedException {
        check();
        Logging.toStandardError("error");
        EcProviders.install();
        DeviceSettings settings =
                DeviceSettings.standard(EcProviders.verifier()).withPatience(FIRST_WAIT, LONGEST_WAIT, PATIENCE);
        try (DeviceThreads threads = new DeviceThreads(1, 1);
                Consumer consumer = open(settings, threads)) {
            return read(consumer);
        }
    }

    private void check() {
        if (directory == null || nodes == null) {
            throw new UsageFault("--dir and --url are needed; latchkey consumer --help shows them");
        }
        for (URI node : nodes) {
            if (!"https".equals(node.getScheme()) || node.getHost() == null) {
                throw new UsageFault("--url is https://host:port, and not " + node);
            }
        }
        if (from < 0) {
            throw new UsageFault("--from is 0 or more");
        }
        if ((handOverFile == null) != (name == null)) {
            throw new UsageFault("--join and --name go together");
        }
        if (handOverFile == null && !Files.isRegularFile(directory.resolve("membership"))) {
            throw new UsageFault("no member in " + directory + "; make one with --join FILE --name NAME");
        }
    }

    private Consumer open(DeviceSettings settings, DeviceThreads threads) throws IOException, InterruptedException {
        if (handOverFile == null) {
            return await(Consumer.open(directory, nodes, settings, threads));
        }
        HandOver handOver = HandOverFile.read(handOverFile);
        return await(Consumer.join(directory, handOver, name, nodes, settings, threads));
    }

    private int read(Consumer consumer) throws IOException, InterruptedException {
        SenMlLines lines = new SenMlLines(System.out, System.err);
        try {
            if (follow) {
                consumer.follow(
                                from,
                                lines,
                                last -> acknowledge
                                        ? consumer.acknowledge(last)
                                        : CompletableFuture.completedFuture(null))
                        .get();
            } else {
                long last = consumer.read(from, lines).get();
                if (acknowledge && last > from) {
                    await(consumer.acknowledge(last));
                }
            }
            return Cli.OK;
        } catch (ExecutionException e) {
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                if (cause instanceof SenMlLines.ClosedPipe) {
                    return CLOSED_PIPE;
                }
            }
            throw DeviceFault.of(directory, e.getCause());
        }
    }

    private <T> T await(CompletableFuture<T> future) throws IOException, InterruptedException {
        try {
            return Device.await(future, LONGEST);
        } catch (DeviceException e) {
            throw DeviceFault.of(directory, e);
        }
    }
}
