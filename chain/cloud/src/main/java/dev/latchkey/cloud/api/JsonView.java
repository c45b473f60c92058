package dev.latchkey.cloud.api;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.console.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An item for people: arrays, numbers and texts as they are, the keys of maps as texts, byte strings in hexadecimal, and
 * byte strings that hold an encoded array as that array. It is for looking at: what is signed are the bytes. Stateless.
 */
final class JsonView {
    private static final int MAX_TEXT = 1_024;

    /** What is shorter is a hash, an id or a header, though it may look like an array. */
    private static final int MIN_EMBEDDED = 40;

    private static final int ARRAY_HEAD = 4;

    private JsonView() {}

    /**
     * The item.
     *
     * @param places what the places mean of an array of so many, or of the arrays in an array
     */
    static String of(Item item, List<String> places) {
        try {
            return Json.text(named(item, places));
        } catch (MalformedCborException e) {
            throw new IllegalStateException("an item of ours has no JSON form", e);
        }
    }

    private static Object named(Item item, List<String> places) throws MalformedCborException {
        if (places.isEmpty() || item.kind() != Item.Kind.ARRAY) {
            return plain(item);
        }
        List<Item> parts = item.asArray();
        boolean nested = parts.stream().allMatch(part -> part.kind() == Item.Kind.ARRAY);
        if (nested) {
            List<Object> each = new ArrayList<>();
            for (Item part : parts) {
                each.add(named(part, places));
            }
            return each;
        }
        if (parts.size() != places.size()) {
            return plain(item);
        }
        Map<String, Object> named = new LinkedHashMap<>();
        for (int i = 0; i < places.size(); i++) {
            named.put(places.get(i), plain(parts.get(i)));
        }
        return named;
    }

    private static Object plain(Item item) throws MalformedCborException {
        return switch (item.kind()) {
            case UNSIGNED, NEGATIVE -> item.asLong();
            case BYTES -> bytes(item.asBytes());
            case TEXT -> item.asText(MAX_TEXT);
            case BOOL -> item.asBool();
            case NULL -> Optional.empty();
            case ARRAY -> list(item.asArray());
            case MAP -> map(item.asMap());
            default -> throw new MalformedCborException(MalformedCborException.Reason.OUT_OF_RANGE);
        };
    }

    private static Object bytes(Bytes bytes) {
        boolean maybeArray = bytes.size() >= MIN_EMBEDDED && (bytes.get(0) & 0xff) >> 5 == ARRAY_HEAD;
        if (!maybeArray) {
            return bytes.toHex();
        }
        try {
            return plain(Cbor.decode(bytes, bytes.size()));
        } catch (MalformedCborException e) {
            return bytes.toHex();
        }
    }

    private static List<Object> list(List<Item> items) throws MalformedCborException {
        List<Object> plain = new ArrayList<>();
        for (Item item : items) {
            plain.add(plain(item));
        }
        return plain;
    }

    private static Map<String, Object> map(Map<Item, Item> items) throws MalformedCborException {
        Map<String, Object> plain = new LinkedHashMap<>();
        for (Map.Entry<Item, Item> entry : items.entrySet()) {
            plain.put(String.valueOf(plain(entry.getKey())), plain(entry.getValue()));
        }
        return plain;
    }
}
