package dev.latchkey.cloud;

import dev.latchkey.cloud.chain.ChainOpener;
import dev.latchkey.cloud.store.StoreFault;
import dev.latchkey.console.Cli;
import dev.latchkey.console.HostPort;
import dev.latchkey.console.Lifetime;
import dev.latchkey.console.Logging;
import dev.latchkey.console.UsageFault;
import java.io.IOException;
import java.net.BindException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code latchkey cloud}: runs a cloud node until it is told to stop. */
@Command(
        name = "cloud",
        mixinStandardHelpOptions = true,
        description = {
            "Runs a cloud node: it orders the transactions of its sub-networks, keeps their blocks and the mailboxes.",
            "Prints READY https=HOST:PORT when it is in service; SIGTERM or Ctrl-C stops it cleanly."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  latchkey cloud --config net/cloud/cloud.conf",
            "  latchkey cloud --config net/cloud/cloud.conf --listen 127.0.0.1:0",
            "  LATCHKEY_CLOUD_LIMITS_STREAMS=4096 \\",
            "      latchkey cloud --config net/cloud/cloud.conf",
            "  latchkey cloud --print-config >cloud-all-settings.conf"
        })
final class CloudCommand implements Callable<Integer> {
    @Option(names = "--config", paramLabel = "FILE", description = "The settings file.")
    private Path config;

    @Option(
            names = "--print-config",
            description = "Print every setting, explained, with the value it has by FILE, the environment and --listen,"
                    + " and end. Without FILE: the defaults.")
    private boolean printConfig;

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            description = "Where to listen, instead of what the file says.")
    private HostPort listen;

    @Option(
            names = "--stop-with-stdin",
            description = "Stop when standard input ends, so as not to outlive the starter.")
    private boolean stopWithStdin;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (printConfig) {
            System.out.print(
                    CloudSettings.print(Optional.ofNullable(config), Optional.ofNullable(listen), System.getenv()));
            return Cli.OK;
        }
        if (config == null) {
            throw new ParameterException(spec.commandLine(), "Missing required option: '--config=FILE'");
        }
        CloudSettings settings = CloudSettings.load(config, Optional.ofNullable(listen), System.getenv());
        if (settings.logFile().isPresent()) {
            Logging.toFile(settings.logFile().get(), settings.logLevel());
        } else {
            Logging.toStandardError(settings.logLevel());
        }
        CloudNode node = started(settings);
        node.fatal().thenAccept(cause -> Runtime.getRuntime().halt(1));
        return Lifetime.untilStopped(node, stopWithStdin, "READY https=" + HostPort.of(node.address()));
    }

    private static CloudNode started(CloudSettings settings) throws IOException {
        try {
            return CloudNode.start(settings, Clock.systemUTC());
        } catch (StoreFault | ChainOpener.DamagedChainException e) {
            throw new UsageFault(e.getMessage());
        } catch (IOException e) {
            if (e instanceof BindException) {
                throw new UsageFault(e.getMessage()); // of the log, and says so itself
            }
            if (isBindFault(e)) {
                throw new UsageFault(
                        "cannot listen on " + HostPort.of(settings.https().listen())
                                + ": the port is in use or the address is not of this machine");
            }
            throw e;
        }
    }

    private static boolean isBindFault(Throwable fault) {
        for (Throwable cause = fault; cause != null; cause = cause.getCause()) {
            if (cause instanceof BindException) {
                return true;
            }
        }
        return false;
    }
}
