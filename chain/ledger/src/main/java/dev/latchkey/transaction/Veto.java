package dev.latchkey.transaction;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.cose.CoseKey;
import java.util.List;
import java.util.Optional;

/**
 * A member objects to a recovery by operators that waits: {@code [14, name, sequence, next key / null]}. The next key is
 * shown by who objects with it; without it the current sig key objects.
 *
 * @param name the member's name
 * @param sequence one more than the record's
 * @param nextKey the key the member committed to
 */
public record Veto(String name, long sequence, Optional<CoseKey> nextKey) implements Transaction {
    @Override
    public Bytes body() {
        return Cbor.encode(Cbor.array(
                Cbor.uint(VETO),
                Cbor.text(name),
                Cbor.uint(sequence),
                nextKey.map(CoseKey::item).orElse(Cbor.NULL)));
    }

    static Veto fromItems(List<Item> parts) throws MalformedCborException, MalformedTransactionException {
        if (parts.size() != 4) {
            throw new MalformedTransactionException("not a veto body");
        }
        Item key = parts.get(3);
        return new Veto(
                parts.get(1).asText(4 * Names.MAX),
                parts.get(2).asUint(),
                key.isNull() ? Optional.empty() : Optional.of(Fields.key(key)));
    }
}
