package dev.latchkey.transaction;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The operators replace the policy: {@code [15, null, sequence, policy, ? cut]}, the sequence being the new policy's number.
 *
 * @param policy the whole new policy, carrying its number and the hash of the one before
 * @param cut the block behind which everything is lost and given up, where that is so
 */
public record PolicyChange(Policy policy, Optional<Cut> cut) implements Transaction {
    /**
     * The last block that is left of a chain after a loss: {@code [height, block-hash]}. A transaction that names it can stand
     * in the very next block and nowhere else.
     *
     * @param height the block's height
     * @param blockHash SHA-256 of its header
     */
    public record Cut(long height, Digest blockHash) {}

    /** A policy in the ordinary course: nothing is given up. */
    public PolicyChange(Policy policy) {
        this(policy, Optional.empty());
    }

    @Override
    public Bytes body() {
        List<Item> items =
                new ArrayList<>(List.of(Cbor.uint(POLICY), Cbor.NULL, Cbor.uint(policy.number()), policy.item()));
        cut.ifPresent(at -> items.add(
                Cbor.array(Cbor.uint(at.height()), Cbor.bytes(at.blockHash().bytes()))));
        return Cbor.encode(Cbor.array(items));
    }

    static PolicyChange fromItems(List<Item> parts) throws MalformedCborException, MalformedTransactionException {
        if (parts.size() < 4 || parts.size() > 5 || !parts.get(1).isNull()) {
            throw new MalformedTransactionException("not a policy body");
        }
        Policy policy = Policy.fromItem(parts.get(3));
        if (parts.get(2).asUint() != policy.number()) {
            throw new MalformedTransactionException("a policy's sequence is its number");
        }
        return new PolicyChange(policy, parts.size() == 4 ? Optional.empty() : Optional.of(cut(parts.get(4))));
    }

    private static Cut cut(Item item) throws MalformedCborException {
        List<Item> fields = item.asArray(2);
        return new Cut(fields.get(0).asUint(), Digest.of(fields.get(1).asBytes(Digest.SIZE)));
    }
}
