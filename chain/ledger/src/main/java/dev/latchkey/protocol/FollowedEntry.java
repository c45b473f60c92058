package dev.latchkey.protocol;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import java.util.List;

/**
 * One element of the stream that follows several mailboxes: {@code [owner, mailbox entry]}.
 *
 * @param owner name of the member whose mailbox it is
 */
public record FollowedEntry(String owner, MailboxEntry entry) {
    public Bytes encode() {
        return Cbor.encode(Cbor.array(Cbor.text(owner), entry.item()));
    }

    public static FollowedEntry fromItem(Item item) throws MalformedMessageException {
        try {
            List<Item> parts = item.asArray(2);
            return new FollowedEntry(Wire.name(parts.get(0)), MailboxEntry.fromItem(parts.get(1)));
        } catch (MalformedCborException e) {
            throw new MalformedMessageException("not a followed entry", e);
        }
    }
}
