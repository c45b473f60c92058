package dev.latchkey.coap;

import dev.latchkey.cose.CoseKey;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import javax.security.auth.x500.X500Principal;
import org.eclipse.californium.scandium.dtls.AlertMessage;
import org.eclipse.californium.scandium.dtls.AlertMessage.AlertDescription;
import org.eclipse.californium.scandium.dtls.AlertMessage.AlertLevel;
import org.eclipse.californium.scandium.dtls.CertificateMessage;
import org.eclipse.californium.scandium.dtls.CertificateType;
import org.eclipse.californium.scandium.dtls.CertificateVerificationResult;
import org.eclipse.californium.scandium.dtls.ConnectionId;
import org.eclipse.californium.scandium.dtls.HandshakeException;
import org.eclipse.californium.scandium.dtls.HandshakeResultHandler;
import org.eclipse.californium.scandium.dtls.x509.CertificateVerifier;
import org.eclipse.californium.scandium.util.ServerNames;

/**
 * Asks a look-up of ours about a peer's raw public key. It runs at the Certificate message, before the peer has proved
 * that it holds the private half; Scandium checks that with CertificateVerify or ServerKeyExchange right after.
 */
final class RawKeyVerifier implements CertificateVerifier {
    private final Function<CoseKey, Optional<?>> directory;

    /**
     * @param directory empty refuses; what it returns goes to the application-level info supplier
     */
    RawKeyVerifier(Function<CoseKey, Optional<?>> directory) {
        this.directory = directory;
    }

    @Override
    public List<CertificateType> getSupportedCertificateTypes() {
        return List.of(CertificateType.RAW_PUBLIC_KEY);
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
        Optional<?> known = JceKeys.fromPublic(message.getPublicKey()).flatMap(directory);
        if (known.isEmpty()) {
            return new CertificateVerificationResult(
                    cid,
                    new HandshakeException(
                            "unknown raw public key",
                            new AlertMessage(AlertLevel.FATAL, AlertDescription.BAD_CERTIFICATE)));
        }
        return new CertificateVerificationResult(cid, message.getPublicKey(), known.get());
    }

    @Override
    public List<X500Principal> getAcceptedIssuers() {
        return List.of();
    }

    /** Every answer is given at once, so there is never a later one. */
    @Override
    public void setResultHandler(HandshakeResultHandler resultHandler) {}
}
