package dev.latchkey.gateway;

import dev.latchkey.console.Cli;
import dev.latchkey.console.HostPort;
import dev.latchkey.console.Lifetime;
import dev.latchkey.console.Logging;
import dev.latchkey.console.UsageFault;
import dev.latchkey.gateway.settings.GatewaySettings;
import dev.latchkey.gateway.settings.SettingsSource;
import dev.latchkey.gateway.store.StoreException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code latchkey gateway}: runs a gateway until it is stopped. */
@Command(
        name = "gateway",
        header = "Run a gateway: verified keys, sealed readings and inboxes for devices, over CoAP and DTLS.",
        description = {
            "Follows the chain from the cloud, verifies every block itself, and says READY once it is in service.",
            "What it acknowledged is on disk: it may be killed at any moment and started again on the same directory."
        },
        footer = {
            "",
            "Examples:",
            "  latchkey gateway --config net/gateway/gateway.conf",
            "  latchkey gateway --config net/gateway/gateway.conf \\",
            "      --cloud 192.0.2.7:9443 --listen 0.0.0.0:5684",
            "  LATCHKEY_GATEWAY_COAP_THREADS=4 latchkey gateway --config gateway.conf",
            "  latchkey gateway --print-config >gateway-all-settings.conf"
        },
        mixinStandardHelpOptions = true)
final class GatewayCommand implements Callable<Integer> {
    private static final Duration BEFORE_SAYING = Duration.ofSeconds(3);
    private static final Duration ONE_HOUR = Duration.ofHours(1);
    private static final Logger LOG = LoggerFactory.getLogger(GatewayCommand.class);

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "Settings file; --print-config explains each setting.")
    private Path config;

    @Option(
            names = "--print-config",
            description = {
                "Print every setting, explained, with the value that it has by FILE, what was changed while it ran,",
                "the environment and these options, and end. Without FILE: the defaults."
            })
    private boolean printConfig;

    @Option(
            names = "--cloud",
            paramLabel = "HOST:PORT",
            description = "The cloud node to use instead of the settings'.")
    private HostPort cloud;

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            description = "Where devices connect; port 0 takes a free one.")
    private HostPort listen;

    @Option(
            names = "--admin-listen",
            paramLabel = "HOST:PORT",
            description = "Where administrators connect; port 0 takes a free one.")
    private HostPort adminListen;

    @Spec
    private CommandSpec spec;

    @Option(names = "--stop-with-stdin", description = "Also stop when standard input ends.")
    private boolean stopWithStdin;

    @Override
    public Integer call() throws IOException, InterruptedException {
        SettingsSource source = new SettingsSource(Optional.ofNullable(config), System.getenv(), given());
        if (printConfig) {
            System.out.print(source.print());
            return Cli.OK;
        }
        if (config == null) {
            throw new ParameterException(spec.commandLine(), "Missing required option: '--config=FILE'");
        }
        GatewaySettings settings = GatewaySettings.of(source);
        Logging.toStandardError(settings.logLevel());
        GatewayNode node = started(settings);
        try {
            awaitInService(node);
        } catch (IOException | InterruptedException e) {
            node.close();
            throw e;
        }
        node.failed().thenAccept(fault -> endProcess());
        String metrics = node.metricsAddress()
                .map(address -> " metrics=" + shown(address))
                .orElse("");
        Optional<ClassArchive> archive = ClassArchive.makeLater();
        return Lifetime.untilStopped(
                () -> {
                    archive.ifPresent(ClassArchive::close);
                    node.close();
                },
                stopWithStdin,
                "READY coaps=" + shown(node.address()) + " admin=" + shown(node.adminAddress()) + metrics);
    }

    /** What the options say, by setting. */
    private Map<String, Object> given() {
        Map<String, Object> given = new LinkedHashMap<>();
        if (cloud != null) {
            given.put("cloud.addresses", List.of(cloud.toString()));
        }
        if (listen != null) {
            given.put("listen", listen);
        }
        if (adminListen != null) {
            given.put("admin.listen", adminListen);
        }
        return given;
    }

    private static GatewayNode started(GatewaySettings settings) throws IOException {
        try {
            return GatewayNode.start(settings, Clock.systemUTC());
        } catch (StoreException e) {
            throw new UsageFault(e.getMessage());
        }
    }

    /** Says once what it is waiting for, should that take longer than people expect. */
    private void awaitInService(GatewayNode node) throws IOException, InterruptedException {
        AtomicBoolean waiting = new AtomicBoolean(true);
        if (stopWithStdin) {
            Thread watcher = new Thread(() -> endWithInput(waiting), "gateway-stdin");
            watcher.setDaemon(true);
            watcher.start();
        }
        if (!node.awaitInService(BEFORE_SAYING)) {
            String reason = node.status().chains().stream()
                    .flatMap(chain -> chain.cloudProblem().stream())
                    .findFirst()
                    .map(problem -> " (" + problem + ")")
                    .orElse("");
            System.err.println("latchkey: waiting for the cloud" + reason);
            while (!node.awaitInService(ONE_HOUR)) {
                LOG.warn("still waiting for the cloud");
            }
        }
        waiting.set(false);
    }

    /** Nothing outlives its starter, not even a gateway that still waits for the cloud. */
    private static void endWithInput(AtomicBoolean waiting) {
        try {
            while (System.in.read() >= 0) {
                // Nothing is expected here but the end.
            }
        } catch (IOException e) {
            LOG.debug("standard input failed, which is an end as well");
        }
        if (waiting.get()) {
            System.exit(Cli.OK);
        }
    }

    /** A failed disk: nothing can be accepted, and only a new start finds out what the disk holds. */
    private static void endProcess() {
        LOG.error("the store failed: stopping, so that a new start can find out what the disk holds");
        Thread exit = new Thread(() -> System.exit(Cli.FAILED), "gateway-exit");
        exit.start();
    }

    /** An address that a client on this machine can use as it stands. */
    private static String shown(InetSocketAddress address) {
        InetAddress bound = address.getAddress();
        String host =
                bound.isAnyLocalAddress() ? InetAddress.getLoopbackAddress().getHostAddress() : bound.getHostAddress();
        return new HostPort(host, address.getPort()).toString();
    }
}
