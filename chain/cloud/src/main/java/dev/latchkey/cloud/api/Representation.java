package dev.latchkey.cloud.api;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cloud.http.Answer;
import dev.latchkey.cloud.http.Call;

/** An item as CBOR, or as JSON for who asks for it: byte strings in hexadecimal. Stateless. */
final class Representation {
    private Representation() {}

    static Answer of(Call call, Item item) {
        if (MediaTypes.wantsJson(call.header().apply("Accept").orElse(null))) {
            return Answer.ok(MediaTypes.JSON, Bytes.utf8(JsonView.of(item) + "\n"));
        }
        return Answer.ok(MediaTypes.CBOR, Cbor.encode(item));
    }
}
