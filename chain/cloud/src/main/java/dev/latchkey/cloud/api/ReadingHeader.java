package dev.latchkey.cloud.api;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the cloud reads of a reading, {@code [h'', {4: kid, 6: Partial IV}, ciphertext]}: its counter. Stateless. */
final class ReadingHeader {
    private static final int KID_BYTES = 4;
    private static final Item KID = Cbor.uint(4);
    private static final Item PARTIAL_IV = Cbor.uint(6);

    private ReadingHeader() {}

    /** The Partial IV, 1 or 2 bytes, of a well-formed reading of that session. */
    static Optional<Bytes> counter(Bytes message, Digest session) {
        try {
            List<Item> parts = Cbor.decode(message, message.size()).asArray(3);
            Map<Item, Item> header = parts.get(1).asMap();
            Item kid = header.get(KID);
            Item counter = header.get(PARTIAL_IV);
            boolean form = parts.get(0).asBytes().isEmpty() && header.size() == 2 && kid != null && counter != null;
            if (!form || !kid.asBytes(KID_BYTES).equals(session.bytes().slice(0, KID_BYTES))) {
                return Optional.empty();
            }
            parts.get(2).asBytes();
            return Optional.of(counter.asBytes(1, 2));
        } catch (MalformedCborException e) {
            return Optional.empty();
        }
    }
}
