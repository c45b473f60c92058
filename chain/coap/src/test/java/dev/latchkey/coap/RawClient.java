package dev.latchkey.coap;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cose.KeyPair;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.network.serialization.UdpDataParser;
import org.eclipse.californium.elements.AddressEndpointContext;
import org.eclipse.californium.elements.RawData;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.scandium.DTLSConnector;
import org.eclipse.californium.scandium.config.DtlsConfig;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;
import org.eclipse.californium.scandium.dtls.x509.SingleCertificateProvider;

/** A member that puts any bytes it likes into its DTLS records. */
final class RawClient implements AutoCloseable {
    private final InetSocketAddress server;
    private final DTLSConnector connector;
    private final BlockingQueue<byte[]> received = new LinkedBlockingQueue<>();

    RawClient(KeyPair key, InetSocketAddress server) throws IOException {
        this.server = server;
        Configuration config = CoapSettings.client(Lab.QUICK, true).set(DtlsConfig.DTLS_RECEIVER_THREAD_COUNT, 1);
        connector = new DTLSConnector(DtlsConnectorConfig.builder(config)
                .setAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .setCertificateIdentityProvider(
                        new SingleCertificateProvider(JceKeys.toPrivate(key), JceKeys.toPublic(key.publicKey())))
                .setCertificateVerifier(new RawKeyVerifier(Optional::of))
                .build());
        connector.setEndpointContextMatcher(new SoleServerMatcher());
        connector.setRawDataReceiver(data -> received.add(data.getBytes()));
        connector.start();
    }

    void send(String hex) {
        connector.send(RawData.outbound(Bytes.fromHex(hex).toArray(), new AddressEndpointContext(server), null, false));
    }

    Response ask(String hex) throws InterruptedException {
        send(hex);
        return (Response) new UdpDataParser().parseMessage(received.poll(5, TimeUnit.SECONDS));
    }

    @Override
    public void close() {
        connector.destroy();
    }
}
