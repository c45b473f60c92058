package dev.latchkey.sim.bench;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.cose.MalformedKeyException;
import dev.latchkey.cose.Signer;
import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPrivateKeySpec;

/**
 * A key of the installed provider, for the hundred thousands that a load needs: made and used in a tenth of the time that
 * the ledger's own pairs take, whose signatures depend on nothing but key and message.
 */
final class QuickKey implements Signer {
    private static final int FIELD_BYTES = 32;
    private static final int POINT_BYTES = 1 + 2 * FIELD_BYTES;
    private static final BigInteger ORDER =
            new BigInteger("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16);
    private static final BigInteger HALF = ORDER.shiftRight(1);

    private final PrivateKey key;
    private final CoseKey publicKey;

    private QuickKey(PrivateKey key, CoseKey publicKey) {
        this.key = key;
        this.publicKey = publicKey;
    }

    static QuickKey generate() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            KeyPair pair = generator.generateKeyPair();
            Bytes info = Bytes.wrap(pair.getPublic().getEncoded()); // ends in the uncompressed point
            Bytes point = info.slice(info.size() - POINT_BYTES, info.size());
            return new QuickKey(pair.getPrivate(), CoseKey.fromUncompressed(point));
        } catch (GeneralSecurityException | MalformedKeyException e) {
            throw new IllegalStateException("the provider makes no keys of P-256", e);
        }
    }

    /** The same key, used by the provider. */
    static QuickKey of(dev.latchkey.cose.KeyPair pair) {
        try {
            AlgorithmParameters curve = AlgorithmParameters.getInstance("EC");
            curve.init(new ECGenParameterSpec("secp256r1"));
            ECPrivateKeySpec spec = new ECPrivateKeySpec(
                    new BigInteger(1, pair.scalar().toArray()), curve.getParameterSpec(ECParameterSpec.class));
            return new QuickKey(KeyFactory.getInstance("EC").generatePrivate(spec), pair.publicKey());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the provider does not know P-256", e);
        }
    }

    @Override
    public CoseKey publicKey() {
        return publicKey;
    }

    @Override
    public Bytes sign(Bytes message) {
        try {
            Signature ecdsa = Signature.getInstance("SHA256withECDSAinP1363Format");
            ecdsa.initSign(key);
            ecdsa.update(message.toArray());
            return lowS(Bytes.wrap(ecdsa.sign()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the provider does not sign", e);
        }
    }

    /** The one of two forms in which s is at most half the order. */
    private static Bytes lowS(Bytes rs) {
        BigInteger s = new BigInteger(1, rs.slice(FIELD_BYTES, 2 * FIELD_BYTES).toArray());
        if (s.compareTo(HALF) <= 0) {
            return rs;
        }
        byte[] low = ORDER.subtract(s).toByteArray();
        byte[] form = rs.toArray();
        for (int i = 0; i < FIELD_BYTES; i++) {
            int at = low.length - FIELD_BYTES + i;
            form[FIELD_BYTES + i] = at < 0 ? 0 : low[at];
        }
        return Bytes.wrap(form);
    }
}
