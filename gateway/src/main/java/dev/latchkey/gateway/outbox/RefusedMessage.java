package dev.latchkey.gateway.outbox;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.Cbor;

/** The row of a message that the cloud would not take: {@code [code, row of the outbox]}. */
final class RefusedMessage {
    private RefusedMessage() {}

    static Bytes encode(String code, Bytes row) {
        return Cbor.encode(Cbor.array(Cbor.text(code), Cbor.bytes(row)));
    }
}
