package dev.latchkey.coap;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.cose.MalformedKeyException;
import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPrivateKeySpec;
import java.security.spec.ECPublicKeySpec;
import java.util.Optional;

/** The chain's P-256 keys as the platform's and back; stateless. Works with whatever provider stands first. */
final class JceKeys {
    private static final int FIELD_BYTES = 32;
    private static final byte UNCOMPRESSED = 4;
    private static final ECParameterSpec P256 = parameters();

    private JceKeys() {}

    static PublicKey toPublic(CoseKey key) {
        byte[] sec1 = key.uncompressed().toArray();
        ECPoint point = new ECPoint(
                new BigInteger(1, sec1, 1, FIELD_BYTES), new BigInteger(1, sec1, 1 + FIELD_BYTES, FIELD_BYTES));
        try {
            return KeyFactory.getInstance("EC").generatePublic(new ECPublicKeySpec(point, P256));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the platform refuses a key of P-256", e);
        }
    }

    static PrivateKey toPrivate(KeyPair key) {
        BigInteger scalar = new BigInteger(1, key.scalar().toArray());
        try {
            return KeyFactory.getInstance("EC").generatePrivate(new ECPrivateKeySpec(scalar, P256));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the platform refuses a key of P-256", e);
        }
    }

    /** The chain's form of a peer's key; empty if it is no point of P-256. */
    static Optional<CoseKey> fromPublic(PublicKey key) {
        if (!(key instanceof ECPublicKey)) {
            return Optional.empty();
        }
        ECPublicKey ec = (ECPublicKey) key;
        if (!P256.getCurve().equals(ec.getParams().getCurve())) {
            return Optional.empty();
        }
        byte[] sec1 = new byte[1 + 2 * FIELD_BYTES];
        sec1[0] = UNCOMPRESSED;
        if (!writeField(ec.getW().getAffineX(), sec1, 1)
                || !writeField(ec.getW().getAffineY(), sec1, 1 + FIELD_BYTES)) {
            return Optional.empty();
        }
        try {
            return Optional.of(CoseKey.fromUncompressed(Bytes.wrap(sec1)));
        } catch (MalformedKeyException e) {
            return Optional.empty();
        }
    }

    private static boolean writeField(BigInteger value, byte[] target, int offset) {
        if (value.signum() < 0 || value.bitLength() > FIELD_BYTES * Byte.SIZE) {
            return false;
        }
        byte[] bytes = value.toByteArray();
        int length = Math.min(bytes.length, FIELD_BYTES);
        System.arraycopy(bytes, bytes.length - length, target, offset + FIELD_BYTES - length, length);
        return true;
    }

    private static ECParameterSpec parameters() {
        try {
            AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
            parameters.init(new ECGenParameterSpec("secp256r1"));
            return parameters.getParameterSpec(ECParameterSpec.class);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has P-256", e);
        }
    }
}
