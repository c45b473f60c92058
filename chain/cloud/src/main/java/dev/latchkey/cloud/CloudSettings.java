package dev.latchkey.cloud;

import dev.latchkey.cloud.chain.ScrubSettings;
import dev.latchkey.cloud.http.HttpsSettings;
import dev.latchkey.cloud.mailbox.MailboxSettings;
import dev.latchkey.cloud.mailbox.Quota;
import dev.latchkey.console.HostPort;
import dev.latchkey.console.Settings;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a cloud node is told. Immutable.
 *
 * @param https where to listen, and the bounds of the server
 * @param data where everything is kept
 * @param replicaKey file of the key that signs checkpoints
 * @param tlsKey file of the TLS key
 * @param genesis files of the genesis transactions
 * @param mailboxes what the mailboxes may take, and how long
 * @param logLevel how much is logged
 * @param logFile where, if not to standard error
 * @param cluster the cluster that the node is a member of, if it is not alone
 * @param ready beyond which bounds the node says that it is not ready
 * @param groups how many groups order chains and keep mailboxes
 * @param maxChains chains that the node takes
 * @param scrub how much of the stores is read back, and how often
 */
public record CloudSettings(
        HttpsSettings https,
        Path data,
        Path replicaKey,
        Path tlsKey,
        List<Path> genesis,
        MailboxSettings mailboxes,
        String logLevel,
        Optional<Path> logFile,
        Optional<ClusterSettings> cluster,
        ReadySettings ready,
        GroupSettings groups,
        int maxChains,
        ScrubSettings scrub) {
    /** Chains of one node, if the settings do not say otherwise. */
    static final int USUAL_CHAINS = 64;

    private static final int MOST_CHAINS = 4_096;
    private static final int MAX_COUNT = 65_536;
    private static final int MAX_RATE = 1_000_000;
    private static final long MIN_REQUEST_BYTES = 2L << 20;
    private static final long MAX_REQUEST_BYTES = 1L << 30;
    private static final long MIN_MAILBOX = 64L << 10;
    private static final long MAX_MAILBOX = 1L << 50;
    private static final long MAX_DISK_FREE = 1L << 50;

    /** How the environment's variables begin: {@code limits.idle} is {@code LATCHKEY_CLOUD_LIMITS_IDLE}. */
    private static final String VARIABLES = "LATCHKEY_CLOUD_";

    /** Settings with the usual bounds of readiness and the usual groups. */
    public CloudSettings(
            HttpsSettings https,
            Path data,
            Path replicaKey,
            Path tlsKey,
            List<Path> genesis,
            MailboxSettings mailboxes,
            String logLevel,
            Optional<Path> logFile,
            Optional<ClusterSettings> cluster) {
        this(
                https,
                data,
                replicaKey,
                tlsKey,
                genesis,
                mailboxes,
                logLevel,
                logFile,
                cluster,
                ReadySettings.USUAL,
                GroupSettings.USUAL,
                USUAL_CHAINS,
                ScrubSettings.USUAL);
    }

    /** Reads a settings file; relative paths start where it lies. */
    public static CloudSettings load(Path file, Optional<HostPort> listen) {
        return load(file, listen, Map.of());
    }

    /** Reads a settings file, over which the environment and the command line go. */
    static CloudSettings load(Path file, Optional<HostPort> listen, Map<String, String> environment) {
        return of(
                read(Optional.of(file), listen, environment),
                file.toAbsolutePath().getParent());
    }

    /** Every setting, explained, with its value; without a file the defaults. */
    static String print(Optional<Path> file, Optional<HostPort> listen, Map<String, String> environment) {
        Settings settings = read(file, listen, environment);
        file.ifPresent(path -> of(settings, path.toAbsolutePath().getParent()));
        return settings.print(VARIABLES);
    }

    private static Settings read(Optional<Path> file, Optional<HostPort> listen, Map<String, String> environment) {
        Settings settings = file.map(path -> Settings.load(path, CloudSettings.class, "cloud.conf"))
                .orElseGet(() -> Settings.defaults(CloudSettings.class, "cloud.conf"))
                .withEnvironment(environment, VARIABLES);
        return listen.isPresent() ? settings.with("listen", listen.get()) : settings;
    }

    private static CloudSettings of(Settings settings, Path directory) {
        InetSocketAddress address = settings.address("listen").address();
        if (address.isUnresolved()) {
            throw settings.fault("listen", "is a host name that nobody knows");
        }
        Settings limits = settings.section("limits");
        Settings log = settings.section("log");
        List<Path> genesis = new ArrayList<>();
        settings.strings("genesis")
                .forEach(name -> genesis.add(directory.resolve(name).normalize()));
        HttpsSettings https = new HttpsSettings(
                address,
                limits.integer("connections", 1, MAX_COUNT),
                limits.integer("streams", 1, MAX_COUNT),
                limits.integer("client-streams", 1, MAX_COUNT),
                limits.bytes("request-bytes", MIN_REQUEST_BYTES, MAX_REQUEST_BYTES),
                limits.duration("idle", Duration.ofSeconds(15), Duration.ofHours(1)),
                limits.duration("request-time", Duration.ofSeconds(1), Duration.ofMinutes(10)),
                limits.duration("reader-time", Duration.ofSeconds(1), Duration.ofMinutes(10)),
                limits.integer("member-requests", 1, MAX_RATE),
                limits.integer("stranger-requests", 1, MAX_RATE));
        return new CloudSettings(
                https,
                settings.path("data"),
                settings.path("replica-key"),
                settings.path("tls-key"),
                List.copyOf(genesis),
                mailboxes(settings.section("mailboxes")),
                log.string("level"),
                log.optionalPath("file"),
                ClusterSettings.of(settings.section("cluster")),
                ready(settings.section("ready")),
                GroupSettings.of(settings.section("groups")),
                limits.integer("chains", 1, MOST_CHAINS),
                scrub(settings.section("scrub")));
    }

    /** The same with other bounds of the mailboxes. */
    CloudSettings with(MailboxSettings others) {
        return with(others, ready, groups, maxChains);
    }

    /** The same with other bounds of readiness. */
    CloudSettings with(ReadySettings others) {
        return with(mailboxes, others, groups, maxChains);
    }

    /** The same with other groups. */
    CloudSettings with(GroupSettings others, int chains) {
        return with(mailboxes, ready, others, chains);
    }

    /** The same with another server. */
    CloudSettings with(HttpsSettings other) {
        return new CloudSettings(
                other,
                data,
                replicaKey,
                tlsKey,
                genesis,
                mailboxes,
                logLevel,
                logFile,
                cluster,
                ready,
                groups,
                maxChains,
                scrub);
    }

    /** The same with another way to read the stores back. */
    CloudSettings with(ScrubSettings other) {
        return new CloudSettings(
                https,
                data,
                replicaKey,
                tlsKey,
                genesis,
                mailboxes,
                logLevel,
                logFile,
                cluster,
                ready,
                groups,
                maxChains,
                other);
    }

    private CloudSettings with(MailboxSettings boxes, ReadySettings bounds, GroupSettings pool, int chains) {
        return new CloudSettings(
                https,
                data,
                replicaKey,
                tlsKey,
                genesis,
                boxes,
                logLevel,
                logFile,
                cluster,
                bounds,
                pool,
                chains,
                scrub);
    }

    private static ReadySettings ready(Settings settings) {
        return new ReadySettings(
                settings.bytes("disk-free", 0, MAX_DISK_FREE),
                settings.integer("entries-behind", 1, Integer.MAX_VALUE));
    }

    private static ScrubSettings scrub(Settings settings) {
        return new ScrubSettings(
                settings.duration("every", Duration.ofMillis(100), Duration.ofDays(1)),
                settings.integer("rows", 0, MAX_COUNT));
    }

    private static MailboxSettings mailboxes(Settings settings) {
        Quota perMailbox = new Quota(
                settings.integer("messages", 1, Integer.MAX_VALUE), settings.bytes("bytes", MIN_MAILBOX, MAX_MAILBOX));
        Quota perNetwork = new Quota(
                settings.integer("network-messages", 1, Integer.MAX_VALUE),
                settings.bytes("network-bytes", MIN_MAILBOX, MAX_MAILBOX));
        return new MailboxSettings(
                perMailbox,
                perNetwork,
                settings.bytes("keep-bytes", 0, MAX_MAILBOX),
                settings.duration("keep-at-least", Duration.ZERO, Duration.ofDays(3650)));
    }
}
