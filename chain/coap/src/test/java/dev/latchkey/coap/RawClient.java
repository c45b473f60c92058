package dev.latchkey.coap;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cose.KeyPair;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.network.serialization.UdpDataParser;
import org.eclipse.californium.elements.AddressEndpointContext;
import org.eclipse.californium.elements.EndpointContext;
import org.eclipse.californium.elements.MessageCallback;
import org.eclipse.californium.elements.RawData;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.scandium.DTLSConnector;
import org.eclipse.californium.scandium.config.DtlsConfig;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;
import org.eclipse.californium.scandium.dtls.CertificateType;
import org.eclipse.californium.scandium.dtls.HandshakeException;
import org.eclipse.californium.scandium.dtls.x509.CertificateConfigurationHelper;
import org.eclipse.californium.scandium.dtls.x509.SingleCertificateProvider;
import org.eclipse.californium.scandium.dtls.x509.StaticCertificateVerifier;

/** A member that puts any bytes it likes into its DTLS records. */
final class RawClient implements AutoCloseable {
    private final InetSocketAddress server;
    private final DTLSConnector connector;
    private final BlockingQueue<RawData> received = new LinkedBlockingQueue<>();
    private final CompletableFuture<Throwable> failure = new CompletableFuture<>();

    RawClient(KeyPair key, InetSocketAddress server) throws IOException {
        this(key, server, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    /** A client at an address of its own. */
    RawClient(KeyPair key, InetSocketAddress server, InetSocketAddress own) throws IOException {
        this(
                DtlsConnectorConfig.builder(settings(true))
                        .setCertificateIdentityProvider(KeyProvider.ofRawKey(key))
                        .setCertificateVerifier(KeyVerifier.ofRawKeys(Optional::of)),
                server,
                own);
    }

    /** A client with any credentials and settings. */
    RawClient(DtlsConnectorConfig.Builder settings, InetSocketAddress server) throws IOException {
        this(settings, server, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    private RawClient(DtlsConnectorConfig.Builder settings, InetSocketAddress server, InetSocketAddress own)
            throws IOException {
        this.server = server;
        connector = new DTLSConnector(settings.setAddress(own).build());
        connector.setEndpointContextMatcher(new SoleServerMatcher());
        connector.setRawDataReceiver(received::add);
        connector.start();
    }

    /** A client whose DTLS has certificates and no raw keys; the first of them is of the key. */
    static RawClient withCertificates(KeyPair key, InetSocketAddress server, X509Certificate... certificates)
            throws IOException {
        return new RawClient(
                DtlsConnectorConfig.builder(settings(true))
                        .setCertificateIdentityProvider(
                                new SingleCertificateProvider(
                                        JceKeys.toPrivate(key), certificates, CertificateType.X_509) {
                                    @Override
                                    public void setupConfigurationHelper(CertificateConfigurationHelper helper) {
                                        // Else it would not show a certificate of another key.
                                    }
                                })
                        .setCertificateVerifier(StaticCertificateVerifier.builder()
                                .setTrustAllCertificates()
                                .build()),
                server);
    }

    static Configuration settings(boolean key) {
        return CoapSettings.client(Lab.QUICK, key).set(DtlsConfig.DTLS_RECEIVER_THREAD_COUNT, 1);
    }

    void send(String hex) {
        connector.send(RawData.outbound(
                Bytes.fromHex(hex).toArray(),
                new AddressEndpointContext(server),
                new MessageCallback() {
                    @Override
                    public void onConnecting() {}

                    @Override
                    public void onDtlsRetransmission(int flight) {}

                    @Override
                    public void onContextEstablished(EndpointContext context) {}

                    @Override
                    public void onSent() {}

                    @Override
                    public void onError(Throwable error) {
                        failure.complete(error);
                    }
                },
                false));
    }

    /** Has the next request begin with an abbreviated handshake (RFC 5246, section 7.3), if there is a session to resume. */
    void resumeSession() {
        connector.forceResumeAllSessions();
    }

    /** The alert of the handshake that sending this began. */
    int refusal(String hex) throws Exception {
        send(hex);
        return ((HandshakeException) failure.get(10, TimeUnit.SECONDS))
                .getAlert()
                .getDescription()
                .getCode();
    }

    Response ask(String hex) throws InterruptedException {
        return (Response) new UdpDataParser().parseMessage(answer(hex).getBytes());
    }

    /** The answer with the context of its connection. */
    RawData answer(String hex) throws InterruptedException {
        send(hex);
        return received.poll(30, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        connector.destroy();
    }
}
