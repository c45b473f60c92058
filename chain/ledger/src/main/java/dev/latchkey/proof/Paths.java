package dev.latchkey.proof;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import java.util.ArrayList;
import java.util.List;

/** RFC 9162 paths on the wire: an array of byte strings of 32 bytes, from the leaf up. */
final class Paths {
    /** No tree here has more than 2^63 leaves; consistency takes one hash more than inclusion. */
    private static final int MAX_LENGTH = 64;

    private Paths() {}

    static Item item(List<Digest> path) {
        List<Item> items = new ArrayList<>();
        for (Digest digest : path) {
            items.add(Cbor.bytes(digest.bytes()));
        }
        return Cbor.array(items);
    }

    static List<Digest> fromItem(Item item) throws MalformedCborException {
        List<Digest> path = new ArrayList<>();
        for (Item element : item.asArray(0, MAX_LENGTH)) {
            path.add(digest(element.asBytes(Digest.SIZE)));
        }
        return path;
    }

    private static Digest digest(Bytes bytes) {
        return Digest.of(bytes);
    }
}
