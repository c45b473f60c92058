package dev.latchkey.cose;

import dev.latchkey.bytes.Bytes;

/** Something that signs with one P-256 key: a key in memory, or one that a device keeps in hardware. */
public interface Signer {
    /** The key that verifies the signatures. */
    CoseKey publicKey();

    /**
     * Signs a message with ECDSA over SHA-256 (ESP256, RFC 9864, section 2.1).
     *
     * @return r ‖ s, 64 bytes, with s at most half the order of the curve
     */
    Bytes sign(Bytes message);
}
