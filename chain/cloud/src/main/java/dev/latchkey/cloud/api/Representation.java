package dev.latchkey.cloud.api;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.cloud.http.Answer;
import dev.latchkey.cloud.http.Call;
import java.util.List;

/** What a client gets of an answer: its bytes, or the same as JSON for who asks for that. Stateless. */
final class Representation {
    private Representation() {}

    /** An item. */
    static Answer of(Call call, Item item) {
        return wantsJson(call) ? json(JsonView.of(item)) : Answer.ok(MediaTypes.CBOR, Cbor.encode(item));
    }

    /** An item of ours, encoded. */
    static Answer of(Call call, Bytes encoded) {
        return of(call, MediaTypes.CBOR, encoded);
    }

    /** An item of ours, encoded, of a media type of its own. */
    static Answer of(Call call, String mediaType, Bytes encoded) {
        return wantsJson(call) ? json(JsonView.of(decoded(encoded))) : Answer.ok(mediaType, encoded);
    }

    /** A sequence of items; as JSON it is an array. */
    static Answer ofSequence(Call call, List<Item> items) {
        return wantsJson(call)
                ? json(JsonView.of(Cbor.array(items)))
                : Answer.ok(MediaTypes.CBOR_SEQUENCE, Cbor.encodeSequence(items));
    }

    private static boolean wantsJson(Call call) {
        return MediaTypes.wantsJson(call.header().apply("Accept").orElse(null));
    }

    private static Answer json(String text) {
        return Answer.ok(MediaTypes.JSON, Bytes.utf8(text + "\n"));
    }

    private static Item decoded(Bytes encoded) {
        try {
            return Cbor.decode(encoded, encoded.size());
        } catch (MalformedCborException e) {
            throw new IllegalStateException("an answer of ours is not deterministic CBOR", e);
        }
    }
}
