package dev.latchkey.gateway.settings;

import dev.latchkey.coap.ServerLimits;
import dev.latchkey.console.HostPort;
import dev.latchkey.console.Settings;
import dev.latchkey.gateway.directory.DirectoryBounds;
import dev.latchkey.gateway.enrol.ProvisionalBounds;
import dev.latchkey.gateway.intake.SessionLimits;
import dev.latchkey.gateway.replica.ReplicaTiming;
import dev.latchkey.gateway.uplink.CloudTiming;
import dev.latchkey.gateway.uplink.MailboxFollower.StreamBounds;
import dev.latchkey.gateway.uplink.MessageUploader.BatchSize;
import dev.latchkey.protocol.FollowRequest;
import dev.latchkey.transaction.ChainId;
import dev.latchkey.transaction.Names;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * All settings of a gateway, checked; immutable. {@code gateway-reference.conf} explains each.
 *
 * @param chains the sub-networks it serves, at least one; ids and names each once
 */
public record GatewaySettings(
        HostPort listen,
        HostPort adminListen,
        int membersSeen,
        MetricsEndpoint metrics,
        Path data,
        Path keys,
        Optional<Path> enrolmentSecret,
        List<NamedChain> chains,
        List<HostPort> cloud,
        CloudTiming cloudTiming,
        BatchSize batch,
        StreamBounds mailboxStreams,
        ReplicaTiming replica,
        CoapBounds coap,
        StoreBounds bounds,
        SessionLimits sessions,
        DirectoryBounds directory,
        ProvisionalBounds provisional,
        Duration transactionWait,
        String logLevel,
        int logKept,
        JobSettings jobs,
        SettingsSource source) {
    /** Most chains of one gateway: each has threads, connections and memory of its own. */
    public static final int MAX_CHAINS = 64;

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration MILLI = Duration.ofMillis(1);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final long KIB = 1_024;
    private static final long GIB = 1L << 30;
    /** Longer ago, devices have noticed and new handshakes are the smaller risk. */
    private static final Duration LONGEST_RESUME = Duration.ofMinutes(5);

    private static final int CHAIN_ID_DIGITS = 64;

    /**
     * A sub-network to serve.
     *
     * @param id its chain id
     * @param name the name the settings give it; must be the one of its genesis
     */
    public record NamedChain(ChainId id, String name) {}

    /**
     * Where Prometheus reads the figures, over HTTP and unasked who it is.
     *
     * @param listen nobody can read them there if empty
     * @param beyondLoopback whether it may be reached from other machines
     */
    public record MetricsEndpoint(Optional<HostPort> listen, boolean beyondLoopback) {}

    /**
     * Bounds of the CoAP server.
     *
     * @param resumeAfterStop whether a clean stop keeps the connections of devices for the next start
     * @param resumeMaxAge how long they are good for
     */
    public record CoapBounds(
            int connectionIdLength, int threads, ServerLimits limits, boolean resumeAfterStop, Duration resumeMaxAge) {}

    /** Bounds of the store, in bytes. */
    public record StoreBounds(long outbox, long inboxes, long inboxPerMember, long diskReserve) {}

    /**
     * What administrators' jobs are bound by.
     *
     * @param kept jobs that ended and are remembered
     * @param backups where backups go, if anywhere
     * @param snapshots how many are kept
     */
    public record JobSettings(int kept, Optional<Path> backups, int snapshots) {}

    /**
     * Reads a settings file, and what was changed since.
     *
     * @throws dev.latchkey.console.UsageFault on one line, if something in it is wrong
     */
    public static GatewaySettings load(Path file) {
        return of(SettingsSource.of(file));
    }

    /**
     * Reads settings and checks them, each by itself and with the others.
     *
     * @throws dev.latchkey.console.UsageFault on one line, if one of them is wrong or two contradict each other
     */
    public static GatewaySettings of(SettingsSource source) {
        return of(source.read(), source);
    }

    /** As {@link #of(SettingsSource)}, of what was read from there. */
    static GatewaySettings of(Settings settings, SettingsSource source) {
        return Contradictions.refuse(settings, checked(settings, source));
    }

    private static GatewaySettings checked(Settings settings, SettingsSource source) {
        List<NamedChain> chains = chains(settings);
        Settings cloud = settings.section("cloud");
        if (cloud.addresses("addresses").isEmpty()) {
            throw cloud.fault("addresses", "must hold at least one host:port");
        }
        Settings limits = settings.section("limits");
        return new GatewaySettings(
                settings.address("listen"),
                settings.address("admin.listen"),
                settings.integer("admin.members-seen", 64, 10_000_000),
                metrics(settings.section("metrics")),
                settings.path("data"),
                settings.path("keys"),
                settings.optionalPath("enrolment-secret"),
                chains,
                cloud.addresses("addresses"),
                timing(cloud),
                new BatchSize(
                        cloud.integer("batch-messages", 1, 1_024), (int) cloud.bytes("batch-size", 8 * KIB, 384 * KIB)),
                new StreamBounds(
                        cloud.duration("regroup", MILLI, Duration.ofMinutes(1)),
                        cloud.integer("mailboxes-per-stream", 1, FollowRequest.MAX_CURSORS)),
                new ReplicaTiming(
                        settings.duration("replica.checkpoint-interval", MILLI, HOUR),
                        settings.duration("replica.heads-kept", SECOND, Duration.ofDays(1))),
                coap(settings.section("coap")),
                new StoreBounds(
                        limits.bytes("outbox", 64 * KIB, 1_024 * GIB),
                        limits.bytes("inboxes", 64 * KIB, 1_024 * GIB),
                        limits.bytes("inbox-per-member", 16 * KIB, GIB),
                        limits.bytes("disk-reserve", 0, 1_024 * GIB)),
                new SessionLimits(
                        limits.integer("sessions-per-member", 1, 100_000),
                        limits.duration("session-retention", HOUR, Duration.ofDays(366))),
                new DirectoryBounds(
                        limits.bytes("directory", 64 * KIB, GIB),
                        (int) limits.bytes("directory-per-member", KIB, 64 * KIB),
                        limits.integer("directory-links", 1, 1_024)),
                provisional(settings.section("provisional")),
                limits.duration("transaction-wait", MILLI, HOUR),
                level(settings),
                settings.integer("log.kept", 1, 100_000),
                new JobSettings(
                        settings.integer("admin.jobs-kept", 1, 1_000),
                        settings.optionalPath("backup.directory"),
                        settings.integer("backup.snapshots", 1, 100)),
                source);
    }

    private static String level(Settings settings) {
        if (!settings.string("log.level").matches("error|warn|info|debug|trace")) {
            throw settings.fault("log.level", "must be error, warn, info, debug or trace");
        }
        return settings.string("log.level");
    }

    private static MetricsEndpoint metrics(Settings metrics) {
        MetricsEndpoint endpoint =
                new MetricsEndpoint(metrics.optionalAddress("listen"), metrics.bool("beyond-loopback"));
        boolean beyond = endpoint.listen()
                .map(HostPort::address)
                .filter(address ->
                        !address.isUnresolved() && !address.getAddress().isLoopbackAddress())
                .isPresent();
        if (beyond && !endpoint.beyondLoopback()) {
            throw metrics.fault(
                    "listen",
                    "is not on loopback; with metrics.beyond-loopback = true everybody who reaches it reads the figures");
        }
        return endpoint;
    }

    private static List<NamedChain> chains(Settings settings) {
        List<NamedChain> chains = new ArrayList<>();
        for (Settings chain : settings.sections("chains", "id", "name")) {
            if (!chain.string("id").matches("[0-9a-f]{" + CHAIN_ID_DIGITS + "}")) {
                throw chain.fault("id", "must be 64 hexadecimal digits");
            }
            if (!Names.isValid(chain.string("name"))) {
                throw chain.fault("name", "must be 1 to 32 of a-z 0-9 . _ -");
            }
            NamedChain next = new NamedChain(ChainId.fromHex(chain.string("id")), chain.string("name"));
            for (NamedChain before : chains) {
                if (before.id().equals(next.id()) || before.name().equals(next.name())) {
                    throw chain.fault("name", "stands with this id or name in chains already");
                }
            }
            chains.add(next);
        }
        if (chains.isEmpty() || chains.size() > MAX_CHAINS) {
            throw settings.fault("chains", "must hold 1 to " + MAX_CHAINS + " sections { id, name }");
        }
        return List.copyOf(chains);
    }

    private static ProvisionalBounds provisional(Settings provisional) {
        return new ProvisionalBounds(
                provisional.bool("allowed"),
                provisional.integer("joins", 1, 10_000),
                provisional.duration("life", MILLI, Duration.ofDays(366)),
                provisional.integer("sessions", 1, 10_000),
                provisional.integer("outcomes", 1, 10_000),
                provisional.duration("outcome-retention", MILLI, Duration.ofDays(366)));
    }

    private static CloudTiming timing(Settings cloud) {
        return new CloudTiming(
                cloud.duration("connect-timeout", MILLI, HOUR),
                cloud.duration("answer-timeout", MILLI, HOUR),
                cloud.duration("node-timeout", MILLI, HOUR),
                cloud.duration("silence-timeout", MILLI, HOUR),
                cloud.duration("first-retry", MILLI, HOUR),
                cloud.duration("longest-retry", MILLI, HOUR));
    }

    private static CoapBounds coap(Settings coap) {
        return new CoapBounds(
                coap.integer("connection-id-length", 1, 20),
                coap.integer("threads", 0, 1_024),
                limits(coap),
                coap.bool("resume-after-stop"),
                coap.duration("resume-max-age", SECOND, LONGEST_RESUME));
    }

    private static ServerLimits limits(Settings coap) {
        return new ServerLimits(
                new ServerLimits.Handshakes(
                        coap.integer("handshakes", 1, 1_000_000),
                        coap.integer("handshakes-per-address", 1, 1_000_000),
                        coap.duration("handshake-time", SECOND, HOUR),
                        coap.integer("hellos-per-second", 1, 10_000_000),
                        coap.integer("hellos-per-second-per-address", 1, 10_000_000)),
                new ServerLimits.Connections(
                        coap.integer("connections", 1, 10_000_000),
                        coap.integer("connections-per-member", 1, 1_000),
                        coap.integer("connections-per-voucher", 1, 1_000_000),
                        coap.duration("quiet-member", SECOND, Duration.ofDays(366)),
                        coap.duration("quiet-voucher", SECOND, Duration.ofDays(366)),
                        coap.integer("forgeries-per-second", 1, 1_000_000)),
                new ServerLimits.Requests(
                        coap.integer("requests-per-second", 1, 1_000_000),
                        coap.integer("request-burst", 1, 1_000_000),
                        coap.integer("requests-in-flight", 1, 10_000_000),
                        coap.integer("requests-in-flight-per-connection", 1, 10_000_000),
                        coap.integer("datagrams-waiting", 16, 10_000)),
                new ServerLimits.Observing(
                        coap.integer("observations", 1, 10_000_000),
                        coap.integer("observations-per-connection", 1, 100_000)),
                new ServerLimits.Transfers(
                        coap.integer("transfers", 16, 1_000_000),
                        coap.integer("transfers-per-connection", 1, 100_000),
                        coap.duration("transfer-time", SECOND, HOUR)));
    }
}
