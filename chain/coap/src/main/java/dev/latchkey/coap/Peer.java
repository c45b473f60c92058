package dev.latchkey.coap;

/**
 * Who is at the other end of a DTLS connection; immutable. The handle is the object that the {@link PeerDirectory}
 * returned at the handshake: a live one lets every request see what has changed since.
 */
public sealed interface Peer permits KeyPeer, VoucherPeer {
    /** What the directory returned for this peer. */
    Object handle();
}
