package dev.latchkey.coap;

import dev.latchkey.cose.CoseKey;
import java.util.Optional;

/**
 * Decides who may connect. Both questions are asked on the threads of the handshake, by many at once, and before the
 * peer has proved anything: an implementation answers from memory, at once, and changes nothing.
 */
public interface PeerDirectory {
    /**
     * The live handle of the member with this DTLS key, raw or from a certificate; empty refuses the handshake with bad_certificate. Asked again
     * when the handshake is done: who is revoked in between is disconnected.
     */
    Optional<Object> byKey(CoseKey dtlsKey);

    /** The key of this PSK identity; empty refuses the handshake. At most 128 bytes of UTF-8 are asked for. */
    Optional<PskGrant> byIdentity(String identity);
}
