package dev.latchkey.coap.relay;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;

/** A relay between a server's socket and clients' sockets; all closed together. */
final class RelayLab implements AutoCloseable {
    static final int PATIENCE_MILLIS = 10_000;

    final DatagramSocket server;
    final ImpairmentRelay relay;
    private final List<AutoCloseable> open = new ArrayList<>();

    RelayLab(long seed) throws IOException {
        this(seed, ImpairmentRelay.MAX_CLIENTS);
    }

    RelayLab(long seed, int maxClients) throws IOException {
        server = socket();
        relay = new ImpairmentRelay((InetSocketAddress) server.getLocalSocketAddress(), seed, maxClients);
        open.add(relay);
    }

    DatagramSocket socket() throws IOException {
        DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        socket.setReceiveBufferSize(1 << 20);
        socket.setSoTimeout(PATIENCE_MILLIS);
        open.add(socket);
        return socket;
    }

    void send(DatagramSocket client, String text) throws IOException {
        send(client, text, relay.address());
    }

    static void send(DatagramSocket socket, String text, SocketAddress to) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        socket.send(new DatagramPacket(bytes, bytes.length, to));
    }

    static DatagramPacket receive(DatagramSocket socket) throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[2_000], 2_000);
        socket.receive(packet);
        return packet;
    }

    static String text(DatagramPacket packet) {
        return new String(packet.getData(), 0, packet.getLength(), StandardCharsets.ISO_8859_1);
    }

    static String receiveText(DatagramSocket socket) throws IOException {
        return text(receive(socket));
    }

    /** All that the server gets of what clients sent: waits until nothing is on its way. */
    List<String> drain(long sent) throws IOException {
        Awaitility.await()
                .pollInterval(Duration.ofMillis(5))
                .atMost(Duration.ofMillis(PATIENCE_MILLIS))
                .until(() -> isSettled(relay.up(), sent));
        List<String> arrived = new ArrayList<>();
        for (long left = relay.up().passed(); left > 0; left--) {
            arrived.add(receiveText(server));
        }
        return arrived;
    }

    private static boolean isSettled(Traffic up, long sent) {
        return up.sent() == sent && up.passed() == sent + up.duplicated() - up.lost() - up.tooLarge();
    }

    @Override
    public void close() {
        open.forEach(ClientLink::closeQuietly);
    }
}
