package dev.latchkey.gateway.admin;

import dev.latchkey.senml.Label;
import dev.latchkey.senml.Pack;
import dev.latchkey.senml.Record;
import dev.latchkey.senml.Value;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/**
 * What a gateway measures of itself, by the names that Prometheus knows: {@code latchkey_gateway_}, what it is, its unit,
 * and {@code _total} where it only grows. In SenML the figures of a chain stand behind its name and a slash, as base name.
 * Stateless.
 */
final class GatewayFigures {
    /** Chains of one pack: with the longest names it stays within {@link Pack#MAX_BYTES}. */
    static final int CHAINS_PER_PACK = 8;

    /** Between a chain's name, which holds none, and a figure's. */
    static final char OF_CHAIN = '/';

    /** How many chains there are, from which a reader sees whether it has them all. */
    static final String CHAINS = "latchkey_gateway_chains";

    private static final String BYTES = "B";
    private static final String SECONDS = "s";
    private static final String COUNT = "count";
    private static final String NONE = "";
    private static final long MILLIS = 1_000;

    /** A figure of something: absent ones are left out. */
    private record Figure<T>(String name, String unit, Function<T, OptionalLong> value) {
        Optional<Record> of(T subject) {
            OptionalLong found = value.apply(subject);
            if (found.isEmpty()) {
                return Optional.empty();
            }
            BigDecimal number = BigDecimal.valueOf(found.getAsLong());
            return Optional.of(unit.isEmpty() ? Record.of(name, Value.of(number)) : Record.of(name, unit, number));
        }
    }

    private static final List<Figure<GatewayStatus>> OWN = List.of(
            figure(CHAINS, NONE, status -> status.chains().size()),
            figure("latchkey_gateway_uptime_seconds", SECONDS, status -> status.uptimeMillis() / MILLIS),
            figure("latchkey_gateway_outbox_messages", NONE, GatewayStatus::outboxMessages),
            figure("latchkey_gateway_outbox_bytes", BYTES, GatewayStatus::outboxBytes),
            figure("latchkey_gateway_inbox_bytes", BYTES, GatewayStatus::inboxBytes),
            figure("latchkey_gateway_sessions", NONE, GatewayStatus::openSessions),
            figure("latchkey_gateway_connections", NONE, GatewayStatus::connections),
            figure("latchkey_gateway_refused_messages", NONE, GatewayStatus::refusedMessages),
            figure("latchkey_gateway_sibling_evidence_files", NONE, GatewayStatus::siblingEvidence),
            figure("latchkey_gateway_synced_writes_total", COUNT, GatewayStatus::synced),
            figure("latchkey_gateway_written_changes_total", COUNT, GatewayStatus::units),
            figure("latchkey_gateway_heap_bytes", BYTES, GatewayStatus::heapBytes));

    private static final List<Figure<GatewayStatus>> GATEWAY = Stream.concat(
                    OWN.stream(),
                    CoapFigures.ALL.stream()
                            .map(count -> GatewayFigures.<GatewayStatus>figure(
                                    count.metric(),
                                    count.grows() ? COUNT : NONE,
                                    status -> count.value().applyAsLong(status.coap()))))
            .toList();

    private static final List<Figure<ChainStatus>> CHAIN = List.of(
            figure("latchkey_gateway_height", NONE, ChainStatus::height),
            new Figure<>("latchkey_gateway_checkpoint_height", NONE, ChainStatus::checkpoint),
            figure("latchkey_gateway_signed_height", NONE, ChainStatus::signedHeight),
            new Figure<>("latchkey_gateway_cosigned_height", NONE, ChainStatus::cosigned),
            figure("latchkey_gateway_lag_blocks", NONE, ChainStatus::lag),
            figure("latchkey_gateway_members", NONE, ChainStatus::members),
            figure("latchkey_gateway_cloud_up", NONE, status -> status.cloudUp() ? 1 : 0),
            figure("latchkey_gateway_chain_outbox_messages", NONE, ChainStatus::outboxMessages),
            figure("latchkey_gateway_evidence_files", NONE, ChainStatus::evidence),
            figure("latchkey_gateway_lying_replicas", NONE, ChainStatus::liars),
            figure(
                    "latchkey_gateway_blocks_verified_total",
                    COUNT,
                    status -> status.checks().blocksVerified()),
            figure(
                    "latchkey_gateway_blocks_refused_total",
                    COUNT,
                    status -> status.checks().blocksRefused()),
            figure(
                    "latchkey_gateway_checkpoints_refused_total",
                    COUNT,
                    status -> status.checks().checkpointsRefused()));

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

    private static <T> Figure<T> figure(String name, String unit, ToLongFunction<T> value) {
        return new Figure<>(name, unit, subject -> OptionalLong.of(value.applyAsLong(subject)));
    }
}
