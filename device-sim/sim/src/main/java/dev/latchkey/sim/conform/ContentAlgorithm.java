package dev.latchkey.sim.conform;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cose.MalformedCoseException;
import dev.latchkey.envelope.EnvelopeAlgorithms;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Algorithms of content (RFC 9053, section 4). Latchkey's is AES-CCM-16-64-128 alone; A128GCM and A256GCM are here, by
 * the JDK, because the examples of the COSE working group seal with them what they show key agreement by.
 */
enum ContentAlgorithm {
    A128GCM(1, 16, 12) {
        @Override
        Optional<Bytes> decrypt(Bytes key, Bytes nonce, Bytes aad, Bytes ciphertext) {
            return gcm(key, nonce, aad, ciphertext);
        }
    },
    A256GCM(3, 32, 12) {
        @Override
        Optional<Bytes> decrypt(Bytes key, Bytes nonce, Bytes aad, Bytes ciphertext) {
            return gcm(key, nonce, aad, ciphertext);
        }
    },
    AES_CCM_16_64_128(10, 16, 13) {
        @Override
        Optional<Bytes> decrypt(Bytes key, Bytes nonce, Bytes aad, Bytes ciphertext) {
            return EnvelopeAlgorithms.openAesCcm(key, nonce, aad, ciphertext);
        }
    };

    private static final int GCM_TAG_BYTES = 16;

    private final long number;
    private final int keyBytes;
    private final int nonceBytes;

    ContentAlgorithm(long number, int keyBytes, int nonceBytes) {
        this.number = number;
        this.keyBytes = keyBytes;
        this.nonceBytes = nonceBytes;
    }

    static ContentAlgorithm numbered(long number) throws MalformedCoseException {
        return Arrays.stream(values())
                .filter(algorithm -> algorithm.number == number)
                .findFirst()
                .orElseThrow(() -> new MalformedCoseException("an algorithm of content that is not supported"));
    }

    /** The number in IANA's registry of COSE algorithms. */
    long number() {
        return number;
    }

    int keyBytes() {
        return keyBytes;
    }

    int nonceBytes() {
        return nonceBytes;
    }

    /** The plaintext, or nothing if the tag is not right or the key has another length than this algorithm's. */
    Optional<Bytes> open(Bytes key, Bytes nonce, Bytes aad, Bytes ciphertext) {
        return key.size() == keyBytes ? decrypt(key, nonce, aad, ciphertext) : Optional.empty();
    }

    abstract Optional<Bytes> decrypt(Bytes key, Bytes nonce, Bytes aad, Bytes ciphertext);

    private static Optional<Bytes> gcm(Bytes key, Bytes nonce, Bytes aad, Bytes ciphertext) {
        if (ciphertext.size() < GCM_TAG_BYTES) {
            return Optional.empty();
        }
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(
                    Cipher.DECRYPT_MODE,
                    new SecretKeySpec(key.toArray(), "AES"),
                    new GCMParameterSpec(GCM_TAG_BYTES * Byte.SIZE, nonce.toArray()));
            cipher.updateAAD(aad.toArray());
            return Optional.of(Bytes.wrap(cipher.doFinal(ciphertext.toArray())));
        } catch (AEADBadTagException e) {
            return Optional.empty();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has AES in GCM", e);
        }
    }
}
