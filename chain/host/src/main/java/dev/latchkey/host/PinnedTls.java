package dev.latchkey.host;

import dev.latchkey.cose.CoseKey;
import dev.latchkey.cose.KeyPair;
import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.function.Predicate;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.TrustManager;

/**
 * TLS 1.3 between parties that know each other by their chain keys. Each side shows a self-signed certificate and looks
 * at nothing in the other's but the key. Stateless; the contexts are safe for use by many threads.
 *
 * <p>The predicates are asked on the threads that do handshakes and must answer from memory. They are asked once per
 * full handshake: a session that is resumed, or lives long, is not asked about again, so what a peer may do must be
 * decided on each request from {@link #peerKey}. Use the contexts with {@link #serverParameters} and
 * {@link #clientParameters}, which leave out older versions of TLS and have the server demand a certificate.
 */
public final class PinnedTls {
    private static final String[] PROTOCOLS = {"TLSv1.3"};

    private PinnedTls() {}

    /** For a server that takes only clients whose key the predicate knows. */
    public static SSLContext server(KeyPair own, Predicate<CoseKey> clients) {
        return context(own, clients);
    }

    /** For a client that talks only to servers whose key the predicate knows. */
    public static SSLContext client(KeyPair own, Predicate<CoseKey> servers) {
        return context(own, servers);
    }

    public static SSLParameters serverParameters(SSLContext context) {
        SSLParameters parameters = clientParameters(context);
        parameters.setNeedClientAuth(true);
        return parameters;
    }

    public static SSLParameters clientParameters(SSLContext context) {
        SSLParameters parameters = context.getDefaultSSLParameters();
        parameters.setProtocols(PROTOCOLS.clone());
        return parameters;
    }

    /** The key the other side proved to hold; empty when it showed none, as in a handshake that is not over. */
    public static Optional<CoseKey> peerKey(SSLSession session) {
        try {
            return JcaKeys.coseKey(session.getPeerCertificates()[0].getPublicKey());
        } catch (SSLPeerUnverifiedException e) {
            return Optional.empty();
        }
    }

    /** Shows the own key's self-signed certificate; for libraries that take no context. */
    public static KeyManager keyManager(KeyPair own) {
        try {
            return new OwnKey(privateKey(own), certificate(own));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has X.509 and EC", e);
        }
    }

    /** Takes peers whose key the predicate knows; for libraries that take no context. */
    public static TrustManager trustManager(Predicate<CoseKey> peers) {
        return new PinnedTrust(peers);
    }

    private static SSLContext context(KeyPair own, Predicate<CoseKey> peers) {
        try {
            SSLContext context = SSLContext.getInstance("TLSv1.3");
            context.init(
                    new KeyManager[] {new OwnKey(privateKey(own), certificate(own))},
                    new TrustManager[] {new PinnedTrust(peers)},
                    null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has TLS 1.3, X.509 and EC", e);
        }
    }

    private static PrivateKey privateKey(KeyPair own) throws GeneralSecurityException {
        return JcaKeys.privateKey(own, KeyFactory.getInstance("EC"));
    }

    private static X509Certificate certificate(KeyPair own) throws GeneralSecurityException {
        byte[] der = Certificates.selfSigned(own).toArray();
        return (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
    }
}
