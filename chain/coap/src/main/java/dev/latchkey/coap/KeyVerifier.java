package dev.latchkey.coap;

import dev.latchkey.cose.CoseKey;
import java.net.InetSocketAddress;
import java.security.cert.CertPath;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import javax.security.auth.x500.X500Principal;
import org.eclipse.californium.scandium.dtls.CertificateMessage;
import org.eclipse.californium.scandium.dtls.CertificateType;
import org.eclipse.californium.scandium.dtls.CertificateVerificationResult;
import org.eclipse.californium.scandium.dtls.ConnectionId;
import org.eclipse.californium.scandium.dtls.HandshakeResultHandler;
import org.eclipse.californium.scandium.dtls.x509.CertificateVerifier;
import org.eclipse.californium.scandium.util.ServerNames;

/**
 * Asks a look-up of ours about a peer's public key. It runs at the Certificate message, before the peer has proved that
 * it holds the private half; Scandium checks that with CertificateVerify or ServerKeyExchange right after. A certificate
 * is an envelope for the key: nothing else in it is looked at, not even its signature.
 */
final class KeyVerifier implements CertificateVerifier {
    private final List<CertificateType> types;
    private final Function<CoseKey, Optional<?>> directory;

    private KeyVerifier(List<CertificateType> types, Function<CoseKey, Optional<?>> directory) {
        this.types = types;
        this.directory = directory;
    }

    /**
     * Takes raw public keys (RFC 7250) only.
     *
     * @param directory empty refuses; what it returns goes to the application-level info supplier
     */
    static KeyVerifier ofRawKeys(Function<CoseKey, Optional<?>> directory) {
        return new KeyVerifier(List.of(CertificateType.RAW_PUBLIC_KEY), directory);
    }

    /** Takes also a key in a single X.509 certificate, from peers whose DTLS has no raw ones. */
    static KeyVerifier ofRawKeysAndCertificates(Function<CoseKey, Optional<?>> directory) {
        return new KeyVerifier(List.of(CertificateType.RAW_PUBLIC_KEY, CertificateType.X_509), directory);
    }

    @Override
    public List<CertificateType> getSupportedCertificateTypes() {
        return types;
    }

    @Override
    public CertificateVerificationResult verifyCertificate(
            ConnectionId cid,
            ServerNames serverName,
            InetSocketAddress remotePeer,
            boolean clientUsage,
            boolean verifySubject,
            boolean truncateCertificatePath,
            CertificateMessage message) {
        Optional<?> known = isChain(message)
                ? Optional.empty()
                : JceKeys.fromPublic(message.getPublicKey()).flatMap(directory);
        if (known.isEmpty()) {
            return new CertificateVerificationResult(cid, new UnknownKeyException());
        }
        // The key and not the certificate, so that the principal is the same for both.
        return new CertificateVerificationResult(cid, message.getPublicKey(), known.get());
    }

    private static boolean isChain(CertificateMessage message) {
        CertPath certificates = message.getCertificateChain();
        return certificates != null && certificates.getCertificates().size() != 1;
    }

    @Override
    public List<X500Principal> getAcceptedIssuers() {
        return List.of();
    }

    /** Every answer is given at once, so there is never a later one. */
    @Override
    public void setResultHandler(HandshakeResultHandler resultHandler) {}
}
