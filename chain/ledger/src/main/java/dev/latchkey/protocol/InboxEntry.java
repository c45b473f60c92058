package dev.latchkey.protocol;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import java.util.ArrayList;
import java.util.List;

/**
 * A message in a member's inbox at its gateway: {@code [u, sender, session, received ms, content format, bstr message]}.
 * /i answers with a CBOR sequence of them.
 *
 * @param u place in the inbox, rising from 1; what the member acknowledges
 * @param sender name of the member that sent it, as the accepting gateway authenticated it; of a notice the recipient that
 *     did not get something
 * @param session the session id, 32 bytes
 * @param receivedMillis the accepting gateway's clock, milliseconds since 1970
 * @param contentFormat 18 for an opener or a digest, 16 for a reading, 60 for a {@link ReturnedNotice}
 * @param message the bytes as the sender sent them, or the notice
 */
public record InboxEntry(long u, String sender, Digest session, long receivedMillis, int contentFormat, Bytes message) {
    /** Longest sequence in bytes that a device accepts: one block, or a single longer message block by block. */
    public static final int MAX_SEQUENCE_BYTES = MessageBatch.MAX_MESSAGE_BYTES + 192;

    public Bytes encode() {
        return Cbor.encode(Cbor.array(
                Cbor.uint(u),
                Cbor.text(sender),
                Cbor.bytes(session.bytes()),
                Cbor.uint(receivedMillis),
                Cbor.uint(contentFormat),
                Cbor.bytes(message)));
    }

    /** Reads the body of an answer from /i. */
    public static List<InboxEntry> decodeSequence(Bytes encoded) throws MalformedMessageException {
        try {
            List<InboxEntry> entries = new ArrayList<>();
            for (Item item : Cbor.decodeSequence(encoded, MAX_SEQUENCE_BYTES)) {
                List<Item> parts = item.asArray(6);
                entries.add(new InboxEntry(
                        parts.get(0).asUint(),
                        Wire.name(parts.get(1)),
                        Digest.of(parts.get(2).asBytes(Digest.SIZE)),
                        parts.get(3).asUint(),
                        Wire.inboxFormat(parts.get(4)),
                        parts.get(5).asBytes(1, MessageBatch.MAX_MESSAGE_BYTES)));
            }
            return entries;
        } catch (MalformedCborException e) {
            throw new MalformedMessageException("not an inbox answer", e);
        }
    }
}
