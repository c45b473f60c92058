package dev.latchkey.cloud.api;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import java.util.List;

/**
 * What the cloud reads of a signed message: whether it is a digest, {@code [protected, {}, << [session, [+ [first, last]],
 * chain end] >>, signature]}, and by which number it is kept. Stateless.
 */
final class DigestHeader {
    /** No Partial IV has three bytes. */
    private static final byte KIND = (byte) 0xd1;

    private static final int MAX_RANGES = 32;
    private static final int MAX_PARTIAL_IV = 0xffff;

    private DigestHeader() {}

    /** The kind and the first Partial IV of a digest of that session; nothing for an opener. */
    static Bytes counter(Bytes message, Digest session) {
        try {
            Bytes payload =
                    Cbor.decode(message, message.size()).asArray(4).get(2).asBytes();
            List<Item> parts = Cbor.decode(payload, payload.size()).asArray(3);
            if (!parts.get(0).asBytes(Digest.SIZE).equals(session.bytes())) {
                return Bytes.EMPTY;
            }
            Item range = parts.get(1).asArray(1, MAX_RANGES).get(0);
            int first = range.asArray(2).get(0).asUint(MAX_PARTIAL_IV);
            return Bytes.of(KIND, (byte) (first >> 8), (byte) first);
        } catch (MalformedCborException e) {
            return Bytes.EMPTY;
        }
    }
}
