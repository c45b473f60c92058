package dev.latchkey.gateway.inbox;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.transaction.Names;
import java.util.List;

/**
 * A message for a member. On disk it is {@code [sender, session, received, content-format, message]}.
 *
 * @param sender name of the member that sent it
 * @param session id of the session it belongs to
 * @param receivedMillis when a gateway took it, milliseconds since 1970
 * @param contentFormat 18 for an opener, 16 for a reading, 60 for a notice of this gateway
 * @param message the sealed bytes
 */
public record InboundMessage(String sender, Digest session, long receivedMillis, int contentFormat, Bytes message) {
    private static final int MAX_ROW_BYTES = 1 << 20;
    private static final int IDENTITY_BYTES = 24;
    private static final Bytes SEPARATOR = Bytes.of((byte) 0);

    /**
     * What makes two arrivals the same message: sender, session and bytes. Two readings with one Partial IV and other
     * bytes are two messages; which of them is genuine only the recipient can tell.
     */
    Bytes identity() {
        return Digest.sha256(Bytes.utf8(sender), SEPARATOR, session.bytes(), message)
                .bytes()
                .slice(0, IDENTITY_BYTES);
    }

    Bytes encode() {
        return Cbor.encode(Cbor.array(
                Cbor.text(sender),
                Cbor.bytes(session.bytes()),
                Cbor.uint(receivedMillis),
                Cbor.uint(contentFormat),
                Cbor.bytes(message)));
    }

    static InboundMessage decode(Bytes row) {
        try {
            List<Item> parts = Cbor.decode(row, MAX_ROW_BYTES).asArray(5);
            return new InboundMessage(
                    parts.get(0).asText(Names.MAX),
                    Digest.of(parts.get(1).asBytes(Digest.SIZE)),
                    parts.get(2).asUint(),
                    parts.get(3).asUint(0xffff),
                    parts.get(4).asBytes());
        } catch (MalformedCborException e) {
            throw new IllegalStateException("a row of the inbox is damaged", e);
        }
    }
}
