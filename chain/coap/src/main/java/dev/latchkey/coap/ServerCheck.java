package dev.latchkey.coap;

import dev.latchkey.cose.CoseKey;

/**
 * Decides whether a server may be talked to. Asked on a thread of the handshake, before the server has proved that it
 * holds the key; answers at once. With a pre-shared key it is not asked: who knows the key is the server.
 */
@FunctionalInterface
public interface ServerCheck {
    /** Whether to go on with the server of this raw public key; false ends the handshake with bad_certificate. */
    boolean accepts(CoseKey serverKey);
}
