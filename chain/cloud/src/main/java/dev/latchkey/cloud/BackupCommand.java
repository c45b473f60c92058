package dev.latchkey.cloud;

import dev.latchkey.cloud.backup.ArchiveCopy;
import dev.latchkey.cloud.backup.DamagedArchiveException;
import dev.latchkey.console.Cli;
import dev.latchkey.console.HostPort;
import dev.latchkey.console.ProgressBar;
import dev.latchkey.console.Screen;
import dev.latchkey.console.Units;
import dev.latchkey.console.UsageFault;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.host.AtomicFile;
import dev.latchkey.host.EcProviders;
import dev.latchkey.host.KeyFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code latchkey backup}: all chains and mailboxes of a running node in one file. */
@Command(
        name = "backup",
        mixinStandardHelpOptions = true,
        description = {
            "Writes all chains and mailboxes of a running node, as of one moment, into one file that says itself whether it"
                    + " is whole. The node serves on meanwhile.",
            "Keys are not in it, and no signing guard. Exit codes: 0 done, 1 failed, and no file was made, 2 wrong command."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  latchkey backup --config net/cloud/cloud.conf --out monday.backup",
            "  latchkey restore monday.backup --config net/cloud/cloud.conf \\",
            "      --beyond seattle.chain"
        })
final class BackupCommand implements Callable<Integer> {
    @Option(
            names = "--config",
            required = true,
            paramLabel = "FILE",
            description = "The node's settings, for its address and its TLS key.")
    private Path config;

    @Option(
            names = "--node",
            paramLabel = "HOST:PORT",
            description = "Where the node is, if not where its settings say.")
    private HostPort node;

    @Option(names = "--out", required = true, paramLabel = "FILE", description = "File to make; must not exist.")
    private Path out;

    @Override
    public Integer call() throws IOException {
        if (Files.exists(out, LinkOption.NOFOLLOW_LINKS)) {
            throw new UsageFault("the file is there already, nothing was written: " + out);
        }
        EcProviders.install();
        CloudSettings settings = CloudSettings.load(config, Optional.empty());
        KeyPair tls = KeyFile.read(settings.tlsKey());
        String address = node == null ? address(settings.https().listen()) : node.toString();
        Screen screen = Screen.standard();
        screen.phase("backup of " + address);
        ArchiveCopy[] made = new ArchiveCopy[1];
        try (InputStream archive = NodeDoor.backup(address, tls);
                ProgressBar bar = screen.progress("bytes", 0)) {
            AtomicFile.write(out, to -> made[0] = copy(archive, to, bar), AtomicFile.Mode.PRIVATE);
        }
        screen.line("wrote " + out + ": " + count(made[0].chains(), "chain") + " of "
                + count(made[0].blocks(), "block") + ", " + count(made[0].rows(), "row") + " of mailboxes, "
                + Units.bytes(made[0].bytes()));
        return Cli.OK;
    }

    private static ArchiveCopy copy(InputStream archive, OutputStream to, ProgressBar bar) throws IOException {
        try {
            return ArchiveCopy.copy(archive, to, bar::step);
        } catch (DamagedArchiveException e) {
            throw new IOException("the node's answer is not whole: " + e.getMessage(), e);
        }
    }

    private static String count(long number, String what) {
        return Units.count(number) + " " + what + (number == 1 ? "" : "s");
    }

    /** Who listens on all addresses is here on this one. */
    private static String address(InetSocketAddress listening) {
        return (listening.getAddress().isAnyLocalAddress() ? "127.0.0.1" : listening.getHostString()) + ":"
                + listening.getPort();
    }
}
