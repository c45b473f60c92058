package dev.latchkey.host;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cose.BouncyEcVerifier;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.cose.EcVerifier;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.cose.MalformedKeyException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Provider;
import java.security.Signature;
import java.util.Optional;
import javax.crypto.KeyAgreement;

/**
 * Whether a provider does P-256 right on this machine, found out before anything relies on it: a known signature
 * (RFC 6979, appendix A.2.5, SHA-256 of "sample"), spoiled ones, one it makes itself, and a key agreement, the last two
 * compared with BouncyCastle. Takes a few milliseconds.
 */
final class EcSelfTest {
    private static final Bytes SCALAR =
            Bytes.fromHex("c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721");
    private static final Bytes PEER = Bytes.fromHex("0a0d622a47e48f6bc1038ace438c6f528aa00ad2bd1da5f13ee46bf5f633d71a");
    private static final Bytes SAMPLE = Bytes.utf8("sample");
    private static final Bytes SIGNATURE =
            Bytes.fromHex("efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716"
                    + "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8");

    private EcSelfTest() {}

    static boolean passes(Provider provider) throws GeneralSecurityException {
        KeyPair pair = pair(SCALAR);
        EcVerifier verifier = new JcaEcVerifier(provider);
        KeyFactory keys = KeyFactory.getInstance("EC", provider);
        return verifiesOnlyTheTruth(verifier, pair.publicKey())
                && new BouncyEcVerifier().verify(pair.publicKey(), SAMPLE, signed(provider, keys, pair))
                && agreesAsBouncyCastle(provider, keys, pair)
                && JcaKeys.coseKey(JcaKeys.publicKey(pair.publicKey(), keys)).equals(Optional.of(pair.publicKey()));
    }

    private static boolean verifiesOnlyTheTruth(EcVerifier verifier, CoseKey key) {
        byte[] spoiled = SIGNATURE.toArray();
        spoiled[40] ^= 1;
        return verifier.verify(key, SAMPLE, SIGNATURE)
                && !verifier.verify(key, Bytes.utf8("sampl"), SIGNATURE)
                && !verifier.verify(key, SAMPLE, Bytes.wrap(spoiled))
                && !verifier.verify(key, SAMPLE, Bytes.wrap(new byte[64]))
                && !verifier.verify(pair(PEER).publicKey(), SAMPLE, SIGNATURE);
    }

    private static Bytes signed(Provider provider, KeyFactory keys, KeyPair pair) throws GeneralSecurityException {
        Signature ecdsa = Signature.getInstance("SHA256withECDSAinP1363Format", provider);
        ecdsa.initSign(JcaKeys.privateKey(pair, keys));
        ecdsa.update(SAMPLE.toArray());
        return Bytes.wrap(ecdsa.sign());
    }

    private static boolean agreesAsBouncyCastle(Provider provider, KeyFactory keys, KeyPair pair)
            throws GeneralSecurityException {
        CoseKey peer = pair(PEER).publicKey();
        KeyAgreement ecdh = KeyAgreement.getInstance("ECDH", provider);
        ecdh.init(JcaKeys.privateKey(pair, keys));
        ecdh.doPhase(JcaKeys.publicKey(peer, keys), true);
        return Bytes.wrap(ecdh.generateSecret()).equals(pair.agree(peer));
    }

    private static KeyPair pair(Bytes scalar) {
        try {
            return KeyPair.fromScalar(scalar);
        } catch (MalformedKeyException e) {
            throw new IllegalStateException(e); // a constant of this class
        }
    }
}
