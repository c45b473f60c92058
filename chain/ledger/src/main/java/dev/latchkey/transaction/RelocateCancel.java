package dev.latchkey.transaction;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import java.util.List;

/**
 * A moving member that was not taken in stays: {@code [7, name, sequence, carried]}.
 *
 * @param name the member's name here
 * @param sequence one more than the record's
 * @param carried what the other chain says of the name it would have there, under a checkpoint of the deadline or later
 */
public record RelocateCancel(String name, long sequence, Carried carried) implements Transaction {
    @Override
    public Bytes body() {
        return Cbor.encode(
                Cbor.array(Cbor.uint(RELOCATE_CANCEL), Cbor.text(name), Cbor.uint(sequence), carried.item()));
    }

    static RelocateCancel fromItems(List<Item> parts) throws MalformedCborException, MalformedTransactionException {
        if (parts.size() != 4) {
            throw new MalformedTransactionException("not a relocate-cancel body");
        }
        return new RelocateCancel(
                parts.get(1).asText(4 * Names.MAX), parts.get(2).asUint(), Carried.fromItem(parts.get(3)));
    }
}
