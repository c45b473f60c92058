package dev.latchkey.transaction;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import java.util.List;

/**
 * An admin sets a member aside, takes it back, or puts it out for good: {@code [9 / 10 / 11, name, sequence]}.
 *
 * @param act what is done
 * @param name the member's name
 * @param sequence one more than the record's
 */
public record Standing(Act act, String name, long sequence) implements Transaction {
    /** What is done to a member's standing. */
    public enum Act {
        /** Keys are not current until resumed. */
        SUSPEND(9),
        /** Keys are current again. */
        RESUME(10),
        /** Keys are never current again. */
        REVOKE(11);

        private final int kind;

        Act(int kind) {
            this.kind = kind;
        }
    }

    @Override
    public Bytes body() {
        return Cbor.encode(Cbor.array(Cbor.uint(act.kind), Cbor.text(name), Cbor.uint(sequence)));
    }

    static Standing fromItems(List<Item> parts) throws MalformedCborException, MalformedTransactionException {
        if (parts.size() != 3) {
            throw new MalformedTransactionException("not a body of suspend, resume or revoke");
        }
        Act act = Act.values()[parts.get(0).asUint(Act.REVOKE.kind) - Act.SUSPEND.kind];
        return new Standing(
                act, parts.get(1).asText(4 * Names.MAX), parts.get(2).asUint());
    }
}
