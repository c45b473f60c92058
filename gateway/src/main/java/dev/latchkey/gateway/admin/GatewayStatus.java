package dev.latchkey.gateway.admin;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How a gateway is. On the wire a map from names to values: text, numbers, booleans, null.
 *
 * @param version the program's version
 * @param name the gateway's name on the chain
 * @param uptimeMillis time since it started
 * @param cloudUp whether the stream of blocks is open
 * @param cloudSinceMillis when that last changed, milliseconds since 1970
 * @param cloudProblem why it is down, empty while it is up
 * @param chain the sub-network's name
 * @param height the newest verified height on disk, -1 before block 0
 * @param announced the newest height the cloud has spoken of, -1 before it has
 * @param checkpoint the height of the checkpoint that is handed out
 * @param members names in the directory
 * @param outboxMessages messages that wait for the cloud
 * @param outboxBytes what they take
 * @param refusedMessages messages that the cloud refused and that were set aside
 * @param inboxBytes messages that wait for members
 * @param openSessions sessions of members
 * @param connections DTLS connections of devices
 * @param synced synced writes since the start
 * @param units changes in them
 * @param fault what did not verify last
 */
public record GatewayStatus(
        String version,
        String name,
        long uptimeMillis,
        boolean cloudUp,
        long cloudSinceMillis,
        Optional<String> cloudProblem,
        String chain,
        long height,
        long announced,
        OptionalLong checkpoint,
        long members,
        long outboxMessages,
        long outboxBytes,
        long refusedMessages,
        long inboxBytes,
        long openSessions,
        long connections,
        long synced,
        long units,
        Optional<String> fault) {
    private static final List<String> NAMES = List.of(
            "gateway",
            "version",
            "uptime-ms",
            "chain",
            "height",
            "announced",
            "lag",
            "checkpoint",
            "members",
            "cloud-up",
            "cloud-since-ms",
            "cloud-problem",
            "outbox-messages",
            "outbox-bytes",
            "refused-messages",
            "inbox-bytes",
            "sessions",
            "connections",
            "synced-writes",
            "written-changes",
            "last-fault");
    private static final int MAX_BYTES = 8_192;
    private static final int MAX_TEXT = 1_024;

    /** Blocks that the cloud has spoken of and that are not verified here yet. */
    public long lag() {
        return Math.max(0, announced - height);
    }

    /** The values by name; absent ones are null. */
    public Map<String, Object> values() {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("version", version);
        values.put("gateway", name);
        values.put("uptime-ms", uptimeMillis);
        values.put("cloud-up", cloudUp);
        values.put("cloud-since-ms", cloudSinceMillis);
        values.put("cloud-problem", cloudProblem.orElse(null));
        values.put("chain", chain);
        values.put("height", height);
        values.put("announced", announced);
        values.put("lag", lag());
        values.put("checkpoint", checkpoint.isPresent() ? checkpoint.getAsLong() : null);
        values.put("members", members);
        values.put("outbox-messages", outboxMessages);
        values.put("outbox-bytes", outboxBytes);
        values.put("refused-messages", refusedMessages);
        values.put("inbox-bytes", inboxBytes);
        values.put("sessions", openSessions);
        values.put("connections", connections);
        values.put("synced-writes", synced);
        values.put("written-changes", units);
        values.put("last-fault", fault.orElse(null));
        return values;
    }

    Bytes encode() {
        Map<Item, Item> items = new LinkedHashMap<>();
        values().forEach((name, value) -> items.put(Cbor.text(name), item(value)));
        return Cbor.encode(Cbor.map(items));
    }

    /** The values of an encoded status, whatever their names: an older program shows what a newer one says. */
    static Map<String, Object> decode(Bytes encoded) throws MalformedCborException {
        Map<String, Object> values = new LinkedHashMap<>();
        for (Map.Entry<Item, Item> entry :
                Cbor.decode(encoded, MAX_BYTES).asMap().entrySet()) {
            values.put(entry.getKey().asText(MAX_TEXT), value(entry.getValue()));
        }
        return values;
    }

    private static Item item(Object value) {
        if (value == null) {
            return Cbor.NULL;
        }
        if (value instanceof Boolean truth) {
            return Cbor.bool(truth);
        }
        return value instanceof Long number ? Cbor.integer(number) : Cbor.text((String) value);
    }

    private static Object value(Item item) throws MalformedCborException {
        return switch (item.kind()) {
            case NULL -> null;
            case BOOL -> item.asBool();
            case UNSIGNED, NEGATIVE -> item.asLong();
            default -> item.asText(MAX_TEXT);
        };
    }
}
