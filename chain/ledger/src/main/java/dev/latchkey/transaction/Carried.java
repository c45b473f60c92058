package dev.latchkey.transaction;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import java.util.List;

/**
 * What a transaction carries from another chain: {@code [bstr .cbor directory-answer, bstr .cbor checkpoint]}, the bytes
 * that chain answers for a name and the checkpoint they are proved under. Not read here: the rules do.
 *
 * @param answer a directory answer
 * @param checkpoint a signed checkpoint of that chain
 */
public record Carried(Bytes answer, Bytes checkpoint) {
    Item item() {
        return Cbor.array(Cbor.bytes(answer), Cbor.bytes(checkpoint));
    }

    static Carried fromItem(Item item) throws MalformedCborException {
        List<Item> parts = item.asArray(2);
        return new Carried(parts.get(0).asBytes(), parts.get(1).asBytes());
    }
}
