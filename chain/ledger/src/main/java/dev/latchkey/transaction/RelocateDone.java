package dev.latchkey.transaction;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.cose.CoseKey;
import java.util.List;

/**
 * Anyone shows that a moving member has arrived: {@code [6, name, sequence, carried, filer: key]}.
 *
 * @param name the member's name here
 * @param sequence one more than the record's
 * @param carried its record in the chain it moved to, with proof and checkpoint
 * @param filer the key of whoever files this; it need not be known to the chain
 */
public record RelocateDone(String name, long sequence, Carried carried, CoseKey filer) implements Transaction {
    @Override
    public Bytes body() {
        return Cbor.encode(Cbor.array(
                Cbor.uint(RELOCATE_DONE), Cbor.text(name), Cbor.uint(sequence), carried.item(), filer.item()));
    }

    static RelocateDone fromItems(List<Item> parts) throws MalformedCborException, MalformedTransactionException {
        if (parts.size() != 5) {
            throw new MalformedTransactionException("not a relocate-done body");
        }
        return new RelocateDone(
                parts.get(1).asText(4 * Names.MAX),
                parts.get(2).asUint(),
                Carried.fromItem(parts.get(3)),
                Fields.key(parts.get(4)));
    }
}
