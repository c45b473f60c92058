package dev.latchkey.device;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import java.util.List;

/**
 * How a mailbox stands at the cloud, as {@code GET /v1/mailboxes/{c}/{name}/state} says: {@code [last, acknowledged,
 * waiting, bytes, oldest / null, expired, expired up to]}.
 *
 * @param last the last sequence given
 * @param acknowledged up to where it was acknowledged
 * @param expired messages that were lost unread
 * @param expiredUpTo the sequence of the newest of them
 */
record MailboxState(long last, long acknowledged, long expired, long expiredUpTo) {
    static final int MAX_BYTES = 128;

    static MailboxState decode(Bytes encoded) throws DeviceException {
        try {
            List<Item> parts = Cbor.decode(encoded, MAX_BYTES).asArray(7);
            return new MailboxState(
                    parts.get(0).asUint(),
                    parts.get(1).asUint(),
                    parts.get(5).asUint(),
                    parts.get(6).asUint());
        } catch (MalformedCborException e) {
            throw Failures.unproved("the mailbox' state is not readable", e);
        }
    }

    /**
     * Refuses a mailbox that ends before what was read from it: messages that were there are gone.
     *
     * @param after the sequence of the last entry that was read
     */
    MailboxState reaching(long after) throws DeviceException {
        if (last < after) {
            throw new DeviceException(
                    DeviceException.Kind.UNPROVED,
                    "the mailbox ends before the sequence to begin after: it was set back, or that is not its own");
        }
        return this;
    }

    /** Whether messages were lost that nobody behind this sequence has read or acknowledged. */
    boolean lostBehind(long after) {
        return expiredUpTo > Math.max(after, acknowledged);
    }
}
