package dev.latchkey.protocol;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import java.util.List;

/**
 * A message in a member's mailbox at the cloud: {@code [sequence, gateway, sender, session, received ms, content format,
 * bstr message]}.
 *
 * @param sequence place in the mailbox, rising from 1
 * @param gateway name of the gateway that accepted it
 * @param sender name of the member that sent it, as that gateway authenticated it
 * @param session the session id, 32 bytes
 * @param receivedMillis the accepting gateway's clock, milliseconds since 1970
 * @param contentFormat 18 for an opener, 16 for a reading
 * @param message the bytes as the sender sent them
 */
public record MailboxEntry(
        long sequence,
        String gateway,
        String sender,
        Digest session,
        long receivedMillis,
        int contentFormat,
        Bytes message) {
    /** Longest encoded entry in bytes. */
    public static final int MAX_BYTES = MessageBatch.MAX_MESSAGE_BYTES + 192;

    public Item item() {
        return Cbor.array(
                Cbor.uint(sequence),
                Cbor.text(gateway),
                Cbor.text(sender),
                Cbor.bytes(session.bytes()),
                Cbor.uint(receivedMillis),
                Cbor.uint(contentFormat),
                Cbor.bytes(message));
    }

    public Bytes encode() {
        return Cbor.encode(item());
    }

    public static MailboxEntry fromItem(Item item) throws MalformedMessageException {
        try {
            List<Item> parts = item.asArray(7);
            return new MailboxEntry(
                    parts.get(0).asUint(),
                    Wire.name(parts.get(1)),
                    Wire.name(parts.get(2)),
                    Digest.of(parts.get(3).asBytes(Digest.SIZE)),
                    parts.get(4).asUint(),
                    Wire.messageFormat(parts.get(5)),
                    parts.get(6).asBytes(1, MessageBatch.MAX_MESSAGE_BYTES));
        } catch (MalformedCborException e) {
            throw new MalformedMessageException("not a mailbox entry", e);
        }
    }

    public static MailboxEntry decode(Bytes encoded) throws MalformedMessageException {
        try {
            return fromItem(Cbor.decode(encoded, MAX_BYTES));
        } catch (MalformedCborException e) {
            throw new MalformedMessageException("not a mailbox entry", e);
        }
    }
}
