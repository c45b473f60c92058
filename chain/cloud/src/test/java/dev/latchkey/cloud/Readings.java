package dev.latchkey.cloud;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;

/** Messages in the form of readings; the cloud cannot tell that nobody sealed them. */
final class Readings {
    private Readings() {}

    static Bytes reading(Digest session, int counter, String content) {
        Bytes partialIv = counter < 256 ? Bytes.of((byte) counter) : Bytes.of((byte) (counter >> 8), (byte) counter);
        return Cbor.encode(Cbor.array(
                Cbor.bytes(Bytes.EMPTY),
                Cbor.map(Cbor.uint(4), Cbor.bytes(session.bytes().slice(0, 4)), Cbor.uint(6), Cbor.bytes(partialIv)),
                Cbor.bytes(Bytes.utf8(content))));
    }
}
