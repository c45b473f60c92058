package dev.latchkey.transaction;

import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import java.util.List;

/** Where a member stands in its chain. On the wire a number, or an array that begins with one. */
public sealed interface MemberState {
    /** The keys are current: {@code 0}. */
    record Active() implements MemberState {}

    /** Set aside by an admin, may be resumed: {@code 1}. */
    record Suspended() implements MemberState {}

    /** Left on its own: {@code 2}. */
    record Left() implements MemberState {}

    /** Put out by an admin: {@code 3}. */
    record Revoked() implements MemberState {}

    /**
     * On its way to another chain, which may take it in under a name before the deadline: {@code [4, chain id, name,
     * deadline ms]}.
     */
    record Moving(ChainId to, String nameThere, long deadlineMillis) implements MemberState {}

    /** Arrived in another chain under a name: {@code [5, chain id, name]}. */
    record Moved(ChainId to, String name) implements MemberState {}

    /** The state in which keys are current. */
    MemberState ACTIVE = new Active();

    /** The state of a member that left on its own. */
    MemberState LEFT = new Left();

    /** The item on the wire. */
    default Item item() {
        if (this instanceof Moving moving) {
            return Cbor.array(
                    Cbor.uint(4),
                    Cbor.bytes(moving.to().bytes()),
                    Cbor.text(moving.nameThere()),
                    Cbor.uint(moving.deadlineMillis()));
        }
        if (this instanceof Moved moved) {
            return Cbor.array(Cbor.uint(5), Cbor.bytes(moved.to().bytes()), Cbor.text(moved.name()));
        }
        if (this instanceof Active) {
            return Cbor.uint(0);
        }
        if (this instanceof Suspended) {
            return Cbor.uint(1);
        }
        return Cbor.uint(this instanceof Left ? 2 : 3);
    }

    /** Reads the item on the wire. */
    static MemberState fromItem(Item item) throws MalformedCborException, MalformedTransactionException {
        if (item.kind() == Item.Kind.ARRAY) {
            List<Item> parts = item.asArray(3, 4);
            ChainId chain = new ChainId(Digest.of(parts.get(1).asBytes(Digest.SIZE)));
            String name = Fields.name(parts.get(2));
            long tag = parts.get(0).asUint();
            if (tag == 4 && parts.size() == 4) {
                return new Moving(chain, name, parts.get(3).asUint());
            }
            if (tag == 5 && parts.size() == 3) {
                return new Moved(chain, name);
            }
            throw new MalformedTransactionException("unknown member state");
        }
        long number = item.asUint();
        if (number == 0) {
            return ACTIVE;
        }
        if (number == 1) {
            return new Suspended();
        }
        if (number == 2) {
            return LEFT;
        }
        if (number == 3) {
            return new Revoked();
        }
        throw new MalformedTransactionException("unknown member state");
    }
}
