package dev.latchkey.host;

import dev.latchkey.cose.CoseKey;
import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.function.Predicate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Trusts a certificate for its key alone. Names, dates, issuer and signature are not looked at: the handshake proves that
 * the peer holds the key, the predicate says whether the key is one we want. It is the extended kind of trust manager,
 * because around a plain one JSSE checks host names. Safe for use by many threads.
 */
final class PinnedTrust extends X509ExtendedTrustManager {
    private final Predicate<CoseKey> wanted;

    PinnedTrust(Predicate<CoseKey> wanted) {
        this.wanted = wanted;
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        check(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        check(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        check(chain);
    }

    /** None named: a peer with any issuer may show its certificate. */
    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }

    private void check(X509Certificate[] chain) throws CertificateException {
        if (chain == null || chain.length == 0) {
            throw new CertificateException("no certificate");
        }
        CoseKey key = JcaKeys.coseKey(chain[0].getPublicKey())
                .orElseThrow(() -> new CertificateException("the certificate's key is not on P-256"));
        if (!wanted.test(key)) {
            throw new CertificateException("the certificate's key is unknown here");
        }
    }
}
