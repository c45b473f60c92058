package dev.latchkey.cloud.mailbox;

import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import java.util.OptionalLong;

/**
 * How a mailbox is: {@code [last, acknowledged, waiting, bytes, oldest / null, expired, expired up to]}. Immutable.
 *
 * @param last the last sequence given
 * @param acknowledged everything up to this sequence was acknowledged
 * @param waiting messages that wait
 * @param bytes their bytes
 * @param oldestMillis when the oldest of them was delivered, milliseconds since 1970
 * @param expired messages whose retention ended before anybody acknowledged them, since the mailbox exists
 * @param expiredUpTo the sequence of the newest of those, 0 if there are none
 */
public record MailboxState(
        long last,
        long acknowledged,
        long waiting,
        long bytes,
        OptionalLong oldestMillis,
        long expired,
        long expiredUpTo) {
    static MailboxState of(Box box, OptionalLong oldestMillis) {
        return new MailboxState(
                box.last(),
                box.acknowledged(),
                box.messages(),
                box.bytes(),
                oldestMillis,
                box.expired(),
                box.expiredUpTo());
    }

    /** The state as an item. */
    public Item item() {
        return Cbor.array(
                Cbor.uint(last),
                Cbor.uint(acknowledged),
                Cbor.uint(waiting),
                Cbor.uint(bytes),
                oldestMillis.isPresent() ? Cbor.uint(oldestMillis.getAsLong()) : Cbor.NULL,
                Cbor.uint(expired),
                Cbor.uint(expiredUpTo));
    }
}
