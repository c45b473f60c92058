package dev.latchkey.cloud.mailbox;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cloud.store.Keys;

/**
 * What waits in the mailboxes of a network, or of all. Immutable.
 *
 * @param messages messages
 * @param bytes their bytes
 */
public record Usage(long messages, long bytes) {
    /** Nothing waits. */
    public static final Usage NONE = new Usage(0, 0);

    static Usage decode(Bytes row) {
        Bytes value = Keys.sized(row, 2 * Long.BYTES);
        return new Usage(Keys.numberAt(value, 0), Keys.numberAt(value, 8));
    }

    Bytes encode() {
        return Bytes.concat(Keys.number(messages), Keys.number(bytes));
    }

    /** The sum of both. */
    public Usage plus(Usage other) {
        return new Usage(messages + other.messages, bytes + other.bytes);
    }

    Usage minus(Usage other) {
        return new Usage(messages - other.messages, bytes - other.bytes);
    }

    static Usage of(Box box) {
        return new Usage(box.messages(), box.bytes());
    }
}
