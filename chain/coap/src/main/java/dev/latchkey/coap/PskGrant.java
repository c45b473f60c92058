package dev.latchkey.coap;

import dev.latchkey.bytes.Bytes;
import java.util.Objects;

/**
 * The pre-shared key of an identity and what requests of that peer shall carry.
 *
 * @param secret the key, at least 16 bytes; never printed
 * @param handle goes into {@link VoucherPeer#handle()}
 */
public record PskGrant(Bytes secret, Object handle) {
    /** Shorter keys could be searched for by whoever records one handshake. */
    public static final int MIN_SECRET_BYTES = 16;

    public PskGrant {
        Objects.requireNonNull(handle);
        if (secret.size() < MIN_SECRET_BYTES) {
            throw new IllegalArgumentException("a pre-shared key has 16 bytes or more");
        }
    }

    @Override
    public String toString() {
        return "PskGrant[handle=" + handle + "]";
    }
}
