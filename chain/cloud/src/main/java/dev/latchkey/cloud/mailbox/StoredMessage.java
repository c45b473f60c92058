package dev.latchkey.cloud.mailbox;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cloud.store.Keys;

/**
 * A message in its mailbox. Immutable. The sums make it possible to cut a mailbox anywhere without reading what is cut
 * off.
 *
 * @param clockMillis when it was delivered; rises within the mailbox
 * @param bytesUpTo bytes of all messages that ever came into this mailbox, up to and with this one
 * @param entry the encoded mailbox entry
 */
record StoredMessage(long clockMillis, long bytesUpTo, Bytes entry) {
    private static final int ENTRY_OFFSET = 2 * Long.BYTES;

    static StoredMessage decode(Bytes row) {
        Keys.sized(row.slice(0, Math.min(row.size(), ENTRY_OFFSET)), ENTRY_OFFSET);
        return new StoredMessage(
                Keys.numberAt(row, 0), Keys.numberAt(row, Long.BYTES), row.slice(ENTRY_OFFSET, row.size()));
    }

    Bytes encode() {
        return Bytes.concat(Keys.number(clockMillis), Keys.number(bytesUpTo), entry);
    }
}
