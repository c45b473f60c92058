package dev.latchkey.gateway.admin;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.coap.CoapCounts;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How a gateway is. On the wire a map from names to values: text, numbers, booleans, null, and under {@code chains} one
 * such map for each chain.
 *
 * @param version the program's version
 * @param name the gateway's name in the first chain in which it has one
 * @param uptimeMillis time since it started
 * @param chains the chains that it serves, in the order of the settings
 * @param outboxMessages messages that wait for the cloud
 * @param outboxBytes what they take
 * @param refusedMessages messages that the cloud refused and that were set aside
 * @param inboxBytes messages that wait for members
 * @param openSessions sessions of members
 * @param connections DTLS connections of devices
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
        long outboxMessages,
        long outboxBytes,
        long refusedMessages,
        long inboxBytes,
        long openSessions,
        long connections,
        long siblingEvidence,
        long synced,
        long units,
        long heapBytes,
        CoapCounts coap) {
    private static final int MAX_BYTES = 64 * 1024;
    private static final int MAX_TEXT = 1_024;
    private static final int MAX_CHAINS = 256;

    public GatewayStatus {
        chains = List.copyOf(chains);
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
        values.put("cloud-up", cloudUp());
        values.put("outbox-messages", outboxMessages);
        values.put("outbox-bytes", outboxBytes);
        values.put("refused-messages", refusedMessages);
        values.put("inbox-bytes", inboxBytes);
        values.put("sessions", openSessions);
        values.put("connections", connections);
        values.put("sibling-evidence", siblingEvidence);
        values.put("synced-writes", synced);
        values.put("written-changes", units);
        values.put("heap-bytes", heapBytes);
        CoapFigures.addTo(values, coap);
        values.put("chains", chains.stream().map(ChainStatus::values).toList());
        return values;
    }

    Bytes encode() {
        return Cbor.encode(item(values()));
    }

    /** The values of an encoded status, whatever their names: an older program shows what a newer one says. */
    static Map<String, Object> decode(Bytes encoded) throws MalformedCborException {
        return map(Cbor.decode(encoded, MAX_BYTES));
    }

    private static Item item(Object value) {
        if (value == null) {
            return Cbor.NULL;
        }
        if (value instanceof Map<?, ?> values) {
            Map<Item, Item> items = new LinkedHashMap<>();
            values.forEach((key, one) -> items.put(Cbor.text((String) key), item(one)));
            return Cbor.map(items);
        }
        if (value instanceof List<?> values) {
            List<Item> items = new ArrayList<>();
            values.forEach(one -> items.add(item(one)));
            return Cbor.array(items);
        }
        if (value instanceof Boolean truth) {
            return Cbor.bool(truth);
        }
        return value instanceof Long number ? Cbor.integer(number) : Cbor.text((String) value);
    }

    private static Map<String, Object> map(Item item) throws MalformedCborException {
        Map<String, Object> values = new LinkedHashMap<>();
        for (Map.Entry<Item, Item> entry : item.asMap().entrySet()) {
            values.put(entry.getKey().asText(MAX_TEXT), value(entry.getValue()));
        }
        return values;
    }

    private static Object value(Item item) throws MalformedCborException {
        return switch (item.kind()) {
            case NULL -> null;
            case BOOL -> item.asBool();
            case UNSIGNED, NEGATIVE -> item.asLong();
            case MAP -> map(item);
            case ARRAY -> {
                List<Object> values = new ArrayList<>();
                for (Item one : item.asArray(0, MAX_CHAINS)) {
                    values.add(value(one));
                }
                yield values;
            }
            default -> item.asText(MAX_TEXT);
        };
    }
}
