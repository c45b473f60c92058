package dev.latchkey.gateway.hostile;

import dev.latchkey.bytes.Bytes;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Stands between one device and the gateway, passes everything on, and keeps what the device sent in its session: not the
 * handshake before it, as a first hello is answered whoever repeats it.
 */
final class Tap implements AutoCloseable {
    private static final int KEPT = 64;
    /** Where a record says whether it is of the handshake, 0, or of the session: the lower byte of its epoch. */
    private static final int EPOCH = 4;

    private final DatagramSocket towardsDevice;
    private final DatagramSocket towardsGateway;
    private final InetSocketAddress gateway;
    private final List<Bytes> seen = new CopyOnWriteArrayList<>();
    private volatile InetSocketAddress device;

    Tap(InetSocketAddress gateway) throws IOException {
        this.gateway = gateway;
        towardsDevice = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        towardsGateway = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        start("tap-up", towardsDevice, packet -> {
            device = (InetSocketAddress) packet.getSocketAddress();
            if (packet.getLength() > EPOCH && packet.getData()[EPOCH] != 0) {
                if (seen.size() == KEPT) {
                    seen.remove(0);
                }
                seen.add(Bytes.wrap(Arrays.copyOf(packet.getData(), packet.getLength())));
            }
            towardsGateway.send(new DatagramPacket(packet.getData(), packet.getLength(), gateway));
        });
        start("tap-down", towardsGateway, packet -> {
            towardsDevice.send(new DatagramPacket(packet.getData(), packet.getLength(), device));
        });
    }

    private interface Sink {
        void take(DatagramPacket packet) throws IOException;
    }

    private static void start(String name, DatagramSocket from, Sink sink) {
        Thread thread = new Thread(
                () -> {
                    DatagramPacket packet = new DatagramPacket(new byte[2_048], 2_048);
                    while (!from.isClosed()) {
                        try {
                            packet.setLength(2_048);
                            from.receive(packet);
                            sink.take(packet);
                        } catch (IOException e) {
                            // Closed, or a datagram that could not be sent: lost, as on any network.
                            continue;
                        }
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
    }

    InetSocketAddress address() {
        return (InetSocketAddress) towardsDevice.getLocalSocketAddress();
    }

    /** What the device sent, oldest first, less the last: that one may not have arrived, and would be no repetition. */
    List<Bytes> seen() {
        List<Bytes> all = List.copyOf(seen);
        return all.subList(0, all.size() - 1);
    }

    /** Sends something to the gateway from where the device seems to be. */
    void sendAsDevice(Bytes datagram) throws IOException {
        towardsGateway.send(new DatagramPacket(datagram.toArray(), datagram.size(), gateway));
    }

    @Override
    public void close() {
        towardsDevice.close();
        towardsGateway.close();
    }
}
