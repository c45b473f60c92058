package dev.latchkey.gateway.admin;

import dev.latchkey.senml.Label;
import dev.latchkey.senml.Pack;
import dev.latchkey.senml.Record;
import dev.latchkey.senml.Value;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a gateway measures of itself, by the names that Prometheus knows: {@code latchkey_gateway_}, what it is, its unit,
 * and {@code _total} where it only grows. In SenML the figures of a chain stand behind its name and a slash, as base name.
 * Stateless.
 */
final class GatewayFigures {
    /** Chains of one pack: with the longest names it stays within {@link Pack#MAX_BYTES}. */
    static final int CHAINS_PER_PACK = 4;

    /** Before all names. */
    static final String PREFIX = "latchkey_gateway_";

    /** Between a chain's name, which holds none, and a figure's. */
    static final char OF_CHAIN = '/';

    /** How many chains there are, from which a reader sees whether it has them all. */
    static final String CHAINS = PREFIX + "chains";

    private static final String BYTES = "B";
    private static final String SECONDS = "s";
    private static final String COUNT = "count";
    private static final String NONE = "";
    private static final long MILLIS = 1_000;

    /**
     * A figure of something: absent ones are left out.
     *
     * @param name for SenML and Prometheus
     * @param status the same in {@code /a/st}, where times are in milliseconds and truth is true or false
     * @param help what it is, on one line
     */
    record Figure<T>(String name, String status, String unit, String help, Function<T, OptionalLong> value) {
        Optional<Record> of(T subject) {
            return number(subject)
                    .map(number -> unit.isEmpty() ? Record.of(name, Value.of(number)) : Record.of(name, unit, number));
        }

        private Optional<BigDecimal> number(T subject) {
            OptionalLong found = value.apply(subject);
            return found.isPresent() ? Optional.of(BigDecimal.valueOf(found.getAsLong())) : Optional.empty();
        }
    }

    /** Of the gateway as a whole, less what its directory and its endpoint of the devices count. */
    private static final List<Figure<GatewayStatus>> OWN = List.of(
            figure(
                    CHAINS,
                    "chains",
                    NONE,
                    "Chains that are served.",
                    status -> status.chains().size()),
            figure(
                    PREFIX + "uptime_seconds",
                    "uptime-ms",
                    SECONDS,
                    "Time since the start.",
                    status -> status.uptimeMillis() / MILLIS),
            figure(
                    PREFIX + "in_service",
                    "in-service",
                    NONE,
                    "1 for an active gateway of a verified chain, else 0.",
                    status -> status.inService() ? 1 : 0),
            figure(
                    PREFIX + "store_good",
                    "store-good",
                    NONE,
                    "1 while the store takes writes, else 0.",
                    status -> status.storeGood() ? 1 : 0),
            figure(
                    PREFIX + "draining",
                    "draining",
                    NONE,
                    "1 while no readings are taken because an administrator has the outbox emptied, else 0.",
                    status -> status.draining() ? 1 : 0),
            figure(
                    PREFIX + "all_clouds_up",
                    "cloud-up",
                    NONE,
                    "1 while the block streams of all chains are open, else 0.",
                    status -> status.cloudUp() ? 1 : 0),
            figure(
                    PREFIX + "outbox_messages",
                    "outbox-messages",
                    NONE,
                    "Messages that wait for the cloud.",
                    GatewayStatus::outboxMessages),
            figure(
                    PREFIX + "outbox_bytes",
                    "outbox-bytes",
                    BYTES,
                    "What they take on disk.",
                    GatewayStatus::outboxBytes),
            new Figure<>(
                    PREFIX + "outbox_oldest_seconds",
                    "outbox-oldest-ms",
                    SECONDS,
                    "How long the oldest of them waits; absent when none does.",
                    GatewayFigures::outboxOldest),
            figure(
                    PREFIX + "refused_messages",
                    "refused-messages",
                    NONE,
                    "Messages that the cloud refused and that are set aside.",
                    GatewayStatus::refusedMessages),
            figure(
                    PREFIX + "provisional_joins",
                    "provisional-joins",
                    NONE,
                    "Joins that were taken while the cloud was away and that the chain has not decided on.",
                    GatewayStatus::provisionalJoins),
            figure(
                    PREFIX + "inbox_bytes",
                    "inbox-bytes",
                    BYTES,
                    "Messages that wait for members, on disk.",
                    GatewayStatus::inboxBytes),
            figure(
                    PREFIX + "sessions",
                    "sessions",
                    NONE,
                    "Open sessions of sealed messages.",
                    GatewayStatus::openSessions),
            figure(
                    PREFIX + "connections",
                    "connections",
                    NONE,
                    "DTLS connections of devices.",
                    GatewayStatus::connections),
            figure(
                    PREFIX + "admin_connections",
                    "admin-connections",
                    NONE,
                    "DTLS connections of administrators.",
                    status -> status.traffic().adminConnections()),
            figure(
                    PREFIX + "members_seen",
                    "members-seen",
                    NONE,
                    "Members whose requests are counted.",
                    status -> status.traffic().membersSeen()),
            figure(
                    PREFIX + "messages_accepted_total",
                    "messages-accepted",
                    COUNT,
                    "Openers, readings and digests that are on disk, since the start.",
                    status -> status.traffic().accepted()),
            figure(
                    PREFIX + "messages_rejected_total",
                    "messages-rejected",
                    COUNT,
                    "Openers, readings and digests that were refused, since the start.",
                    status -> status.traffic().rejected()),
            figure(
                    PREFIX + "sibling_evidence_files",
                    "sibling-evidence",
                    NONE,
                    "Evidence about chains that are not served here.",
                    GatewayStatus::siblingEvidence),
            figure(
                    PREFIX + "synced_writes_total",
                    "synced-writes",
                    COUNT,
                    "Synced writes of the store, since the start.",
                    GatewayStatus::synced),
            figure(
                    PREFIX + "written_changes_total",
                    "written-changes",
                    COUNT,
                    "Changes in them.",
                    GatewayStatus::units),
            figure(
                    PREFIX + "heap_bytes",
                    "heap-bytes",
                    BYTES,
                    "Java heap that is taken now, garbage included.",
                    GatewayStatus::heapBytes));

    /** Of the gateway as a whole. */
    static final List<Figure<GatewayStatus>> GATEWAY =
            Stream.of(OWN, directory(), coap()).flatMap(List::stream).toList();

    /** Of each chain. */
    static final List<Figure<ChainStatus>> CHAIN = List.of(
            figure(PREFIX + "height", "height", NONE, "Newest verified height on disk.", ChainStatus::height),
            figure(
                    PREFIX + "announced_height",
                    "announced",
                    NONE,
                    "Newest height that the cloud has spoken of.",
                    ChainStatus::announced),
            new Figure<>(
                    PREFIX + "checkpoint_height",
                    "checkpoint",
                    NONE,
                    "Height of the checkpoint that is handed out; absent before the first.",
                    ChainStatus::checkpoint),
            figure(
                    PREFIX + "signed_height",
                    "signed-height",
                    NONE,
                    "Newest height that the replicas signed.",
                    ChainStatus::signedHeight),
            new Figure<>(
                    PREFIX + "cosigned_height",
                    "cosigned",
                    NONE,
                    "Height that this gateway cosigned last; absent before the first.",
                    ChainStatus::cosigned),
            figure(
                    PREFIX + "lag_blocks",
                    "lag",
                    NONE,
                    "Blocks that the cloud has spoken of and that are not verified here.",
                    ChainStatus::lag),
            figure(PREFIX + "members", "members", NONE, "Names in the directory.", ChainStatus::members),
            figure(
                    PREFIX + "cloud_up",
                    "cloud-up",
                    NONE,
                    "1 while the block stream is open, else 0.",
                    status -> status.cloudUp() ? 1 : 0),
            figure(
                    PREFIX + "chain_outbox_messages",
                    "outbox-messages",
                    NONE,
                    "Messages of this chain that wait for the cloud.",
                    ChainStatus::outboxMessages),
            figure(
                    PREFIX + "evidence_files",
                    "evidence",
                    NONE,
                    "Kept proof that replicas signed two histories.",
                    ChainStatus::evidence),
            figure(
                    PREFIX + "lying_replicas",
                    "lying-replicas",
                    NONE,
                    "Replica keys that signed two histories.",
                    ChainStatus::liars),
            figure(
                    PREFIX + "blocks_verified_total",
                    "blocks-verified",
                    COUNT,
                    "Blocks verified in full, since the start.",
                    status -> status.checks().blocksVerified()),
            figure(
                    PREFIX + "blocks_refused_total",
                    "blocks-refused",
                    COUNT,
                    "Blocks that did not verify, since the start.",
                    status -> status.checks().blocksRefused()),
            figure(
                    PREFIX + "checkpoints_refused_total",
                    "checkpoints-refused",
                    COUNT,
                    "Checkpoints that were not good, since the start.",
                    status -> status.checks().checkpointsRefused()));

    private static final Map<String, String> HELP = Stream.concat(GATEWAY.stream(), CHAIN.stream())
            .collect(Collectors.toUnmodifiableMap(Figure::name, Figure::help));

    private GatewayFigures() {}

    /**
     * The gateway's own figures and those of up to {@link #CHAINS_PER_PACK} chains.
     *
     * @param from the number of the first chain, counted from 0 in the order of the settings; not negative
     */
    static Pack pack(GatewayStatus status, long from) {
        List<Record> records = new ArrayList<>();
        GATEWAY.forEach(figure -> figure.of(status).ifPresent(records::add));
        status.chains().stream().skip(from).limit(CHAINS_PER_PACK).forEach(chain -> {
            int first = records.size();
            CHAIN.forEach(figure -> figure.of(chain).ifPresent(records::add));
            records.set(first, records.get(first).with(Label.BASE_NAME, Value.of(chain.chain() + OF_CHAIN)));
        });
        return new Pack(records);
    }

    /** All figures by name, those of a chain behind its name and a slash. */
    static Map<String, BigDecimal> all(GatewayStatus status) {
        Map<String, BigDecimal> all = new LinkedHashMap<>();
        GATEWAY.forEach(figure -> figure.number(status).ifPresent(number -> all.put(figure.name(), number)));
        for (ChainStatus chain : status.chains()) {
            CHAIN.forEach(figure -> figure.number(chain)
                    .ifPresent(number -> all.put(chain.chain() + OF_CHAIN + figure.name(), number)));
        }
        return all;
    }

    /** What a figure is, by its name; empty for one that this program does not know. */
    static String help(String name) {
        return HELP.getOrDefault(name, "");
    }

    private static List<Figure<GatewayStatus>> directory() {
        return DirectoryFigures.ALL.stream()
                .map(one -> GatewayFigures.<GatewayStatus>figure(
                        one.metric(),
                        one.status(),
                        one.grows() ? COUNT : one.name().endsWith("bytes") ? BYTES : NONE,
                        one.help(),
                        status -> one.value().applyAsLong(status.directory())))
                .toList();
    }

    private static List<Figure<GatewayStatus>> coap() {
        return CoapFigures.ALL.stream()
                .map(count -> GatewayFigures.<GatewayStatus>figure(
                        count.metric(),
                        count.status(),
                        count.grows() ? COUNT : NONE,
                        count.help(),
                        status -> count.value().applyAsLong(status.coap())))
                .toList();
    }

    private static OptionalLong outboxOldest(GatewayStatus status) {
        OptionalLong millis = status.outboxOldestMillis();
        return millis.isPresent() ? OptionalLong.of(millis.getAsLong() / MILLIS) : millis;
    }

    private static <T> Figure<T> figure(String name, String status, String unit, String help, ToLongFunction<T> value) {
        return new Figure<>(name, status, unit, help, subject -> OptionalLong.of(value.applyAsLong(subject)));
    }
}
