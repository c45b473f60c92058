package dev.latchkey.sim.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class MeteredRelayTest {
    private static final byte APPLICATION_DATA = 23;
    private static final byte HANDSHAKE = 22;

    private static byte[] datagram(byte type, int size) {
        byte[] datagram = new byte[size];
        datagram[0] = type;
        datagram[size - 1] = 42;
        return datagram;
    }

    private static DatagramSocket socket() throws IOException {
        DatagramSocket socket = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        socket.setSoTimeout(10_000);
        return socket;
    }

    private static DatagramPacket receive(DatagramSocket socket) throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[2_000], 2_000);
        socket.receive(packet);
        return packet;
    }

    @Test
    void passesDatagramsBothWaysAndCountsApplicationData() throws IOException {
        try (DatagramSocket server = socket();
                DatagramSocket one = socket();
                DatagramSocket two = socket();
                MeteredRelay relay = MeteredRelay.to((InetSocketAddress) server.getLocalSocketAddress())) {
            one.send(new DatagramPacket(datagram(HANDSHAKE, 300), 300, relay.address()));
            receive(server);
            one.send(new DatagramPacket(datagram(APPLICATION_DATA, 97), 97, relay.address()));
            DatagramPacket fromOne = receive(server);
            two.send(new DatagramPacket(datagram((byte) 25, 99), 99, relay.address()));
            DatagramPacket fromTwo = receive(server);
            assertThat(fromOne.getLength()).isEqualTo(97);
            assertThat(fromOne.getData()[96]).isEqualTo((byte) 42);
            assertThat(fromTwo.getSocketAddress()).isNotEqualTo(fromOne.getSocketAddress());

            server.send(new DatagramPacket(datagram(APPLICATION_DATA, 31), 31, fromOne.getSocketAddress()));
            assertThat(receive(one).getLength()).isEqualTo(31);

            assertThat(relay.up().datagrams()).isEqualTo(2);
            assertThat(relay.up().bytes()).isEqualTo(97 + 99);
            assertThat(relay.up().median()).isEqualTo(97);
            assertThat(relay.down().datagrams()).isEqualTo(1);
            assertThat(relay.down().median()).isEqualTo(31);
        }
    }

    @Test
    void countsFromAnEarlierStateOn() throws IOException {
        try (DatagramSocket server = socket();
                DatagramSocket client = socket();
                MeteredRelay relay = MeteredRelay.to((InetSocketAddress) server.getLocalSocketAddress())) {
            client.send(new DatagramPacket(datagram(APPLICATION_DATA, 500), 500, relay.address()));
            receive(server);
            DatagramSizes before = relay.up();
            client.send(new DatagramPacket(datagram(APPLICATION_DATA, 60), 60, relay.address()));
            receive(server);
            assertThat(relay.up().since(before).median()).isEqualTo(60);
            assertThat(relay.up().since(before).bytes()).isEqualTo(60);
            assertThatIllegalStateException()
                    .isThrownBy(() -> relay.up().since(relay.up()).median());
        }
    }

    @Test
    void survivesAServerThatIsAway() throws IOException {
        InetSocketAddress address;
        try (DatagramSocket gone = socket()) {
            address = (InetSocketAddress) gone.getLocalSocketAddress();
        }
        try (MeteredRelay relay = MeteredRelay.to(address);
                DatagramSocket client = socket()) {
            for (int i = 0; i < 10; i++) {
                client.send(new DatagramPacket(datagram(APPLICATION_DATA, 60), 60, relay.address()));
            }
            try (DatagramSocket server = new DatagramSocket(address)) {
                server.setSoTimeout(200);
                // The word that nobody was there can still meet a datagram: whoever uses UDP sends again.
                await().atMost(Duration.ofSeconds(10)).until(() -> {
                    client.send(new DatagramPacket(datagram(APPLICATION_DATA, 61), 61, relay.address()));
                    return arrives(server, 61);
                });
            }
        }
    }

    private static boolean arrives(DatagramSocket socket, int length) throws IOException {
        try {
            DatagramPacket arrived = receive(socket);
            while (arrived.getLength() != length) {
                arrived = receive(socket);
            }
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        }
    }
}
