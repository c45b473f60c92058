package dev.latchkey.coap.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ImpairmentRelayTest {
    private static final int PATIENCE_MILLIS = 5_000;
    private static final int QUIET_MILLIS = 50;

    private DatagramSocket server;
    private DatagramSocket client;
    private ImpairmentRelay relay;

    @BeforeEach
    void opens() throws Exception {
        server = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        client = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        server.setSoTimeout(PATIENCE_MILLIS);
        client.setSoTimeout(PATIENCE_MILLIS);
        relay = new ImpairmentRelay((InetSocketAddress) server.getLocalSocketAddress(), 7);
    }

    @AfterEach
    void closes() {
        relay.close();
        client.close();
        server.close();
    }

    private static DatagramPacket receive(DatagramSocket socket) throws Exception {
        DatagramPacket packet = new DatagramPacket(new byte[100], 100);
        socket.receive(packet);
        return packet;
    }

    private static String text(DatagramPacket packet) {
        return new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8);
    }

    private void send(String text) throws Exception {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        client.send(new DatagramPacket(bytes, bytes.length, relay.address()));
    }

    @Test
    void passesDatagramsOnInBothDirections() throws Exception {
        send("to");
        DatagramPacket there = receive(server);
        assertThat(text(there)).isEqualTo("to");
        byte[] back = "fro".getBytes(StandardCharsets.UTF_8);
        server.send(new DatagramPacket(back, back.length, there.getSocketAddress()));
        assertThat(text(receive(client))).isEqualTo("fro");
        assertThat(relay.forwarded()).isEqualTo(2);
    }

    @Test
    void keepsOneAddressForAClientUntilItIsRebound() throws Exception {
        send("1");
        var first = receive(server).getSocketAddress();
        send("2");
        assertThat(receive(server).getSocketAddress()).isEqualTo(first);
        relay.rebind();
        send("3");
        assertThat(receive(server).getSocketAddress()).isNotEqualTo(first);
    }

    @Test
    void losesWhatItIsToldToLose() throws Exception {
        relay.impair(Impairment.NONE.withLoss(1), Impairment.NONE);
        send("lost");
        relay.impair(Impairment.NONE, Impairment.NONE);
        send("found");
        assertThat(text(receive(server))).isIn("found");
        assertThat(relay.lost()).isEqualTo(1);
    }

    @Test
    void repeatsWhatItIsToldToRepeat() throws Exception {
        relay.impair(Impairment.NONE.withDuplication(1), Impairment.NONE);
        send("twice");
        assertThat(text(receive(server))).isEqualTo("twice");
        assertThat(text(receive(server))).isEqualTo("twice");
        server.setSoTimeout(QUIET_MILLIS);
        assertThatThrownBy(() -> receive(server)).isInstanceOf(SocketTimeoutException.class);
    }

    @Test
    void delaysAtLeastAsLongAsToldAndKeepsTheOrderOfEqualDelays() throws Exception {
        Duration delay = Duration.ofMillis(60);
        relay.impair(Impairment.NONE.withDelay(delay, delay), Impairment.NONE);
        long start = System.nanoTime();
        for (int i = 0; i < 10; i++) {
            send("" + i);
        }
        for (int i = 0; i < 10; i++) {
            assertThat(text(receive(server))).isEqualTo("" + i);
        }
        assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start)).isGreaterThanOrEqualTo(60);
    }

    @Test
    void refusesSharesAndDelaysThatMakeNoSense() {
        assertThatThrownBy(() -> Impairment.NONE.withLoss(1.1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Impairment.NONE.withDuplication(Double.NaN))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Impairment.NONE.withDelay(Duration.ofSeconds(2), Duration.ofSeconds(1)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
