package dev.latchkey.coap;

import dev.latchkey.cose.CoseKey;
import java.util.Objects;

/**
 * A peer that proved in its handshake that it holds the private half of a key, which it showed raw (RFC 7250) or in a
 * certificate.
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
