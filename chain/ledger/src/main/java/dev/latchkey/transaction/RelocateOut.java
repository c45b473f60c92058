package dev.latchkey.transaction;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import java.util.List;

/**
 * A member sets out for a sibling chain: {@code [4, name, sequence, to: chain id, name there, deadline ms]}.
 *
 * @param name the member's name here
 * @param sequence one more than the record's
 * @param to the chain that may take it in
 * @param nameThere the name it will have there
 * @param deadlineMillis header time of the other chain before which it must be taken in; at most an hour ahead
 */
public record RelocateOut(String name, long sequence, ChainId to, String nameThere, long deadlineMillis)
        implements Transaction {
    @Override
    public Bytes body() {
        return Cbor.encode(Cbor.array(
                Cbor.uint(RELOCATE_OUT),
                Cbor.text(name),
                Cbor.uint(sequence),
                Cbor.bytes(to.bytes()),
                Cbor.text(nameThere),
                Cbor.uint(deadlineMillis)));
    }

    static RelocateOut fromItems(List<Item> parts) throws MalformedCborException, MalformedTransactionException {
        if (parts.size() != 6) {
            throw new MalformedTransactionException("not a relocate-out body");
        }
        return new RelocateOut(
                parts.get(1).asText(4 * Names.MAX),
                parts.get(2).asUint(),
                new ChainId(Digest.of(parts.get(3).asBytes(Digest.SIZE))),
                Fields.name(parts.get(4)),
                parts.get(5).asUint());
    }
}
