package dev.latchkey.gateway.admin;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.coap.CoapRequest;
import dev.latchkey.coap.CoapResponse;
import dev.latchkey.console.Json;
import dev.latchkey.gateway.tree.Problems;
import dev.latchkey.protocol.ContentFormat;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the admin endpoint speaks: a tree of maps with text as keys, lists, text, whole numbers of 64 bits, booleans and
 * null, in CBOR or, for people, in JSON. Bytes are text in hexadecimal digits in both. Stateless.
 *
 * <p>In Java: {@code Map<String, Object>}, {@code List<Object>}, {@code String}, {@code Long} (an {@code Integer} is taken
 * when encoding), {@code Boolean}, {@code null}.
 */
public final class Values {
    /** Largest encoded tree, as large as a body may be. */
    public static final int MAX_BYTES = 64 * 1_024;

    /** Longest text, in bytes of UTF-8. */
    public static final int MAX_TEXT = 4_096;

    /** Most elements of a list; a map has at most 256 entries. */
    public static final int MAX_ELEMENTS = 4_096;

    private Values() {}

    /** 2.05 with the values in the form that was asked for: CBOR or, by Accept 50, JSON; 4.06 for any other. */
    public static CoapResponse answer(CoapRequest request, Map<String, ?> values) {
        int format = request.accept().orElse(ContentFormat.CBOR);
        if (format == ContentFormat.CBOR) {
            return CoapResponse.content(ContentFormat.CBOR, encode(values));
        }
        if (format == ContentFormat.JSON) {
            return CoapResponse.content(ContentFormat.JSON, Bytes.utf8(Json.text(printable(values))));
        }
        return Problems.of("not-acceptable");
    }

    /**
     * Deterministic CBOR (RFC 8949, section 4.2).
     *
     * @throws IllegalArgumentException for what is none of these values
     */
    public static Bytes encode(Object value) {
        return Cbor.encode(item(value));
    }

    /** A map of values, whatever their names: an older program shows what a newer one says. */
    @SuppressWarnings("unchecked")
    public static Map<String, Object> decodeMap(Bytes encoded) throws MalformedCborException {
        Item item = Cbor.decode(encoded, MAX_BYTES);
        item.asMap();
        return (Map<String, Object>) value(item);
    }

    /**
     * Any value of at most {@link #MAX_BYTES}.
     *
     * @return null for null
     * @throws MalformedCborException also for what is too large, not deterministic, or no such value
     */
    public static Object decode(Bytes encoded) throws MalformedCborException {
        return value(Cbor.decode(encoded, MAX_BYTES));
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
            return Cbor.array(values.stream().map(Values::item).toList());
        }
        if (value instanceof Long || value instanceof Integer) {
            return Cbor.integer(((Number) value).longValue());
        }
        if (value instanceof Boolean truth) {
            return Cbor.bool(truth);
        }
        return Cbor.text(text(value));
    }

    private static String text(Object value) {
        if (value instanceof Bytes bytes) {
            return bytes.toHex();
        }
        if (value instanceof String text) {
            return text;
        }
        throw new IllegalArgumentException("no value of the admin endpoint: " + value.getClass());
    }

    /** The same tree with bytes as text. */
    private static Object printable(Object value) {
        if (value instanceof Map<?, ?> values) {
            Map<String, Object> printable = new LinkedHashMap<>();
            values.forEach((key, one) -> printable.put((String) key, printable(one)));
            return printable;
        }
        if (value instanceof List<?> values) {
            List<Object> printable = new ArrayList<>();
            values.forEach(one -> printable.add(printable(one)));
            return printable;
        }
        return value instanceof Bytes bytes ? bytes.toHex() : value;
    }

    private static Object value(Item item) throws MalformedCborException {
        return switch (item.kind()) {
            case NULL -> null;
            case BOOL -> item.asBool();
            case UNSIGNED, NEGATIVE -> item.asLong();
            case BYTES -> item.asBytes(0, MAX_TEXT).toHex();
            case MAP -> map(item);
            case ARRAY -> {
                List<Object> values = new ArrayList<>();
                for (Item one : item.asArray(0, MAX_ELEMENTS)) {
                    values.add(value(one));
                }
                yield values;
            }
            default -> item.asText(MAX_TEXT);
        };
    }

    private static Map<String, Object> map(Item item) throws MalformedCborException {
        Map<String, Object> values = new LinkedHashMap<>();
        for (Map.Entry<Item, Item> entry : item.asMap().entrySet()) {
            values.put(entry.getKey().asText(MAX_TEXT), value(entry.getValue()));
        }
        return values;
    }
}
