package dev.latchkey.coap.relay;

import static dev.latchkey.coap.relay.RelayLab.receive;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TrafficTest {
    private static final int APPLICATION_DATA = 23;
    private static final int TLS12_CID = 25;
    private static final int CHANGE_CIPHER_SPEC = 20;
    private static final int ALERT = 21;
    private static final int HANDSHAKE = 22;

    private RelayLab lab;

    @BeforeEach
    void opens() throws Exception {
        lab = new RelayLab(3);
    }

    @AfterEach
    void closes() {
        lab.close();
    }

    private static String datagram(int type, int size) {
        return (char) type + "x".repeat(size - 1);
    }

    private DatagramPacket sendUp(DatagramSocket client, int type, int size) throws Exception {
        lab.send(client, datagram(type, size));
        return receive(lab.server);
    }

    @Test
    void countsApplicationDataBySizeAndHandshakesApart() throws Exception {
        DatagramSocket one = lab.socket();
        DatagramSocket two = lab.socket();
        sendUp(one, HANDSHAKE, 300);
        sendUp(one, CHANGE_CIPHER_SPEC, 50);
        sendUp(one, ALERT, 40);
        DatagramPacket fromOne = sendUp(one, APPLICATION_DATA, 97);
        DatagramPacket fromTwo = sendUp(two, TLS12_CID, 99);
        assertThat(fromTwo.getSocketAddress()).isNotEqualTo(fromOne.getSocketAddress());
        RelayLab.send(lab.server, datagram(APPLICATION_DATA, 31), fromOne.getSocketAddress());
        assertThat(receive(one).getLength()).isEqualTo(31);

        Traffic up = lab.relay.up();
        assertThat(up.sent()).isEqualTo(5);
        assertThat(up.sentBytes()).isEqualTo(300 + 50 + 40 + 97 + 99);
        assertThat(up.handshakes()).isEqualTo(2);
        assertThat(up.handshakeBytes()).isEqualTo(350);
        assertThat(up.applicationData().datagrams()).isEqualTo(2);
        assertThat(up.applicationData().bytes()).isEqualTo(97 + 99);
        assertThat(up.applicationData().median()).isEqualTo(97);
        Traffic down = lab.relay.down();
        assertThat(down.applicationData().datagrams()).isEqualTo(1);
        assertThat(down.applicationData().median()).isEqualTo(31);
        assertThat(up.plus(down).sent()).isEqualTo(6);
        assertThat(up.plus(down).applicationData().datagrams()).isEqualTo(3);
    }

    @Test
    void countsFromAnEarlierStateOn() throws Exception {
        DatagramSocket client = lab.socket();
        sendUp(client, APPLICATION_DATA, 500);
        Traffic before = lab.relay.up();
        sendUp(client, APPLICATION_DATA, 60);
        Traffic since = lab.relay.up().since(before);
        assertThat(since.applicationData().median()).isEqualTo(60);
        assertThat(since.sentBytes()).isEqualTo(60);
        assertThat(since.sent()).isEqualTo(1);
        assertThat(since.passed()).isEqualTo(1);
        Traffic nothing = lab.relay.up().since(lab.relay.up());
        assertThatIllegalStateException().isThrownBy(nothing.applicationData()::median);
    }

    @Test
    void percentilesAreSizesThatPassed() {
        long[] counts = new long[DatagramSizes.SIZES];
        for (int size = 1; size <= 100; size++) {
            counts[size] = 1;
        }
        DatagramSizes sizes = new DatagramSizes(counts);
        assertThat(sizes.percentile(0)).isEqualTo(1);
        assertThat(sizes.median()).isEqualTo(50);
        assertThat(sizes.percentile(0.99)).isEqualTo(99);
        assertThat(sizes.percentile(1)).isEqualTo(100);
        assertThatIllegalArgumentException().isThrownBy(() -> sizes.percentile(1.01));
    }

    @Test
    void aHugeDatagramIsCountedAsTheLargestSize() throws Exception {
        DatagramSocket client = lab.socket();
        lab.send(client, datagram(APPLICATION_DATA, 30_000));
        receive(lab.server);
        assertThat(lab.relay.up().sentBytes()).isEqualTo(30_000);
        assertThat(lab.relay.up().applicationData().median()).isEqualTo(DatagramSizes.SIZES - 1);
    }
}
