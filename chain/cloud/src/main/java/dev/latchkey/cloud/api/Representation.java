package dev.latchkey.cloud.api;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cloud.http.Answer;
import java.util.List;

/** Answers of CBOR, which {@link JsonForPeople} turns into JSON for who asks for that. Stateless. */
final class Representation {
    private Representation() {}

    /** An item. */
    static Answer of(Item item) {
        return Answer.ok(MediaTypes.CBOR, Cbor.encode(item));
    }

    /** An item of ours, encoded. */
    static Answer of(Bytes encoded) {
        return Answer.ok(MediaTypes.CBOR, encoded);
    }

    /** A sequence of items. */
    static Answer ofSequence(List<Item> items) {
        return Answer.ok(MediaTypes.CBOR_SEQUENCE, Cbor.encodeSequence(items));
    }
}
