package dev.latchkey.cloud;

import dev.latchkey.cloud.raft.GroupStatus;
import dev.latchkey.cloud.raft.Member;
import dev.latchkey.console.Cli;
import dev.latchkey.console.HostPort;
import dev.latchkey.console.Table;
import dev.latchkey.console.Units;
import dev.latchkey.console.UsageFault;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.host.EcProviders;
import dev.latchkey.host.KeyFile;
import dev.latchkey.host.UnusableKeyException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code latchkey doctor cloud}: looks whether a cloud node can run here, and says what to do. For one thread. */
@Command(
        name = "doctor",
        header = "Look whether a cloud node can run here, and say what to do about it.",
        mixinStandardHelpOptions = true)
final class CloudDoctor {
    /** When this program was written: no clock that goes right says less. */
    private static final Instant EARLIEST = Instant.parse("2026-01-01T00:00:00Z");

    private static final Instant LATEST = Instant.parse("2100-01-01T00:00:00Z");

    /** The log does not start with less, see raft/RaftSettings. */
    private static final long LEAST_ROOM = 64L << 20;

    private static final long GOOD_ROOM = 1L << 30;

    /** A member that is further behind than this is not about to catch up by itself in a moment. */
    private static final long MUCH_BEHIND = 10_000;

    private final Table table = new Table("check", "is", "found");
    private boolean failed;

    @Command(
            name = "cloud",
            header = "Check settings, clock, crypto, keys, disk, ports, members, leaders and lag.",
            description = "Changes nothing; may be asked while the node runs. Exit code 0, also with warnings; 1 if"
                    + " something fails.",
            footer = {"", "Examples:", "  latchkey doctor cloud --config net/cloud/cloud.conf"},
            mixinStandardHelpOptions = true)
    int cloud(
            @Option(names = "--config", required = true, paramLabel = "FILE", description = "The settings file.")
                    Path config)
            throws IOException {
        EcProviders.install();
        clock(Clock.systemUTC().instant());
        found(
                "crypto provider",
                EcProviders.isNative(),
                true,
                EcProviders.name() + ": " + EcProviders.reason(),
                "signatures" + " cost several times as much; run on Linux x86-64 or aarch64 with glibc");
        Optional<CloudSettings> read = settings(config);
        if (read.isPresent()) {
            CloudSettings settings = read.get();
            Optional<KeyPair> tls = key("tls-key", settings.tlsKey());
            key("replica-key", settings.replicaKey());
            room(settings.data(), settings.ready().diskFree());
            Optional<OwnReadiness> answer = asked(settings, tls);
            boolean running = answer.isPresent() || isRunning(settings.data());
            port("listen", settings.https().listen(), running);
            if (running) {
                ready(answer);
            }
            settings.cluster().ifPresent(cluster -> {
                port("cluster.listen", cluster.listen().address(), running);
                tls.ifPresent(key -> members(cluster, key, settings.ready()));
            });
        }
        table.print(System.out);
        return failed ? Cli.FAILED : Cli.OK;
    }

    private void found(String check, boolean good, boolean warning, String found, String advice) {
        table.row(check, good ? "ok" : warning ? "warn" : "fail", found);
        if (!good) {
            table.row("", "", "-> " + advice);
            failed |= !warning;
        }
    }

    private void clock(Instant now) {
        found(
                "clock",
                now.isAfter(EARLIEST) && now.isBefore(LATEST),
                false,
                now.truncatedTo(ChronoUnit.MILLIS).toString(),
                "set the clock, for instance by NTP");
    }

    private Optional<CloudSettings> settings(Path config) {
        try {
            CloudSettings settings = CloudSettings.load(config, Optional.empty(), System.getenv());
            found("settings", true, false, config.toString(), "");
            return Optional.of(settings);
        } catch (UsageFault e) {
            found("settings", false, false, e.getMessage(), "latchkey cloud --print-config explains each");
            return Optional.empty();
        }
    }

    private Optional<KeyPair> key(String setting, Path file) {
        try {
            KeyPair pair = KeyFile.read(file);
            found(
                    setting,
                    true,
                    false,
                    file + " with key id " + pair.publicKey().kid(),
                    "");
            return Optional.of(pair);
        } catch (UnusableKeyException e) {
            found(setting, false, false, e.getMessage(), "chmod 600 " + file + ", or name a file with a P-256 key");
        } catch (IOException e) {
            found(setting, false, false, "cannot be read: " + file, "name a file that this user can read");
        }
        return Optional.empty();
    }

    private void room(Path data, long enough) throws IOException {
        Path there = data.toAbsolutePath();
        while (!Files.exists(there)) {
            there = there.getParent();
        }
        long free = Files.getFileStore(there).getUsableSpace();
        found(
                "disk",
                free >= Math.max(GOOD_ROOM, enough),
                free >= Math.max(LEAST_ROOM, enough),
                Units.bytes(free) + " free at " + there,
                "make room: with less than ready.disk-free, " + Units.bytes(enough)
                        + ", the node is not ready, and the log does not start with less than "
                        + Units.bytes(LEAST_ROOM));
        found("data", Files.isWritable(there), false, data.toString(), "give it to the user who runs the node");
    }

    /** What a node that runs with these settings says at /readyz; nothing if none answers. */
    private static Optional<OwnReadiness> asked(CloudSettings settings, Optional<KeyPair> tls) {
        try {
            return tls.isEmpty() || settings.https().listen().getPort() == 0
                    ? Optional.empty()
                    : Optional.of(OwnReadiness.ask(settings.https().listen(), tls.get()));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private void ready(Optional<OwnReadiness> answer) {
        if (answer.isEmpty()) {
            found(
                    "ready",
                    false,
                    true,
                    "a node runs on the data directory and does not answer where it should listen",
                    "wait while it starts; look whether its command line says --listen");
            return;
        }
        Optional<String> reason = answer.get().unready();
        found(
                "ready",
                reason.isEmpty(),
                false,
                reason.orElse("the node is in service"),
                reason.flatMap(Unready::of).map(Unready::advice).orElse("the node's log says more"));
    }

    /** Whether a node runs on this directory: it holds the lock of the store. */
    private static boolean isRunning(Path data) throws IOException {
        for (Path chains : GroupSettings.chainDirectories(data)) {
            Path lock = chains.resolve("rocks").resolve("LOCK");
            if (Files.exists(lock) && isHeld(lock)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isHeld(Path lock) throws IOException {
        try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.WRITE);
                FileLock held = channel.tryLock()) {
            return held == null;
        }
    }

    private void port(String setting, InetSocketAddress place, boolean running) {
        String text = HostPort.of(place).toString();
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(
                    place.getAddress() == null ? InetAddress.getLoopbackAddress() : place.getAddress(),
                    place.getPort()));
            found(
                    setting,
                    !running || place.getPort() == 0,
                    true,
                    text + " is free",
                    "a node runs on the data directory and listens elsewhere: look at its command line");
        } catch (IOException e) {
            found(
                    setting,
                    running,
                    false,
                    running ? text + " is held, and the node runs" : text + " cannot be had: " + e.getMessage(),
                    "stop what holds it (ss -tlpn), or name an address of this machine");
        }
    }

    private void members(ClusterSettings cluster, KeyPair tls, ReadySettings bounds) {
        ClusterLink link = new ClusterLink(tls, cluster.members());
        for (Member member : cluster.members()) {
            try {
                long waiting = link.status(member).stream()
                        .mapToLong(group -> Readiness.Group.of(group, true).behind())
                        .max()
                        .orElse(0);
                found(
                        "member " + member.id(),
                        waiting <= bounds.entriesBehind(),
                        true,
                        "answers at " + member.api()
                                + (waiting > 0 ? ", " + Units.count(waiting) + " entries wait to be applied" : ""),
                        Unready.BEHIND.advice());
            } catch (IOException e) {
                found("member " + member.id(), false, true, e.getMessage(), "start it, or look at the network between");
            }
        }
        try {
            for (GroupStatus group : link.led()) {
                long least = group.members().stream()
                        .mapToLong(GroupStatus.MemberStatus::committed)
                        .min()
                        .orElse(-1);
                long behind = group.committed() - least;
                found(
                        "group " + group.group(),
                        behind < MUCH_BEHIND,
                        true,
                        group.leader().orElse("nobody") + " leads, the last member is "
                                + Units.count(Math.max(0, behind)) + " entries behind",
                        "look at that member's disk and network; latchkey cluster status names it");
            }
        } catch (IOException e) {
            found(
                    "groups",
                    false,
                    false,
                    e.getMessage(),
                    "more than half of the members must run and reach each other");
        }
    }
}
