package dev.latchkey.envelope;

import dev.latchkey.bytes.Bytes;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;

/** A128KW: a 16-byte key wrapped in 24 bytes under another (RFC 9053, section 6.2; RFC 3394). Stateless. */
final class KeyWrap {
    static final int WRAPPED_SIZE = 24;

    private KeyWrap() {}

    static Bytes wrap(Secret wrapping, Secret wrapped) {
        try {
            Cipher cipher = Cipher.getInstance("AESWrap");
            cipher.init(Cipher.WRAP_MODE, new SecretKeySpec(wrapping.array(), "AES"));
            return Bytes.wrap(cipher.wrap(new SecretKeySpec(wrapped.array(), "AES")));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform wraps AES keys", e);
        }
    }

    /** The key, or nothing if its integrity check fails. */
    static Optional<Secret> unwrap(Secret wrapping, Bytes wrapped) {
        try {
            Cipher cipher = Cipher.getInstance("AESWrap");
            cipher.init(Cipher.UNWRAP_MODE, new SecretKeySpec(wrapping.array(), "AES"));
            byte[] key =
                    cipher.unwrap(wrapped.toArray(), "AES", Cipher.SECRET_KEY).getEncoded();
            return Optional.of(Secret.owning(key));
        } catch (InvalidKeyException e) {
            return Optional.empty();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform wraps AES keys", e);
        }
    }
}
