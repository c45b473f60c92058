package dev.latchkey.transaction;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import java.util.List;

/**
 * A member goes: {@code [8, name, sequence]}. Its name stays its own.
 *
 * @param name the member's name
 * @param sequence one more than the record's
 */
public record Leave(String name, long sequence) implements Transaction {
    @Override
    public Bytes body() {
        return Cbor.encode(Cbor.array(Cbor.uint(LEAVE), Cbor.text(name), Cbor.uint(sequence)));
    }

    static Leave fromItems(List<Item> parts) throws MalformedCborException, MalformedTransactionException {
        if (parts.size() != 3) {
            throw new MalformedTransactionException("not a leave body");
        }
        return new Leave(parts.get(1).asText(4 * Names.MAX), parts.get(2).asUint());
    }
}
