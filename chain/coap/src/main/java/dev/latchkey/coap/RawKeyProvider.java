package dev.latchkey.coap;

import dev.latchkey.cose.KeyPair;
import java.security.PublicKey;
import org.eclipse.californium.scandium.dtls.x509.CertificateConfigurationHelper;
import org.eclipse.californium.scandium.dtls.x509.SingleCertificateProvider;

/**
 * Offers one raw public key; stateless. Scandium tries each pair out by a signature with the first hash that the platform
 * has, SHA-1 on the JDK's slow provider: 2 ms for each client. Ours are pairs by construction.
 */
final class RawKeyProvider extends SingleCertificateProvider {
    private final PublicKey key;

    private RawKeyProvider(KeyPair pair, PublicKey key) {
        super(JceKeys.toPrivate(pair), key);
        this.key = key;
    }

    static RawKeyProvider of(KeyPair pair) {
        return new RawKeyProvider(pair, JceKeys.toPublic(pair.publicKey()));
    }

    @Override
    public void setupConfigurationHelper(CertificateConfigurationHelper helper) {
        helper.addConfigurationDefaultsFor(key);
    }
}
