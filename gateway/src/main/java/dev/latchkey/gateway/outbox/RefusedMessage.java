package dev.latchkey.gateway.outbox;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import java.util.List;

/** The row of a message that the cloud would not take: {@code [code, row of the outbox]}. */
final class RefusedMessage {
    private static final int MAX_ROW_BYTES = 1 << 20;
    private static final int MAX_CODE_BYTES = 1_024;

    private RefusedMessage() {}

    static Bytes encode(String code, Bytes row) {
        return Cbor.encode(Cbor.array(Cbor.text(code), Cbor.bytes(row)));
    }

    static SetAside decode(long sequence, Bytes refused) {
        try {
            List<Item> parts = Cbor.decode(refused, MAX_ROW_BYTES).asArray(2);
            OutboundMessage message = OutboundMessage.decode(parts.get(1).asBytes());
            return new SetAside(sequence, parts.get(0).asText(MAX_CODE_BYTES), message);
        } catch (MalformedCborException e) {
            throw new IllegalStateException("a row of the refused messages is damaged", e);
        }
    }
}
