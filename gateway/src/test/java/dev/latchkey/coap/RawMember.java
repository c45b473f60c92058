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
import org.eclipse.californium.elements.AddressEndpointContext;
import org.eclipse.californium.elements.RawData;
import org.eclipse.californium.scandium.DTLSConnector;
import org.eclipse.californium.scandium.config.DtlsConfig;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;

/** A member who puts any bytes he likes into his DTLS records, and sees the bytes of the answers. */
public final class RawMember implements AutoCloseable {
    private final InetSocketAddress server;
    private final DTLSConnector connector;
    private final BlockingQueue<Bytes> answers = new LinkedBlockingQueue<>();

    public RawMember(KeyPair key, InetSocketAddress server) throws IOException {
        this.server = server;
        connector = new DTLSConnector(DtlsConnectorConfig.builder(
                        CoapSettings.client(ClientOptions.DEFAULT, true).set(DtlsConfig.DTLS_RECEIVER_THREAD_COUNT, 1))
                .setCertificateIdentityProvider(KeyProvider.ofRawKey(key))
                .setCertificateVerifier(KeyVerifier.ofRawKeys(Optional::of))
                .setAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .build());
        connector.setEndpointContextMatcher(new SoleServerMatcher());
        connector.setRawDataReceiver(data -> answers.add(Bytes.of(data.getBytes())));
        connector.start();
    }

    public void send(Bytes message) {
        connector.send(RawData.outbound(message.toArray(), new AddressEndpointContext(server), null, false));
    }

    /** The next message from the server, empty if none comes within ten seconds. */
    public Optional<Bytes> answer() throws InterruptedException {
        return Optional.ofNullable(answers.poll(10, TimeUnit.SECONDS));
    }

    @Override
    public void close() {
        connector.destroy();
    }
}
