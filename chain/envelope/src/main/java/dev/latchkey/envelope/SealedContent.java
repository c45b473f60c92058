package dev.latchkey.envelope;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import java.util.ArrayList;
import java.util.List;

/**
 * What an opener seals: {@code [ S, ? pack ]}.
 *
 * @param sessionSecret S, 16 bytes
 * @param pack the first pack, or empty
 */
record SealedContent(Secret sessionSecret, Bytes pack) {
    /** The Context IV of 13 zero bytes with Partial IV 0; the content key is used once. */
    static final Bytes NONCE = Bytes.wrap(new byte[AesCcm.NONCE_SIZE]);

    private static final int SECRET_SIZE = 16;

    static Bytes encode(Secret sessionSecret, Bytes pack) {
        List<Item> parts = new ArrayList<>();
        parts.add(Cbor.bytes(sessionSecret.reveal()));
        if (!pack.isEmpty()) {
            parts.add(Cbor.bytes(pack));
        }
        return Cbor.encode(Cbor.array(parts));
    }

    static SealedContent decode(Bytes plaintext) throws MalformedMessageException {
        try {
            List<Item> parts = Cbor.decode(plaintext, OpenerHead.MAX_BYTES).asArray(1, 2);
            Secret secret = Secret.copyOf(parts.get(0).asBytes(SECRET_SIZE));
            Bytes pack = parts.size() == 2 ? parts.get(1).asBytes() : Bytes.EMPTY;
            return new SealedContent(secret, pack);
        } catch (MalformedCborException e) {
            throw new MalformedMessageException(e);
        }
    }

    @Override
    public String toString() {
        return "SealedContent";
    }
}
