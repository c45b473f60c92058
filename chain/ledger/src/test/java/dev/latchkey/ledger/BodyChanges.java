package dev.latchkey.ledger;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Ways to change one field of a transaction body into another value of the same or a neighbouring form. */
final class BodyChanges {
    private static final Item SOME_DIGEST = Cbor.bytes(Bytes.wrap(new byte[32]));

    private BodyChanges() {}

    static List<UnaryOperator<Item>> of(Item field) {
        List<UnaryOperator<Item>> changes = new ArrayList<>();
        switch (field.kind()) {
            case UNSIGNED -> {
                changes.add(item -> Cbor.uint(uint(item) + 1));
                changes.add(item -> Cbor.uint(uint(item) == 0 ? 2 : 0));
                changes.add(item -> Cbor.uint(Long.MAX_VALUE));
            }
            case TEXT -> {
                changes.add(item -> Cbor.text("somebody-else"));
                changes.add(item -> Cbor.text(""));
            }
            case BYTES -> {
                changes.add(BodyChanges::flipped);
                changes.add(item -> Cbor.NULL);
            }
            case ARRAY -> {
                List<Item> parts = array(field);
                changes.add(item -> Cbor.array(parts.subList(0, parts.size() - 1)));
                for (int i = 0; i < parts.size(); i++) {
                    int at = i;
                    for (UnaryOperator<Item> change : of(parts.get(i))) {
                        changes.add(item -> with(parts, at, change.apply(parts.get(at))));
                    }
                }
            }
            default -> changes.add(item -> item.equals(Cbor.NULL) ? SOME_DIGEST : Cbor.NULL);
        }
        return changes;
    }

    private static Item with(List<Item> parts, int at, Item changed) {
        List<Item> all = new ArrayList<>(parts);
        all.set(at, changed);
        return Cbor.array(all);
    }

    private static Item flipped(Item item) {
        try {
            byte[] bytes = item.asBytes().toArray();
            bytes[bytes.length - 1] ^= 1;
            return Cbor.bytes(Bytes.wrap(bytes));
        } catch (MalformedCborException e) {
            throw new AssertionError(e);
        }
    }

    private static long uint(Item item) {
        try {
            return item.asUint();
        } catch (MalformedCborException e) {
            throw new AssertionError(e);
        }
    }

    private static List<Item> array(Item item) {
        try {
            return item.asArray(0, 64);
        } catch (MalformedCborException e) {
            throw new AssertionError(e);
        }
    }
}
