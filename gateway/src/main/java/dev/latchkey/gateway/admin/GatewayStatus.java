package dev.latchkey.gateway.admin;

import dev.latchkey.coap.CoapCounts;
import dev.latchkey.gateway.directory.DirectoryUse;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * How a gateway is. On the wire a map from names to values: text, numbers, booleans, null, and under {@code chains} one
 * such map for each chain.
 *
 * @param version the program's version
 * @param name the gateway's name in the first chain in which it has one
 * @param uptimeMillis time since it started
 * @param chains the chains that it serves, in the order of the settings
 * @param inService whether it is an active gateway of a chain that it has verified up to a checkpoint
 * @param draining whether an administrator has the outbox emptied, so that no readings are taken
 * @param storeGood whether the store takes writes; after a failure it takes none before a new start
 * @param outboxMessages messages that wait for the cloud
 * @param outboxBytes what they take
 * @param outboxOldestMillis how long the oldest of them waits; empty if none does
 * @param refusedMessages messages that the cloud refused and that were set aside
 * @param provisionalJoins joins that wait for the cloud
 * @param inboxBytes messages that wait for members
 * @param openSessions sessions of members
 * @param traffic who comes and what they bring
 * @param directory what the resource directory holds and does
 * @param siblingEvidence files kept here that prove lies about chains that are not served here
 * @param synced synced writes since the start
 * @param units changes in them
 * @param heapBytes of the Java heap, what is taken now, garbage included
 * @param coap what the endpoint of the devices has done and refused
 */
public record GatewayStatus(
        String version,
        String name,
        long uptimeMillis,
        List<ChainStatus> chains,
        boolean inService,
        boolean storeGood,
        boolean draining,
        long outboxMessages,
        long outboxBytes,
        OptionalLong outboxOldestMillis,
        long refusedMessages,
        long provisionalJoins,
        long inboxBytes,
        long openSessions,
        Traffic traffic,
        DirectoryUse directory,
        long siblingEvidence,
        long synced,
        long units,
        long heapBytes,
        CoapCounts coap) {
    public GatewayStatus {
        chains = List.copyOf(chains);
    }

    /** DTLS connections of devices. */
    public long connections() {
        return traffic.connections();
    }

    /** Whether the streams of all chains are open. */
    public boolean cloudUp() {
        return chains.stream().allMatch(ChainStatus::cloudUp);
    }

    /** The values by name; absent ones are null. */
    public Map<String, Object> values() {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("version", version);
        values.put("gateway", name);
        values.put("uptime-ms", uptimeMillis);
        values.put("in-service", inService);
        values.put("store-good", storeGood);
        values.put("draining", draining);
        values.put("cloud-up", cloudUp());
        values.put("outbox-messages", outboxMessages);
        values.put("outbox-bytes", outboxBytes);
        values.put("outbox-oldest-ms", outboxOldestMillis.isPresent() ? outboxOldestMillis.getAsLong() : null);
        values.put("refused-messages", refusedMessages);
        values.put("provisional-joins", provisionalJoins);
        values.put("inbox-bytes", inboxBytes);
        values.put("sessions", openSessions);
        values.put("connections", traffic.connections());
        values.put("admin-connections", traffic.adminConnections());
        values.put("members-seen", traffic.membersSeen());
        values.put("messages-accepted", traffic.accepted());
        values.put("messages-rejected", traffic.rejected());
        DirectoryFigures.addTo(values, directory);
        values.put("sibling-evidence", siblingEvidence);
        values.put("synced-writes", synced);
        values.put("written-changes", units);
        values.put("heap-bytes", heapBytes);
        CoapFigures.addTo(values, coap);
        values.put("chains", chains.stream().map(ChainStatus::values).toList());
        return values;
    }
}
