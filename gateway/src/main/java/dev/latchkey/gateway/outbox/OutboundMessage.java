package dev.latchkey.gateway.outbox;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.transaction.Names;
import java.util.ArrayList;
import java.util.List;

/**
 * A message the gateway answers for. On disk it is {@code [sender, session, height, accepted, content-format, message,
 * [* recipient]]}.
 *
 * @param sender name of the member that sent it, in the chain of this queue
 * @param session id of the session it belongs to
 * @param height the height this gateway had verified when it accepted the message
 * @param acceptedMillis when that was, milliseconds since 1970
 * @param contentFormat 18 for an opener, 16 for a reading
 * @param message the sealed bytes as received
 * @param recipients the members it goes to
 */
public record OutboundMessage(
        String sender,
        Digest session,
        long height,
        long acceptedMillis,
        int contentFormat,
        Bytes message,
        List<Recipient> recipients) {
    private static final int MAX_RECIPIENTS = 64;
    private static final int MAX_ROW_BYTES = 1 << 20;

    public OutboundMessage {
        recipients = List.copyOf(recipients);
    }

    Bytes encode() {
        List<Item> readers = new ArrayList<>();
        recipients.forEach(recipient -> readers.add(recipient.item()));
        return Cbor.encode(Cbor.array(
                Cbor.text(sender),
                Cbor.bytes(session.bytes()),
                Cbor.uint(height),
                Cbor.uint(acceptedMillis),
                Cbor.uint(contentFormat),
                Cbor.bytes(message),
                Cbor.array(readers)));
    }

    static OutboundMessage decode(Bytes row) {
        try {
            List<Item> parts = Cbor.decode(row, MAX_ROW_BYTES).asArray(7);
            List<Recipient> recipients = new ArrayList<>();
            for (Item recipient : parts.get(6).asArray(0, MAX_RECIPIENTS)) {
                recipients.add(Recipient.fromItem(recipient));
            }
            return new OutboundMessage(
                    parts.get(0).asText(Names.MAX),
                    Digest.of(parts.get(1).asBytes(Digest.SIZE)),
                    parts.get(2).asUint(),
                    parts.get(3).asUint(),
                    (int) parts.get(4).asUint(),
                    parts.get(5).asBytes(),
                    recipients);
        } catch (MalformedCborException e) {
            throw new IllegalStateException("a row of the outbox is damaged", e);
        }
    }
}
