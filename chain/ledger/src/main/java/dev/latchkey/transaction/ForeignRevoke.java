package dev.latchkey.transaction;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.cose.CoseKey;
import java.util.List;

/**
 * Anyone shows that a sibling chain revoked a member that was on its way here: {@code [17, name, sequence, from: chain id,
 * carried, filer: key]}.
 *
 * @param name the name it has, or would have had, here
 * @param sequence one more than the record's here, 1 if there is none of that member
 * @param from the chain that revoked it
 * @param carried its record there, in state revoked, with proof and checkpoint
 * @param filer the key of whoever files this; it need not be known to the chain
 */
public record ForeignRevoke(String name, long sequence, ChainId from, Carried carried, CoseKey filer)
        implements Transaction {
    @Override
    public Bytes body() {
        return Cbor.encode(Cbor.array(
                Cbor.uint(FOREIGN_REVOKE),
                Cbor.text(name),
                Cbor.uint(sequence),
                Cbor.bytes(from.bytes()),
                carried.item(),
                filer.item()));
    }

    static ForeignRevoke fromItems(List<Item> parts) throws MalformedCborException, MalformedTransactionException {
        if (parts.size() != 6) {
            throw new MalformedTransactionException("not a foreign-revoke body");
        }
        return new ForeignRevoke(
                parts.get(1).asText(4 * Names.MAX),
                parts.get(2).asUint(),
                new ChainId(Digest.of(parts.get(3).asBytes(Digest.SIZE))),
                Carried.fromItem(parts.get(4)),
                Fields.key(parts.get(5)));
    }
}
