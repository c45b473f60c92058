package dev.latchkey.host;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.cose.EcVerifier;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Provider;
import java.security.Signature;

/**
 * ECDSA P-256 verification by a provider of the JCA, without the low-S rule; safe for use by many threads. Neither keys
 * nor Signature objects are kept: with ACCP both together cost 5 % of a verification.
 */
final class JcaEcVerifier implements EcVerifier {
    /** r and s, 32 bytes each; how providers treat another length differs. */
    private static final int SIGNATURE_BYTES = 64;

    private final Provider provider;

    JcaEcVerifier(Provider provider) {
        this.provider = provider;
    }

    @Override
    public boolean verify(CoseKey key, Bytes message, Bytes signature) {
        if (signature.size() != SIGNATURE_BYTES) {
            return false;
        }
        try {
            KeyFactory keys = KeyFactory.getInstance("EC", provider);
            Signature ecdsa = Signature.getInstance("SHA256withECDSAinP1363Format", provider);
            ecdsa.initVerify(JcaKeys.publicKey(key, keys));
            ecdsa.update(message.toArray());
            return ecdsa.verify(signature.toArray());
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}
