package dev.latchkey.coap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.protocol.Problem;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.californium.core.coap.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Messages as hex: type and token length, code, message id, token, options, 0xff and payload (RFC 7252, section 3). */
class HostileInputTest {
    private static final long SEED = 20_260_101;

    private final Lab lab = new Lab();
    private final AtomicInteger handled = new AtomicInteger();
    private RawClient raw;

    @BeforeEach
    void serves() throws Exception {
        lab.start(lab.builder()
                .maxBody(4_096)
                .route("/m", Method.GET, request -> count())
                .route("/m", Method.POST, request -> count())
                .route("/m/{x}", Method.POST, request -> count()));
        raw = lab.closing(new RawClient(lab.member("d-1"), lab.server.address()));
        assertThat(raw.ask("41017d0101b16d").getCode().text).isEqualTo("2.05");
        handled.set(0);
    }

    @AfterEach
    void stops() {
        lab.close();
    }

    private CompletionStage<CoapResponse> count() {
        handled.incrementAndGet();
        return Lab.text("ok");
    }

    private void refused(String hex, String code, String problem) throws Exception {
        Response response = raw.ask(hex);
        assertThat(response.getCode().text).isEqualTo(code);
        assertThat(response.getOptions().getContentFormat()).isEqualTo(257);
        assertThat(Problem.decode(Bytes.of(response.getPayload())).code()).isEqualTo(problem);
        assertThat(handled).hasValue(0);
    }

    @Test
    void anUnknownCriticalOptionIsABadOption() throws Exception {
        // Uri-Path (11) "m", then option 11 + 13 + 1 = 25, odd and unknown.
        refused("41017d0201b16dd101aa", "4.02", "bad-option");
    }

    @Test
    void anOptionThatNoHandlerHonoursIsABadOption() throws Exception {
        refused("41017d03011161a16d", "4.02", "bad-option"); // If-Match (1) "a", Uri-Path (1 + 10) "m"
        refused("41017d040150616d", "4.02", "bad-option"); // If-None-Match (5), Uri-Path (5 + 6) "m"
    }

    @Test
    void aProxyRequestIsRefused() throws Exception {
        // Uri-Path "m", Proxy-Scheme (11 + 13 + 15 = 39) "coap".
        refused("41017d0501b16dd40f636f6170", "5.05", "no-proxy");
    }

    @Test
    void aParameterGivenTwiceIsMalformed() throws Exception {
        // Uri-Path "m", Uri-Query (15) "p=1", Uri-Query "p=2".
        refused("41017d0601b16d43703d3103703d32", "4.00", "malformed");
    }

    @Test
    void aLaterBlockWithoutTheFirstIsIncomplete() throws Exception {
        // Block1 (11 + 13 + 3 = 27) number 1, more to come, 16 bytes.
        refused("41027d0701b16dd10318ff" + "00".repeat(16), "4.08", "incomplete");
    }

    @Test
    void aBlockLargerThanItSaysIsMalformed() throws Exception {
        // Block1 number 0, the last, 16 bytes, of which there are 17.
        refused("41027d0901b16dd10300ff" + "00".repeat(17), "4.00", "malformed");
    }

    @Test
    void anUploadThatAnnouncesTooMuchIsTooLarge() throws Exception {
        // Block1 number 0, more to come, 16 bytes; Size1 (27 + 13 + 20 = 60) 65,536.
        refused("41027d0801b16dd10308d314010000ff" + "00".repeat(16), "4.13", "too-large");
    }

    @Test
    void aPeerMayNotBeginUploadsWithoutEnd() throws Exception {
        int share = ServerLimits.DEFAULT.transfers().perPeer();
        for (int i = 0; i <= share; i++) {
            // POST /m/<i>, Block1 number 0, more to come, 16 bytes.
            Response response = raw.ask("41027d1" + i + "01b16d013" + i + "d10308ff" + "00".repeat(16));
            assertThat(response.getCode().text).isEqualTo(i < share ? "2.31" : "4.29");
            assertThat(response.getOptions().isContentFormat(257)).isEqualTo(i == share);
        }
        assertThat(handled).hasValue(0);
    }

    @Test
    void aBlockOfTheReservedSizeIsMalformed() throws Exception {
        // Uri-Path "m", Block2 (11 + 12 = 23) number 0 of the reserved size 7.
        refused("41017d0901b16dc107", "4.00", "malformed");
    }

    @Test
    void anUnknownMethodIsNotAllowed() throws Exception {
        refused("411e7d2001b16d", "4.05", "method-not-allowed");
    }

    @Test
    void noMessageStopsTheServer() throws Exception {
        Random random = new Random(SEED);
        for (int i = 0; i < 2_000; i++) {
            byte[] bytes = new byte[1 + random.nextInt(60)];
            random.nextBytes(bytes);
            if (random.nextBoolean()) {
                bytes[0] = (byte) (0x40 | bytes[0] & 0x18);
            }
            raw.send(Bytes.wrap(bytes).toHex());
        }
        CoapsClient honest = lab.client(lab.member("d-2"));
        assertThat(Lab.text(Lab.await(honest.send(ClientRequest.get("/m"))))).isEqualTo("ok");
    }

    @Test
    void noDatagramStopsTheServer() throws Exception {
        Random random = new Random(SEED);
        try (DatagramSocket socket = new DatagramSocket()) {
            for (int i = 0; i < 5_000; i++) {
                byte[] bytes = new byte[random.nextInt(200)];
                random.nextBytes(bytes);
                if (bytes.length > 13) {
                    // As far as a DTLS 1.2 record: handshake, alert, data or CID record of epoch 0 or 1.
                    bytes[0] = (byte) (20 + random.nextInt(6));
                    bytes[1] = (byte) 0xfe;
                    bytes[2] = (byte) 0xfd;
                    bytes[3] = 0;
                    bytes[4] = (byte) random.nextInt(2);
                    bytes[11] = 0;
                    bytes[12] = (byte) (bytes.length - 13);
                }
                socket.send(new DatagramPacket(bytes, bytes.length, lab.server.address()));
            }
        }
        CoapsClient honest = lab.client(lab.member("d-2"));
        assertThat(Lab.text(Lab.await(honest.send(ClientRequest.get("/m"))))).isEqualTo("ok");
        assertThat(lab.server.sessions()).isEqualTo(2);
    }
}
