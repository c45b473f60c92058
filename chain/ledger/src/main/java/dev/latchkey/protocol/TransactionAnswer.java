package dev.latchkey.protocol;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import java.util.List;

/** The cloud's answer to one submitted transaction. */
public sealed interface TransactionAnswer {
    /** It is in the chain, now or since an earlier submission: {@code [0, transaction id, bstr receipt]}. */
    record Accepted(Digest transactionId, Bytes receipt) implements TransactionAnswer {}

    /** It is refused and changed nothing: {@code [1, code, detail]}. */
    record Rejected(String code, String detail) implements TransactionAnswer {}

    /** The item on the wire. */
    default Item item() {
        if (this instanceof Accepted accepted) {
            return Cbor.array(
                    Cbor.uint(0), Cbor.bytes(accepted.transactionId().bytes()), Cbor.bytes(accepted.receipt()));
        }
        Rejected rejected = (Rejected) this;
        return Cbor.array(Cbor.uint(1), Cbor.text(rejected.code()), Cbor.text(rejected.detail()));
    }

    /** Reads the item on the wire. */
    static TransactionAnswer fromItem(Item item) throws MalformedMessageException {
        try {
            List<Item> parts = item.asArray(3);
            long tag = parts.get(0).asUint();
            if (tag == 0) {
                return new Accepted(
                        Digest.of(parts.get(1).asBytes(Digest.SIZE)),
                        parts.get(2).asBytes());
            }
            if (tag == 1) {
                return new Rejected(parts.get(1).asText(64), parts.get(2).asText(400));
            }
            throw new MalformedMessageException("not a transaction answer");
        } catch (MalformedCborException e) {
            throw new MalformedMessageException("not a transaction answer", e);
        }
    }
}
