package dev.latchkey.coap;

import dev.latchkey.bytes.Bytes;
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

/**
 * A peer who puts any bytes he likes into his DTLS records, and sees the bytes that come back: for tests of servers. Safe for
 * use by many threads.
 */
public final class AnyBytesClient implements AutoCloseable {
    private static final int KEPT_ANSWERS = 10_000;

    private final InetSocketAddress server;
    private final DTLSConnector connector;
    private final BlockingQueue<Bytes> answers = new LinkedBlockingQueue<>(KEPT_ANSWERS);

    /** A client that takes whatever server answers; nothing is sent yet. */
    public AnyBytesClient(ClientIdentity identity, InetSocketAddress server) throws IOException {
        this.server = server;
        boolean rawKey = identity instanceof ClientIdentity.RawKey;
        DtlsConnectorConfig.Builder settings = DtlsConnectorConfig.builder(
                        CoapSettings.client(ClientOptions.DEFAULT, rawKey)
                                .set(DtlsConfig.DTLS_RECEIVER_THREAD_COUNT, 1))
                .setAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        if (rawKey) {
            settings.setCertificateIdentityProvider(KeyProvider.ofRawKey(((ClientIdentity.RawKey) identity).key()))
                    .setCertificateVerifier(KeyVerifier.ofRawKeys(Optional::of));
        } else {
            settings.setPskStore(new VoucherKey((ClientIdentity.Psk) identity));
        }
        connector = new DTLSConnector(settings.build());
        connector.setEndpointContextMatcher(new SoleServerMatcher());
        connector.setRawDataReceiver(data -> answers.offer(Bytes.of(data.getBytes())));
        connector.start();
    }

    /** Sends a message, after a handshake if there is no connection. */
    public void send(Bytes message) {
        connector.send(RawData.outbound(message.toArray(), new AddressEndpointContext(server), null, false));
    }

    /** The next message from the server; empty if none comes within so many milliseconds. */
    public Optional<Bytes> answer(long millis) throws InterruptedException {
        return Optional.ofNullable(answers.poll(millis, TimeUnit.MILLISECONDS));
    }

    @Override
    public void close() {
        connector.destroy();
    }
}
