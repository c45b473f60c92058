package dev.latchkey.transaction;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import java.util.List;

/**
 * The operators replace the policy: {@code [15, null, sequence, policy]}, the sequence being the new policy's number.
 *
 * @param policy the whole new policy, carrying its number and the hash of the one before
 */
public record PolicyChange(Policy policy) implements Transaction {
    @Override
    public Bytes body() {
        return Cbor.encode(Cbor.array(Cbor.uint(POLICY), Cbor.NULL, Cbor.uint(policy.number()), policy.item()));
    }

    static PolicyChange fromItems(List<Item> parts) throws MalformedCborException, MalformedTransactionException {
        if (parts.size() != 4 || !parts.get(1).isNull()) {
            throw new MalformedTransactionException("not a policy body");
        }
        Policy policy = Policy.fromItem(parts.get(3));
        if (parts.get(2).asUint() != policy.number()) {
            throw new MalformedTransactionException("a policy's sequence is its number");
        }
        return new PolicyChange(policy);
    }
}
