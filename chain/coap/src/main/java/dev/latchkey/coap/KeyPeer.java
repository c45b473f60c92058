package dev.latchkey.coap;

import dev.latchkey.cose.CoseKey;
import java.util.Objects;

/**
 * A peer that proved in its handshake that it holds the private half of a raw public key (RFC 7250).
 *
 * @param key its DTLS key
 * @param handle what {@link PeerDirectory#byKey} returned for it
 */
public record KeyPeer(CoseKey key, Object handle) implements Peer {
    public KeyPeer {
        Objects.requireNonNull(key);
        Objects.requireNonNull(handle);
    }
}
