package dev.latchkey.transaction;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import java.util.List;
import java.util.Optional;

/**
 * A name takes keys: {@code [2, name, sequence, role, [sig, kex, dtls], next-key-digest / null, voucher / null]}, the
 * voucher as the bytes of its COSE_Sign1.
 *
 * @param name the name, free or left by the same holder
 * @param sequence 1 for a free name, otherwise one more than the record's
 * @param role the role that the name gets
 * @param keys three keys that the chain has never seen
 * @param nextKey digest of the sig key that a later rotation must bring
 * @param voucher what endorses the join, if no admin or operator signs it
 */
public record Join(
        String name, long sequence, Role role, MemberKeys keys, Optional<Digest> nextKey, Optional<Voucher> voucher)
        implements Transaction {
    @Override
    public Bytes body() {
        return Cbor.encode(Cbor.array(
                Cbor.uint(JOIN),
                Cbor.text(name),
                Cbor.uint(sequence),
                Cbor.uint(role.number()),
                keys.item(),
                Fields.optional(nextKey),
                Fields.optionalBytes(voucher.map(Voucher::encode))));
    }

    static Join fromItems(List<Item> parts) throws MalformedCborException, MalformedTransactionException {
        if (parts.size() != 7) {
            throw new MalformedTransactionException("not a join body");
        }
        Item voucher = parts.get(6);
        return new Join(
                parts.get(1).asText(4 * Names.MAX),
                parts.get(2).asUint(),
                Role.of(parts.get(3).asUint()),
                MemberKeys.fromItem(parts.get(4)),
                Fields.optionalDigest(parts.get(5)),
                voucher.isNull() ? Optional.empty() : Optional.of(Voucher.decode(voucher.asBytes())));
    }
}
