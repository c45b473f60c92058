package dev.latchkey.cloud.api;

import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.console.Json;
import java.util.ArrayList;
import java.util.List;

/** An item for people: arrays, numbers and texts as they are, byte strings in hexadecimal. Stateless. */
final class JsonView {
    private static final int MAX_TEXT = 1_024;

    private JsonView() {}

    static String of(Item item) {
        try {
            return Json.text(plain(item));
        } catch (MalformedCborException e) {
            throw new IllegalStateException("an item of ours has no JSON form", e);
        }
    }

    private static Object plain(Item item) throws MalformedCborException {
        return switch (item.kind()) {
            case UNSIGNED, NEGATIVE -> item.asLong();
            case BYTES -> item.asBytes().toHex();
            case TEXT -> item.asText(MAX_TEXT);
            case BOOL -> item.asBool();
            case ARRAY -> list(item.asArray());
            default -> throw new MalformedCborException(MalformedCborException.Reason.OUT_OF_RANGE);
        };
    }

    private static List<Object> list(List<Item> items) throws MalformedCborException {
        List<Object> plain = new ArrayList<>();
        for (Item item : items) {
            plain.add(plain(item));
        }
        return plain;
    }
}
