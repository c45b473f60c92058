package dev.latchkey.coap;

import dev.latchkey.cose.KeyPair;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.eclipse.californium.core.CoapExchange;
import org.eclipse.californium.core.CoapResource;
import org.eclipse.californium.core.CoapServer;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.network.CoapEndpoint;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.elements.util.ExecutorsUtil;
import org.eclipse.californium.elements.util.NamedThreadFactory;
import org.eclipse.californium.elements.util.ProtocolScheduledExecutorService;
import org.eclipse.californium.scandium.DTLSConnector;
import org.eclipse.californium.scandium.config.DtlsConfig;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;
import org.eclipse.californium.scandium.dtls.x509.SingleCertificateProvider;
import org.eclipse.californium.scandium.dtls.x509.StaticCertificateVerifier;

/**
 * What {@link CoapsServer} is measured against: Californium's own server and resource with our configuration, that takes
 * every raw public key and answers 2.04 to a POST to /m. On loopback, for benchmarks and tests alone. Safe for use by
 * many threads.
 */
public final class BareEcho implements AutoCloseable {
    private static final int MAX_BODY = 65_536;
    private static final long STOP_MILLIS = 2_000;

    private final ProtocolScheduledExecutorService executor;
    private final CoapServer server;
    private final CoapEndpoint endpoint;

    private static final class Echo extends CoapResource {
        Echo() {
            super("m");
        }

        @Override
        public void handlePOST(CoapExchange exchange) {
            exchange.respond(ResponseCode.CHANGED);
        }
    }

    private BareEcho(KeyPair identity, int connectionIdLength, int threads) {
        Configuration config = CoapSettings.server(ServerLimits.DEFAULT, connectionIdLength, MAX_BODY)
                .set(DtlsConfig.DTLS_CIPHER_SUITES, CoapSettings.RAW_KEY_SUITES);
        executor = ExecutorsUtil.newProtocolScheduledThreadPool(threads, new NamedThreadFactory("bare-echo#"));
        DTLSConnector connector = new DTLSConnector(DtlsConnectorConfig.builder(config)
                .setAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .setCertificateIdentityProvider(new SingleCertificateProvider(
                        JceKeys.toPrivate(identity), JceKeys.toPublic(identity.publicKey())))
                .setCertificateVerifier(
                        StaticCertificateVerifier.builder().setTrustAllRPKs().build())
                .build());
        endpoint = CoapEndpoint.builder()
                .setConfiguration(config)
                .setConnector(connector)
                .build();
        server = new CoapServer(config);
        server.setExecutor(executor, true);
        server.addEndpoint(endpoint);
        server.add(new Echo());
    }

    /**
     * Binds a free port and serves.
     *
     * @param identity the server's raw public key
     * @param connectionIdLength bytes of the connection IDs that clients send, 1 to 20
     * @param threads for DTLS, CoAP and the resource, at least 2
     * @throws IOException if no port can be bound
     */
    public static BareEcho start(KeyPair identity, int connectionIdLength, int threads) throws IOException {
        BareEcho echo = new BareEcho(identity, connectionIdLength, threads);
        try {
            echo.server.start();
        } catch (IllegalStateException e) {
            echo.close();
            throw new IOException("the server could not be started", e);
        }
        return echo;
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return endpoint.getAddress();
    }

    @Override
    public void close() {
        server.destroy();
        ExecutorsUtil.shutdownExecutorGracefully(STOP_MILLIS, executor);
    }
}
