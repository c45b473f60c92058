package dev.latchkey.coap;

import dev.latchkey.cose.KeyPair;
import java.security.PublicKey;
import java.security.cert.Certificate;
import java.util.List;
import org.eclipse.californium.scandium.dtls.CertificateType;
import org.eclipse.californium.scandium.dtls.x509.CertificateConfigurationHelper;
import org.eclipse.californium.scandium.dtls.x509.SingleCertificateProvider;

/**
 * Offers one public key; stateless. Scandium tries each pair out by a signature with the first hash that the platform
 * has, SHA-1 on the JDK's slow provider: 2 ms for each client. Ours are pairs by construction.
 */
final class KeyProvider extends SingleCertificateProvider {
    private final PublicKey key;

    private KeyProvider(KeyPair pair, PublicKey key) {
        super(JceKeys.toPrivate(pair), key);
        this.key = key;
    }

    private KeyProvider(KeyPair pair, Certificate certificate) {
        super(
                JceKeys.toPrivate(pair),
                new Certificate[] {certificate},
                List.of(CertificateType.RAW_PUBLIC_KEY, CertificateType.X_509));
        this.key = certificate.getPublicKey();
    }

    /** Shows the key raw (RFC 7250). */
    static KeyProvider ofRawKey(KeyPair pair) {
        return new KeyProvider(pair, JceKeys.toPublic(pair.publicKey()));
    }

    /** Shows the key raw or in a self-signed certificate: RawKeysFirst chooses. */
    static KeyProvider withCertificate(KeyPair pair) {
        return new KeyProvider(pair, SelfSigned.certificate(pair));
    }

    @Override
    public void setupConfigurationHelper(CertificateConfigurationHelper helper) {
        helper.addConfigurationDefaultsFor(key);
    }
}
