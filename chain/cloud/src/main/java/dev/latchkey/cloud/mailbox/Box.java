package dev.latchkey.cloud.mailbox;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cloud.store.Keys;

/**
 * The state of one mailbox. Immutable.
 *
 * @param last the last sequence given
 * @param acknowledged everything up to this sequence was acknowledged
 * @param messages messages that wait
 * @param bytes their bytes
 * @param expired messages whose retention ended before anybody acknowledged them
 */
record Box(long last, long acknowledged, long messages, long bytes, long expired) {
    /** A mailbox that nothing was ever put into. */
    static final Box EMPTY = new Box(0, 0, 0, 0, 0);

    static Box decode(Bytes value) {
        return new Box(
                Keys.numberAt(value, 0),
                Keys.numberAt(value, 8),
                Keys.numberAt(value, 16),
                Keys.numberAt(value, 24),
                Keys.numberAt(value, 32));
    }

    Bytes encode() {
        return Bytes.concat(
                Keys.number(last),
                Keys.number(acknowledged),
                Keys.number(messages),
                Keys.number(bytes),
                Keys.number(expired));
    }

    boolean hasRoomFor(int size) {
        return messages < MailboxLimits.MAX_MESSAGES && bytes + size <= MailboxLimits.MAX_BYTES;
    }

    Box with(int size) {
        return new Box(last + 1, acknowledged, messages + 1, bytes + size, expired);
    }

    Box without(int size) {
        return new Box(last, acknowledged, messages - 1, bytes - size, expired);
    }

    Box withoutExpired(int size) {
        return new Box(last, acknowledged, messages - 1, bytes - size, expired + 1);
    }

    Box acknowledged(long upTo) {
        return new Box(last, Math.max(acknowledged, Math.min(upTo, last)), messages, bytes, expired);
    }
}
