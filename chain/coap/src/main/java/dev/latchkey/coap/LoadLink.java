package dev.latchkey.coap;

import dev.latchkey.cose.KeyPair;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.eclipse.californium.elements.AddressEndpointContext;
import org.eclipse.californium.elements.RawData;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.elements.util.DatagramReader;
import org.eclipse.californium.elements.util.ProtocolScheduledExecutorService;
import org.eclipse.californium.scandium.DTLSConnector;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;
import org.eclipse.californium.scandium.dtls.ApplicationMessage;
import org.eclipse.californium.scandium.dtls.ContentType;
import org.eclipse.californium.scandium.dtls.DTLSContext;
import org.eclipse.californium.scandium.dtls.HandshakeException;
import org.eclipse.californium.scandium.dtls.Handshaker;
import org.eclipse.californium.scandium.dtls.Record;
import org.eclipse.californium.scandium.dtls.SessionListener;

/**
 * One DTLS connection of {@link LoadClients}: Scandium makes the handshake, and from then on one thread seals and opens
 * its records, without queues and thread hops. For that thread.
 */
final class LoadLink implements SessionListener {
    /** The greeting after the handshake (RFC 7252, section 4.3): the server answers it with a reset. */
    private static final byte[] PING = {0x40, 0, 0, 0};

    private final int number;
    private final InetSocketAddress server;
    private final Socket connector;
    private final DatagramChannel channel = DatagramChannel.open();
    private volatile Optional<DTLSContext> context = Optional.empty();
    private volatile boolean greeted;
    private volatile Optional<Throwable> failure = Optional.empty();

    /** Scandium's connector on the channel of the link; nothing is received but what the link hands to it. */
    private final class Socket extends DTLSConnector {
        Socket(DtlsConnectorConfig config) {
            super(config);
        }

        @Override
        protected void start(InetSocketAddress bindAddress) throws IOException {
            init(bindAddress, channel.socket(), null);
            channel.connect(server);
            channel.configureBlocking(false);
        }

        @Override
        protected void sendNextDatagramOverNetwork(DatagramPacket datagram) throws IOException {
            channel.write(ByteBuffer.wrap(datagram.getData(), datagram.getOffset(), datagram.getLength()));
        }
    }

    LoadLink(
            int number,
            InetSocketAddress server,
            KeyPair key,
            ServerCheck check,
            Configuration config,
            ProtocolScheduledExecutorService executor)
            throws IOException {
        this.number = number;
        this.server = server;
        connector = new Socket(DtlsConnectorConfig.builder(config)
                .setAddress(new InetSocketAddress(server.getAddress(), 0))
                .setCertificateIdentityProvider(KeyProvider.ofRawKey(key))
                .setCertificateVerifier(
                        KeyVerifier.ofRawKeys(found -> check.accepts(found) ? Optional.of(found) : Optional.empty()))
                .setSessionListener(this)
                .build());
        connector.setExecutor(executor);
        connector.setRawDataReceiver(answer -> greeted = true);
    }

    int number() {
        return number;
    }

    /** Begins the handshake; what arrives goes to {@link #receive} until the link is ready. */
    void begin(Selector selector) throws IOException {
        connector.start();
        channel.register(selector, SelectionKey.OP_READ, this);
        connector.send(RawData.outbound(PING, new AddressEndpointContext(server), null, false));
    }

    /** Whether the handshake is done. */
    boolean isReady() throws IOException {
        if (failure.isPresent()) {
            throw new IOException("a handshake failed", failure.get());
        }
        return greeted;
    }

    void send(byte[] message) throws IOException {
        DTLSContext open = context.orElseThrow();
        try {
            Record record = new Record(
                    ContentType.APPLICATION_DATA,
                    open.getWriteEpoch(),
                    new ApplicationMessage(message),
                    open,
                    open.getWriteConnectionId() != null
                            && !open.getWriteConnectionId().isEmpty(),
                    0);
            channel.write(ByteBuffer.wrap(record.toByteArray()));
        } catch (GeneralSecurityException e) {
            throw new IOException("a record could not be sealed", e);
        }
    }

    /** Takes one datagram, if there is any, and hands out the messages in it. */
    boolean receive(ByteBuffer buffer, Consumer<byte[]> messages) throws IOException {
        buffer.clear();
        int size = channel.read(buffer);
        if (size <= 0) {
            return false;
        }
        byte[] datagram = new byte[size];
        buffer.flip().get(datagram);
        if (!greeted) {
            connector.processDatagram(new DatagramPacket(datagram, size, server));
            return true;
        }
        List<Record> records = Record.fromReader(new DatagramReader(datagram), null, System.nanoTime());
        for (Record record : records) {
            if (record.getType() == ContentType.APPLICATION_DATA && record.getEpoch() > 0) {
                try {
                    record.decodeFragment(context.orElseThrow().getReadState());
                    messages.accept(((ApplicationMessage) record.getFragment()).getData());
                } catch (GeneralSecurityException | HandshakeException e) {
                    throw new IOException("a record could not be opened", e);
                }
            }
        }
        return true;
    }

    void close() {
        connector.destroy();
    }

    @Override
    public void handshakeStarted(Handshaker handshaker) {}

    @Override
    public void contextEstablished(Handshaker handshaker, DTLSContext establishedContext) {
        context = Optional.of(establishedContext);
    }

    @Override
    public void handshakeCompleted(Handshaker handshaker) {}

    @Override
    public void handshakeFailed(Handshaker handshaker, Throwable error) {
        failure = Optional.of(error);
    }

    @Override
    public void handshakeFlightRetransmitted(Handshaker handshaker, int flight) {}
}
