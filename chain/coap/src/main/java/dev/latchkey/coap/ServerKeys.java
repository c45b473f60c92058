package dev.latchkey.coap;

import dev.latchkey.cose.CoseKey;
import dev.latchkey.cose.KeyPair;
import java.util.List;
import javax.security.auth.x500.X500Principal;
import org.eclipse.californium.scandium.dtls.CertificateIdentityResult;
import org.eclipse.californium.scandium.dtls.CertificateType;
import org.eclipse.californium.scandium.dtls.ConnectionId;
import org.eclipse.californium.scandium.dtls.HandshakeResultHandler;
import org.eclipse.californium.scandium.dtls.SignatureAndHashAlgorithm;
import org.eclipse.californium.scandium.dtls.cipher.CipherSuite.CertificateKeyAlgorithm;
import org.eclipse.californium.scandium.dtls.cipher.XECDHECryptography.SupportedGroup;
import org.eclipse.californium.scandium.dtls.x509.CertificateConfigurationHelper;
import org.eclipse.californium.scandium.dtls.x509.CertificateProvider;
import org.eclipse.californium.scandium.dtls.x509.ConfigurationHelperSetup;
import org.eclipse.californium.scandium.util.ServerNames;

/** The server's key, which another one may replace: each handshake gets the one of its moment. Thread-safe. */
final class ServerKeys implements CertificateProvider, ConfigurationHelperSetup {
    private record Shown(CoseKey key, KeyProvider provider) {}

    private volatile Shown shown;

    ServerKeys(KeyPair identity) {
        show(identity);
    }

    /** Handshakes that begin from now on show this key. */
    void show(KeyPair identity) {
        shown = new Shown(identity.publicKey(), KeyProvider.withCertificate(identity));
    }

    CoseKey publicKey() {
        return shown.key();
    }

    @Override
    public void setupConfigurationHelper(CertificateConfigurationHelper helper) {
        shown.provider().setupConfigurationHelper(helper);
    }

    @Override
    public List<CertificateKeyAlgorithm> getSupportedCertificateKeyAlgorithms() {
        return shown.provider().getSupportedCertificateKeyAlgorithms();
    }

    @Override
    public List<CertificateType> getSupportedCertificateTypes() {
        return shown.provider().getSupportedCertificateTypes();
    }

    @Override
    public CertificateIdentityResult requestCertificateIdentity(
            ConnectionId cid,
            boolean client,
            List<X500Principal> issuers,
            ServerNames serverNames,
            List<CertificateKeyAlgorithm> keyAlgorithms,
            List<SignatureAndHashAlgorithm> signatures,
            List<SupportedGroup> curves) {
        return shown.provider()
                .requestCertificateIdentity(cid, client, issuers, serverNames, keyAlgorithms, signatures, curves);
    }

    /** Answers come at once; nobody waits for a handler. */
    @Override
    public void setResultHandler(HandshakeResultHandler handler) {
        shown.provider().setResultHandler(handler);
    }
}
