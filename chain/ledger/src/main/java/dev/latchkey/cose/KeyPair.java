package dev.latchkey.cose;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import java.math.BigInteger;
import java.security.SecureRandom;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.HMacDSAKCalculator;
import org.bouncycastle.math.ec.ECPoint;

/**
 * A P-256 key pair held in memory; safe for use by many threads. Signatures are deterministic (RFC 6979). The private
 * part appears in no text.
 */
public final class KeyPair implements Signer {
    private final BigInteger scalar;
    private final CoseKey publicKey;

    private KeyPair(BigInteger scalar) {
        this.scalar = scalar;
        this.publicKey = CoseKey.ofPoint(
                new org.bouncycastle.math.ec.FixedPointCombMultiplier().multiply(P256.DOMAIN.getG(), scalar));
    }

    /** A new pair, its scalar drawn uniformly from 1 to n-1. */
    public static KeyPair generate(SecureRandom random) {
        byte[] candidate = new byte[P256.FIELD_BYTES];
        while (true) {
            random.nextBytes(candidate);
            BigInteger scalar = new BigInteger(1, candidate);
            if (inRange(scalar)) {
                java.util.Arrays.fill(candidate, (byte) 0);
                return new KeyPair(scalar);
            }
        }
    }

    /** The pair with a given private scalar, 32 bytes big-endian. */
    public static KeyPair fromScalar(Bytes scalar) throws MalformedKeyException {
        BigInteger value = P256.integer(scalar);
        if (scalar.size() != P256.FIELD_BYTES || !inRange(value)) {
            throw new MalformedKeyException("not a private scalar of P-256");
        }
        return new KeyPair(value);
    }

    private static boolean inRange(BigInteger scalar) {
        return scalar.signum() > 0 && scalar.compareTo(P256.N) < 0;
    }

    @Override
    public CoseKey publicKey() {
        return publicKey;
    }

    /** The private scalar, 32 bytes big-endian: for key files only. */
    public Bytes scalar() {
        return P256.field(scalar);
    }

    @Override
    public Bytes sign(Bytes message) {
        ECDSASigner signer = new ECDSASigner(new HMacDSAKCalculator(new SHA256Digest()));
        signer.init(true, new ECPrivateKeyParameters(scalar, P256.DOMAIN));
        BigInteger[] rs =
                signer.generateSignature(Digest.sha256(message).bytes().toArray());
        BigInteger s = rs[1].compareTo(P256.HALF_N) > 0 ? P256.N.subtract(rs[1]) : rs[1];
        return Bytes.concat(P256.field(rs[0]), P256.field(s));
    }

    /** ECDH (RFC 9053, section 6.3): the x-coordinate of the shared point, 32 bytes with leading zeros kept. */
    public Bytes agree(CoseKey peer) {
        ECPoint shared = peer.point().multiply(scalar).normalize();
        if (shared.isInfinity()) {
            throw new IllegalStateException("the curve has prime order, no product is infinite");
        }
        return Bytes.wrap(shared.getAffineXCoord().getEncoded());
    }

    @Override
    public String toString() {
        return "key pair " + publicKey.kid();
    }
}
