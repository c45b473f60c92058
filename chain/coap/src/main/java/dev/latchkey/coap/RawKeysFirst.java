package dev.latchkey.coap;

import java.util.List;
import java.util.function.Consumer;
import org.eclipse.californium.scandium.dtls.CertificateType;
import org.eclipse.californium.scandium.dtls.cipher.CipherSuite;
import org.eclipse.californium.scandium.dtls.cipher.CipherSuiteParameters;
import org.eclipse.californium.scandium.dtls.cipher.DefaultCipherSuiteSelector;

/**
 * Chooses raw public keys wherever a client has them, though it names certificates first: they are a third of the bytes,
 * and GnuTLS names both even when raw keys are all that its caller gave it. Stateless.
 */
final class RawKeysFirst extends DefaultCipherSuiteSelector {
    @Override
    protected boolean selectForCertificate(CipherSuiteParameters parameters, CipherSuite cipherSuite) {
        boolean selected = super.selectForCertificate(parameters, cipherSuite);
        if (selected) {
            prefer(parameters.getServerCertTypes(), parameters::selectServerCertificateType);
            prefer(parameters.getClientCertTypes(), parameters::selectClientCertificateType);
        }
        return selected;
    }

    private static void prefer(List<CertificateType> common, Consumer<CertificateType> choice) {
        if (common.contains(CertificateType.RAW_PUBLIC_KEY)) {
            choice.accept(CertificateType.RAW_PUBLIC_KEY);
        }
    }
}
