package dev.latchkey.cose;

import dev.latchkey.bytes.Bytes;
import java.math.BigInteger;

/**
 * The ledger's policy in front of any provider: 64 bytes, r and s within 1 to n-1, s at most n/2. With it every provider
 * accepts exactly the same signatures, and no third party can turn one valid signature into another.
 */
public final class StrictEcVerifier implements EcVerifier {
    private final EcVerifier provider;

    public StrictEcVerifier(EcVerifier provider) {
        this.provider = provider;
    }

    /** The strict verifier on BouncyCastle. */
    public static EcVerifier bouncy() {
        return new StrictEcVerifier(new BouncyEcVerifier());
    }

    @Override
    public boolean verify(CoseKey key, Bytes message, Bytes signature) {
        if (signature.size() != 2 * P256.FIELD_BYTES) {
            return false;
        }
        BigInteger r = P256.integer(signature.slice(0, P256.FIELD_BYTES));
        BigInteger s = P256.integer(signature.slice(P256.FIELD_BYTES, 2 * P256.FIELD_BYTES));
        return r.signum() > 0
                && r.compareTo(P256.N) < 0
                && s.signum() > 0
                && s.compareTo(P256.HALF_N) <= 0
                && provider.verify(key, message, signature);
    }
}
