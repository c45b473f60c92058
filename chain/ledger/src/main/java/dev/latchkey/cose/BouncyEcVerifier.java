package dev.latchkey.cose;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import java.math.BigInteger;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;

/** ECDSA verification in pure Java by BouncyCastle, without the low-S rule; safe for use by many threads. */
public final class BouncyEcVerifier implements EcVerifier {
    @Override
    public boolean verify(CoseKey key, Bytes message, Bytes signature) {
        if (signature.size() != 2 * P256.FIELD_BYTES) {
            return false;
        }
        BigInteger r = P256.integer(signature.slice(0, P256.FIELD_BYTES));
        BigInteger s = P256.integer(signature.slice(P256.FIELD_BYTES, 2 * P256.FIELD_BYTES));
        ECDSASigner signer = new ECDSASigner();
        signer.init(false, new ECPublicKeyParameters(key.point(), P256.DOMAIN));
        return signer.verifySignature(Digest.sha256(message).bytes().toArray(), r, s);
    }
}
