package dev.latchkey.cose;

import dev.latchkey.bytes.Bytes;
import java.math.BigInteger;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.params.ECDomainParameters;

/** The curve secp256r1 (SEC 2, section 2.4.2) as BouncyCastle's fixed-field implementation sees it. */
final class P256 {
    private static final X9ECParameters CURVE = CustomNamedCurves.getByName("secp256r1");

    static final ECDomainParameters DOMAIN =
            new ECDomainParameters(CURVE.getCurve(), CURVE.getG(), CURVE.getN(), CURVE.getH());
    static final BigInteger N = CURVE.getN();
    static final BigInteger HALF_N = N.shiftRight(1);
    static final int FIELD_BYTES = 32;

    private P256() {}

    static BigInteger integer(Bytes unsigned) {
        return new BigInteger(1, unsigned.toArray());
    }

    /** The big-endian form of a number below 2^256, padded on the left to 32 bytes. */
    static Bytes field(BigInteger value) {
        byte[] shortest = value.toByteArray();
        byte[] padded = new byte[FIELD_BYTES];
        int from = Math.max(0, shortest.length - FIELD_BYTES);
        int length = shortest.length - from;
        System.arraycopy(shortest, from, padded, FIELD_BYTES - length, length);
        return Bytes.wrap(padded);
    }
}
