package dev.latchkey.cloud.chain;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.ledger.Outcome;
import java.util.ArrayList;
import java.util.List;

/** What became of a submitted transaction. */
public sealed interface Verdict {
    /** It stands in a block, since now or since an earlier submission. */
    record Placed(Digest transactionId, long height, int index) implements Verdict {}

    /** It is in no block and changed nothing. */
    record Refused(String code) implements Verdict {}

    /** What the ledger says, as a verdict. */
    static Verdict of(Outcome outcome) {
        if (outcome instanceof Outcome.Applied applied) {
            return new Placed(
                    applied.transactionId(),
                    applied.location().height(),
                    applied.location().index());
        }
        if (outcome instanceof Outcome.Repeated repeated) {
            return new Placed(
                    repeated.transactionId(),
                    repeated.location().height(),
                    repeated.location().index());
        }
        return new Refused(((Outcome.Refused) outcome).reason().code());
    }

    /** The reply of apply: {@code [* [transaction id, height, index] / refusal code]}. */
    static Bytes encode(List<Verdict> verdicts) {
        List<Item> items = new ArrayList<>();
        for (Verdict verdict : verdicts) {
            if (verdict instanceof Placed placed) {
                items.add(Cbor.array(
                        Cbor.bytes(placed.transactionId().bytes()),
                        Cbor.uint(placed.height()),
                        Cbor.uint(placed.index())));
            } else {
                items.add(Cbor.text(((Refused) verdict).code()));
            }
        }
        return Cbor.encode(Cbor.array(items));
    }

    /** Reads the reply of apply. */
    static List<Verdict> decode(Bytes encoded) {
        try {
            List<Verdict> verdicts = new ArrayList<>();
            for (Item item : Cbor.decode(encoded, encoded.size()).asArray()) {
                verdicts.add(item.kind() == Item.Kind.TEXT ? new Refused(item.asText(64)) : placed(item.asArray(3)));
            }
            return verdicts;
        } catch (MalformedCborException e) {
            throw new IllegalStateException("apply wrote this reply itself", e);
        }
    }

    private static Placed placed(List<Item> parts) throws MalformedCborException {
        return new Placed(
                Digest.of(parts.get(0).asBytes(Digest.SIZE)),
                parts.get(1).asUint(),
                parts.get(2).asUint(Integer.MAX_VALUE));
    }
}
