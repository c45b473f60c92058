package dev.latchkey.host;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.cose.MalformedKeyException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Optional;

/** Chain keys in the forms the JCA and key files know. Both forms have a fixed length for P-256. Stateless. */
final class JcaKeys {
    /** SubjectPublicKeyInfo (RFC 5480, section 2) of a P-256 key, up to the uncompressed point. */
    private static final Bytes SPKI = Bytes.fromHex("3059301306072a8648ce3d020106082a8648ce3d030107034200");
    /** PrivateKeyInfo (RFC 5958) with an ECPrivateKey (RFC 5915) of P-256, up to the scalar; then up to the point. */
    private static final Bytes PKCS8 =
            Bytes.fromHex("308187020100301306072a8648ce3d020106082a8648ce3d030107046d306b0201010420");

    private static final Bytes PKCS8_POINT = Bytes.fromHex("a144034200");
    private static final int SCALAR = 32;
    private static final int POINT = 65;

    private JcaKeys() {}

    static Bytes subjectPublicKeyInfo(CoseKey key) {
        return Bytes.concat(SPKI, key.uncompressed());
    }

    static Bytes pkcs8(KeyPair pair) {
        return Bytes.concat(PKCS8, pair.scalar(), PKCS8_POINT, pair.publicKey().uncompressed());
    }

    /** The pair in such a PrivateKeyInfo, when it is one in the form of {@link #pkcs8} whose two halves agree. */
    static Optional<KeyPair> pair(Bytes pkcs8) throws MalformedKeyException {
        int scalarEnd = PKCS8.size() + SCALAR;
        if (pkcs8.size() != scalarEnd + PKCS8_POINT.size() + POINT || !pkcs8.startsWith(PKCS8)) {
            return Optional.empty();
        }
        KeyPair pair = KeyPair.fromScalar(pkcs8.slice(PKCS8.size(), scalarEnd));
        return pkcs8(pair).equals(pkcs8) ? Optional.of(pair) : Optional.empty();
    }

    static PublicKey publicKey(CoseKey key, KeyFactory factory) throws GeneralSecurityException {
        return factory.generatePublic(
                new X509EncodedKeySpec(subjectPublicKeyInfo(key).toArray()));
    }

    static PrivateKey privateKey(KeyPair pair, KeyFactory factory) throws GeneralSecurityException {
        return factory.generatePrivate(new PKCS8EncodedKeySpec(pkcs8(pair).toArray()));
    }

    /** The chain's form of a key from a certificate; empty when it is no P-256 key with a point on the curve. */
    static Optional<CoseKey> coseKey(PublicKey key) {
        byte[] encoded = key.getEncoded();
        if (encoded == null || encoded.length != SPKI.size() + POINT) {
            return Optional.empty();
        }
        Bytes info = Bytes.wrap(encoded);
        try {
            return info.startsWith(SPKI)
                    ? Optional.of(CoseKey.fromUncompressed(info.slice(SPKI.size(), info.size())))
                    : Optional.empty();
        } catch (MalformedKeyException e) {
            return Optional.empty();
        }
    }
}
