package dev.latchkey.ledger;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import java.util.List;

/**
 * Where a transaction stands.
 *
 * @param height the block
 * @param index the place in the block; 0 is the seal
 */
public record TransactionLocation(long height, int index) {
    private static final int MAX_BYTES = 16;

    Bytes encode() {
        return Cbor.encode(Cbor.array(Cbor.uint(height), Cbor.uint(index)));
    }

    static TransactionLocation decode(Bytes encoded) {
        try {
            List<Item> parts = Cbor.decode(encoded, MAX_BYTES).asArray(2);
            return new TransactionLocation(parts.get(0).asUint(), parts.get(1).asUint(Block.MAX_TRANSACTIONS));
        } catch (MalformedCborException e) {
            throw new IllegalStateException("the ledger wrote this location itself", e);
        }
    }
}
