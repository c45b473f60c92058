package dev.latchkey.transaction;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import java.util.List;
import java.util.Optional;

/**
 * The operators give a member that lost everything new keys, after a time to object: {@code [13, name, sequence, [sig, kex,
 * dtls], next-key-digest / null]}. What waits stands in the directory under {@code !r/NAME}.
 *
 * @param name the member's name
 * @param sequence one more than the record's
 * @param keys three new keys
 * @param nextKey commitment to the sig key after this one
 */
public record RecoverByOperators(String name, long sequence, MemberKeys keys, Optional<Digest> nextKey)
        implements Transaction {
    @Override
    public Bytes body() {
        return Cbor.encode(Cbor.array(
                Cbor.uint(RECOVER_BY_OPERATORS),
                Cbor.text(name),
                Cbor.uint(sequence),
                keys.item(),
                Fields.optional(nextKey)));
    }

    static RecoverByOperators fromItems(List<Item> parts) throws MalformedCborException, MalformedTransactionException {
        if (parts.size() != 5) {
            throw new MalformedTransactionException("not a body of recover by operators");
        }
        return new RecoverByOperators(
                parts.get(1).asText(4 * Names.MAX),
                parts.get(2).asUint(),
                MemberKeys.fromItem(parts.get(3)),
                Fields.optionalDigest(parts.get(4)));
    }
}
