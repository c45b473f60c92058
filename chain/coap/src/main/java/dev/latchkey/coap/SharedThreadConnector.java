package dev.latchkey.coap;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import org.eclipse.californium.scandium.DTLSConnector;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;

/** Scandium's connector on a socket that {@link SharedReceiver} waits on, where Scandium would start a thread. */
final class SharedThreadConnector extends DTLSConnector {
    private final SharedReceiver receiver;
    private volatile DatagramChannel channel;

    SharedThreadConnector(DtlsConnectorConfig config, SharedReceiver receiver) {
        super(config);
        this.receiver = receiver;
    }

    @Override
    protected void start(InetSocketAddress bindAddress) throws IOException {
        if (isRunning()) {
            return;
        }
        DatagramChannel opened = DatagramChannel.open(
                bindAddress.getAddress() instanceof Inet4Address
                        ? StandardProtocolFamily.INET
                        : StandardProtocolFamily.INET6);
        try {
            init(bindAddress, opened.socket(), null);
            opened.configureBlocking(false);
        } catch (IOException e) {
            opened.close();
            throw e;
        }
        channel = opened;
        receiver.register(opened, this::processDatagram);
    }

    /** A datagram for which the socket has no room is lost, as it could be anywhere after. */
    @Override
    protected void sendNextDatagramOverNetwork(DatagramPacket datagram) throws IOException {
        channel.send(
                ByteBuffer.wrap(datagram.getData(), datagram.getOffset(), datagram.getLength()),
                datagram.getSocketAddress());
    }

    @Override
    public void stop() {
        super.stop();
        receiver.release();
    }
}
