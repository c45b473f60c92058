package dev.latchkey.coap.relay;

import static dev.latchkey.coap.relay.RelayLab.receive;
import static dev.latchkey.coap.relay.RelayLab.receiveText;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ImpairmentRelayTest {
    private static final int QUIET_MILLIS = 50;

    private RelayLab lab;
    private DatagramSocket server;
    private DatagramSocket client;
    private ImpairmentRelay relay;

    @BeforeEach
    void opens() throws Exception {
        lab = new RelayLab(7);
        server = lab.server;
        relay = lab.relay;
        client = lab.socket();
    }

    @AfterEach
    void closes() {
        lab.close();
    }

    private void send(String text) throws IOException {
        lab.send(client, text);
    }

    @Test
    void passesDatagramsOnInBothDirections() throws Exception {
        send("to");
        DatagramPacket there = receive(server);
        assertThat(RelayLab.text(there)).isEqualTo("to");
        RelayLab.send(server, "fro", there.getSocketAddress());
        assertThat(receiveText(client)).isEqualTo("fro");
        assertThat(relay.up().passed()).isEqualTo(1);
        assertThat(relay.down().passedBytes()).isEqualTo(3);
    }

    @Test
    void keepsOneAddressForAClientUntilItIsRebound() throws Exception {
        send("1");
        SocketAddress first = receive(server).getSocketAddress();
        send("2");
        assertThat(receive(server).getSocketAddress()).isEqualTo(first);
        relay.rebind();
        RelayLab.send(server, "too late", first);
        await().atMost(Duration.ofSeconds(10)).until(() -> relay.down().lost() == 1);
        send("3");
        DatagramPacket third = receive(server);
        assertThat(third.getSocketAddress()).isNotEqualTo(first);
        RelayLab.send(server, "too late", first);
        RelayLab.send(server, "in time", third.getSocketAddress());
        assertThat(receiveText(client)).isEqualTo("in time");
        assertThat(relay.rebindings()).isEqualTo(1);
    }

    @Test
    void reBindsAfterSoManyDatagrams() throws Exception {
        relay.rebindEvery(3);
        List<SocketAddress> from = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            send("" + i);
            from.add(receive(server).getSocketAddress());
        }
        for (int i = 0; i < 9; i++) {
            assertThat(from.get(i)).isEqualTo(from.get(i / 3 * 3));
        }
        assertThat(new HashSet<>(from)).hasSize(3);
        relay.rebindEvery(0);
        for (int i = 0; i < 4; i++) {
            send("" + i);
            assertThat(receive(server).getSocketAddress()).isEqualTo(from.get(8));
        }
    }

    @Test
    void reBindsEverySoOften() throws Exception {
        relay.rebindEvery(Duration.ofMillis(20));
        Set<SocketAddress> from = new HashSet<>();
        await().pollInterval(Duration.ofMillis(5))
                .atMost(Duration.ofSeconds(10))
                .until(() -> {
                    send("here");
                    from.add(receive(server).getSocketAddress());
                    return from.size() > 3;
                });
        assertThat(relay.rebindings()).isGreaterThanOrEqualTo(3);
    }

    @Test
    void losesWhatItIsToldToLose() throws Exception {
        relay.impair(Impairment.NONE.withLoss(1), Impairment.NONE);
        send("lost");
        relay.impair(Impairment.NONE, Impairment.NONE);
        send("found");
        assertThat(receiveText(server)).isEqualTo("found");
        assertThat(relay.up().lost()).isEqualTo(1);
        assertThat(relay.up().sent()).isEqualTo(2);
    }

    @Test
    void repeatsWhatItIsToldToRepeat() throws Exception {
        relay.impair(Impairment.NONE.withDuplication(1), Impairment.NONE);
        send("twice");
        assertThat(receiveText(server)).isEqualTo("twice");
        assertThat(receiveText(server)).isEqualTo("twice");
        assertThat(relay.up().duplicated()).isEqualTo(1);
        server.setSoTimeout(QUIET_MILLIS);
        assertThatThrownBy(() -> receive(server)).isInstanceOf(SocketTimeoutException.class);
    }

    @Test
    void dropsWhatIsAboveTheMtuWithoutAWord() throws Exception {
        relay.impair(Impairment.NONE.withMtu(10), Impairment.NONE);
        send("01234567890");
        send("0123456789");
        assertThat(receiveText(server)).isEqualTo("0123456789");
        assertThat(relay.up().tooLarge()).isEqualTo(1);
        assertThat(relay.up().lost()).isZero();
    }

    @Test
    void letsNoMorePassThanTheChannelCarries() throws Exception {
        relay.impair(Impairment.NONE.withBytesPerSecond(10_000), Impairment.NONE);
        long start = System.nanoTime();
        for (int i = 0; i < 10; i++) {
            send(i + "x".repeat(99));
        }
        for (int i = 0; i < 10; i++) {
            assertThat(receiveText(server)).startsWith("" + i);
        }
        assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start)).isGreaterThanOrEqualTo(100);
    }

    @Test
    void lateOnesAreOvertaken() throws Exception {
        relay.impair(Impairment.NONE.withReordering(1), Impairment.NONE);
        send("first");
        relay.impair(Impairment.NONE, Impairment.NONE);
        send("second");
        assertThat(List.of(receiveText(server), receiveText(server))).containsExactlyInAnyOrder("first", "second");
        relay.impair(Impairment.NONE.withReordering(0.3), Impairment.NONE);
        List<String> sent = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            sent.add("" + i);
            send("" + i);
        }
        List<String> arrived = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            arrived.add(receiveText(server));
        }
        assertThat(arrived).containsExactlyInAnyOrderElementsOf(sent).isNotEqualTo(sent);
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
            assertThat(receiveText(server)).isEqualTo("" + i);
        }
        assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start)).isGreaterThanOrEqualTo(60);
    }

    @Test
    void forgetsTheClientThatIsSilentForTheLongestTime() throws Exception {
        try (RelayLab small = new RelayLab(1, 2)) {
            List<DatagramSocket> clients = List.of(small.socket(), small.socket(), small.socket());
            List<SocketAddress> from = new ArrayList<>();
            for (int i : new int[] {0, 1, 0, 2, 0, 1}) {
                small.send(clients.get(i), "" + i);
                from.add(receive(small.server).getSocketAddress());
            }
            assertThat(from.get(4)).isEqualTo(from.get(0));
            assertThat(new HashSet<>(from)).hasSizeGreaterThanOrEqualTo(3);
            RelayLab.send(small.server, "to 1", from.get(5));
            assertThat(receiveText(clients.get(1))).isEqualTo("to 1");
        }
    }

    @Test
    void survivesAServerThatIsAway() throws Exception {
        InetSocketAddress address = (InetSocketAddress) server.getLocalSocketAddress();
        server.close();
        for (int i = 0; i < 10; i++) {
            send("to nobody");
        }
        await().atMost(Duration.ofSeconds(10)).until(() -> relay.up().sent() == 10);
        try (DatagramSocket back = new DatagramSocket(address)) {
            back.setSoTimeout(200);
            // The word that nobody was there can still meet a datagram: whoever uses UDP sends again.
            await().atMost(Duration.ofSeconds(10)).until(() -> {
                send("to somebody");
                return arrives(back, "to somebody");
            });
        }
    }

    private static boolean arrives(DatagramSocket socket, String text) throws IOException {
        try {
            return receiveText(socket).equals(text);
        } catch (SocketTimeoutException e) {
            return false;
        }
    }

    @Test
    void refusesSharesDelaysAndLimitsThatMakeNoSense() {
        assertThatThrownBy(() -> Impairment.NONE.withLoss(1.1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Impairment.NONE.withDuplication(Double.NaN))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Impairment.NONE.withReordering(-0.1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Impairment.NONE.withDelay(Duration.ofSeconds(2), Duration.ofSeconds(1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Impairment.NONE.withMtu(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Impairment.NONE.withBytesPerSecond(0)).isInstanceOf(IllegalArgumentException.class);
    }
}
