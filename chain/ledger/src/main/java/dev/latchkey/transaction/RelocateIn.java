package dev.latchkey.transaction;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import java.util.List;

/**
 * A member arrives from a sibling chain, with id and keys as they are there: {@code [5, name, sequence, from: chain id,
 * carried]}.
 *
 * @param name the name here that the record there says
 * @param sequence one more than that of the record there, so that a member's records have one order over all chains
 * @param from the chain it comes from
 * @param carried its record there, in state moving, with proof and checkpoint
 */
public record RelocateIn(String name, long sequence, ChainId from, Carried carried) implements Transaction {
    @Override
    public Bytes body() {
        return Cbor.encode(Cbor.array(
                Cbor.uint(RELOCATE_IN),
                Cbor.text(name),
                Cbor.uint(sequence),
                Cbor.bytes(from.bytes()),
                carried.item()));
    }

    static RelocateIn fromItems(List<Item> parts) throws MalformedCborException, MalformedTransactionException {
        if (parts.size() != 5) {
            throw new MalformedTransactionException("not a relocate-in body");
        }
        return new RelocateIn(
                parts.get(1).asText(4 * Names.MAX),
                parts.get(2).asUint(),
                new ChainId(Digest.of(parts.get(3).asBytes(Digest.SIZE))),
                Carried.fromItem(parts.get(4)));
    }
}
