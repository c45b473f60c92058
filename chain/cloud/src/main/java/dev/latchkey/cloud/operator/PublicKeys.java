package dev.latchkey.cloud.operator;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.cose.MalformedKeyException;
import java.util.Base64;
import java.util.Optional;

/**
 * Public keys and digests as people pass them on: a compressed P-256 point (SEC 1, 33 bytes) or a digest of 32 bytes, in
 * lower-case hexadecimal or in base64url without padding. Stateless.
 */
public final class PublicKeys {
    private static final int POINT_BYTES = 33;

    private PublicKeys() {}

    /** The key, if the text is one. */
    public static Optional<CoseKey> key(String text) {
        try {
            Optional<Bytes> point = bytes(text, POINT_BYTES);
            return point.isEmpty() ? Optional.empty() : Optional.of(CoseKey.fromSec1(point.get()));
        } catch (MalformedKeyException e) {
            return Optional.empty();
        }
    }

    /** A text for the key that {@link #key} reads. */
    public static String text(CoseKey key) {
        return (key.odd() ? "03" : "02") + key.x().toHex();
    }

    /** So many bytes, if the text is them in one of the two forms and in no other spelling. */
    static Optional<Bytes> bytes(String text, int size) {
        if (text.length() == 2 * size && text.matches("[0-9a-f]+")) {
            return Optional.of(Bytes.fromHex(text));
        }
        try {
            byte[] decoded = Base64.getUrlDecoder().decode(text);
            String again = Base64.getUrlEncoder().withoutPadding().encodeToString(decoded);
            return decoded.length == size && again.equals(text) ? Optional.of(Bytes.wrap(decoded)) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
