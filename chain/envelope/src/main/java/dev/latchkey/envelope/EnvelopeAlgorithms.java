package dev.latchkey.envelope;

import dev.latchkey.bytes.Bytes;
import java.util.Optional;

/**
 * The two ciphers under openers and readings, each by itself and only in the opening direction: the door through which
 * published test vectors reach the code that opens messages. Nothing that sends or receives calls it. Stateless.
 */
public final class EnvelopeAlgorithms {
    /** RFC 3394, section 2: whole blocks of 8 bytes, and one more. */
    private static final int WRAP_BLOCK = 8;

    private EnvelopeAlgorithms() {}

    /**
     * AES-CCM-16-64-128 (RFC 9053, section 4.2).
     *
     * @param key 16 bytes
     * @param nonce 13 bytes
     * @param sealed ciphertext followed by the tag of 8 bytes
     * @return the plaintext, or nothing if the tag is not right or a length is none of this algorithm
     */
    public static Optional<Bytes> openAesCcm(Bytes key, Bytes nonce, Bytes aad, Bytes sealed) {
        int size = sealed.size() - AesCcm.TAG_SIZE;
        if (size < 0 || !AesCcm.hasSizes(key.size(), nonce.size(), aad.size(), size)) {
            return Optional.empty();
        }
        return AesCcm.open(key.toArray(), nonce.toArray(), aad.toArray(), sealed.toArray())
                .map(Bytes::wrap);
    }

    /**
     * A128KW (RFC 9053, section 6.2; RFC 3394).
     *
     * @param wrapping 16 bytes
     * @param wrapped 24, 32 or 40 bytes: a key of 16, 24 or 32
     * @return the key, or nothing if its integrity check fails or a length is none of this algorithm
     */
    public static Optional<Bytes> unwrapA128Kw(Bytes wrapping, Bytes wrapped) {
        boolean blocks = wrapped.size() % WRAP_BLOCK == 0
                && wrapped.size() >= KeyWrap.WRAPPED_SIZE
                && wrapped.size() <= KeyWrap.WRAPPED_SIZE + 2 * WRAP_BLOCK;
        if (!blocks || wrapping.size() != AesCcm.KEY_SIZE) {
            return Optional.empty();
        }
        return KeyWrap.unwrap(Secret.copyOf(wrapping), wrapped).map(Secret::reveal);
    }
}
