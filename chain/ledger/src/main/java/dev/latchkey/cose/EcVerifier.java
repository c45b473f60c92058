package dev.latchkey.cose;

import dev.latchkey.bytes.Bytes;

/**
 * Checks ECDSA P-256 signatures over SHA-256; implementations are safe for use by many threads. Two implementations
 * exist so that the fastest provider of the machine can be used: one on BouncyCastle here, one on the JCE in host.
 */
public interface EcVerifier {
    /**
     * Whether {@code signature} (r ‖ s) over {@code message} was made by the holder of {@code key}. Anything malformed
     * is false, never an exception.
     */
    boolean verify(CoseKey key, Bytes message, Bytes signature);
}
