package dev.latchkey.coap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.coap.relay.ImpairmentRelay;
import dev.latchkey.coap.relay.Traffic;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a reading takes of a radio frame: sizes of real datagrams of a real DTLS session, CCM_8 and a 1-byte CID. */
class DatagramSizeTest {
    /** More than there are tokens of one byte. */
    private static final int READINGS = 300;

    private final Lab lab = new Lab();

    @AfterEach
    void stops() {
        lab.close();
    }

    private ImpairmentRelay relay(int connectionIdLength) throws Exception {
        lab.start(lab.builder()
                .connectionIdLength(connectionIdLength)
                .route("/m", Method.POST, request -> Lab.now(CoapResponse.changed())));
        return lab.closing(new ImpairmentRelay(lab.server.address(), 1));
    }

    private static ClientRequest reading(int bytes) {
        return ClientRequest.post("/m", 16, Bytes.wrap(new byte[bytes]));
    }

    /**
     * 41 bytes around a reading: record 13, CID 1, nonce 8, CoAP 4, token 1, options 4, marker 1, inner type 1, tag 8.
     * The answer has no CID, inner type, options, marker and payload: record 13, nonce 8, CoAP 4, token 1, tag 8.
     */
    @ParameterizedTest
    @CsvSource({"45, 1, true, 86", "46, 1, true, 87", "46, 1, false, 87", "46, 6, true, 92"})
    void aReadingTakesSoManyBytesOfUdp(int reading, int connectionIdLength, boolean confirmable, int udpPayload)
            throws Exception {
        ImpairmentRelay relay = relay(connectionIdLength);
        CoapsClient client =
                lab.client(new ClientIdentity.RawKey(lab.member("d-1")), relay.address(), ClientOptions.DEFAULT);
        Lab.await(client.send(reading(1)));
        Traffic up = relay.up();
        Traffic down = relay.down();
        for (int i = 0; i < READINGS; i++) {
            Lab.await(client.send(
                    confirmable ? reading(reading) : reading(reading).nonConfirmable()));
        }
        Traffic sent = relay.up().since(up);
        Traffic answered = relay.down().since(down);
        assertThat(sent.applicationData().datagrams()).isEqualTo(READINGS);
        assertThat(sent.applicationData().percentile(0)).isEqualTo(udpPayload);
        assertThat(sent.applicationData().percentile(1)).isEqualTo(udpPayload);
        assertThat(sent.sentBytes()).isEqualTo((long) READINGS * udpPayload);
        assertThat(answered.applicationData().median()).isEqualTo(34);
        assertThat(answered.sentBytes()).isEqualTo((long) READINGS * 34);
    }

    @Test
    void handshakesAreCountedApart() throws Exception {
        ImpairmentRelay relay = relay(1);
        CoapsClient client =
                lab.client(new ClientIdentity.RawKey(lab.member("d-1")), relay.address(), ClientOptions.DEFAULT);
        Lab.await(client.send(reading(45)));
        Traffic up = relay.up();
        Traffic down = relay.down();
        assertThat(up.applicationData().datagrams()).isEqualTo(1);
        assertThat(up.handshakes()).isPositive();
        assertThat(up.handshakeBytes()).isEqualTo(up.sentBytes() - 86);
        assertThat(down.handshakes()).isPositive();
        assertThat(down.handshakeBytes()).isEqualTo(down.sentBytes() - 34);
    }
}
