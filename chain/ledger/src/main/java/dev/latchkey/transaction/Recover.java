package dev.latchkey.transaction;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import java.util.List;
import java.util.Optional;

/**
 * A member that lost its keys comes back by the sig key it committed to: {@code [12, name, sequence, [sig, kex, dtls],
 * next-key-digest / null]}.
 *
 * @param name the member's name
 * @param sequence one more than the record's
 * @param keys three new keys, sig the one committed to
 * @param nextKey commitment to the sig key after this one
 */
public record Recover(String name, long sequence, MemberKeys keys, Optional<Digest> nextKey) implements Transaction {
    @Override
    public Bytes body() {
        return Cbor.encode(Cbor.array(
                Cbor.uint(RECOVER), Cbor.text(name), Cbor.uint(sequence), keys.item(), Fields.optional(nextKey)));
    }

    static Recover fromItems(List<Item> parts) throws MalformedCborException, MalformedTransactionException {
        if (parts.size() != 5) {
            throw new MalformedTransactionException("not a recover body");
        }
        return new Recover(
                parts.get(1).asText(4 * Names.MAX),
                parts.get(2).asUint(),
                MemberKeys.fromItem(parts.get(3)),
                Fields.optionalDigest(parts.get(4)));
    }
}
