package dev.latchkey.sim.conform;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.cose.MalformedCoseException;
import java.util.Optional;

/** Where the nonce of a message's content comes from (RFC 9052, section 3.1, IV and Partial IV). Stateless. */
final class MessageNonce {
    private MessageNonce() {}

    /**
     * The message's own IV; else its Partial IV laid over the Context IV of the case ({@code context_iv}); else the
     * whole nonce as the case gives it ({@code iv}).
     */
    static Bytes of(CoseHeaders headers, Case given, int size)
            throws MalformedCaseException, MalformedCborException, MalformedCoseException {
        Optional<Item> iv = headers.find(CoseHeaders.IV);
        Optional<Item> partialIv = headers.find(CoseHeaders.PARTIAL_IV);
        if (iv.isPresent() && partialIv.isPresent()) {
            throw new MalformedCoseException("IV and Partial IV in one layer");
        }
        if (iv.isPresent()) {
            return iv.get().asBytes(size);
        }
        if (partialIv.isPresent() && given.has("context_iv")) {
            return laidOver(sized("context_iv", given, size), partialIv.get().asBytes(1, size));
        }
        return sized("iv", given, size);
    }

    private static Bytes sized(String field, Case given, int size) throws MalformedCaseException {
        Bytes value = given.bytes(field);
        if (value.size() != size) {
            throw new MalformedCaseException(field, "not as long as the algorithm's nonce");
        }
        return value;
    }

    /** The Partial IV, padded on the left to the length of the other, XOR the other. */
    private static Bytes laidOver(Bytes contextIv, Bytes partialIv) {
        byte[] nonce = contextIv.toArray();
        int offset = nonce.length - partialIv.size();
        for (int i = 0; i < partialIv.size(); i++) {
            nonce[offset + i] ^= partialIv.get(i);
        }
        return Bytes.wrap(nonce);
    }
}
