package dev.latchkey.coap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cose.KeyPair;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HandshakeTest {
    private static final int BAD_CERTIFICATE = 42;

    private final Lab lab = new Lab();

    @BeforeEach
    void startsAServerThatSaysWhoAsks() throws Exception {
        lab.start(lab.builder()
                .route("/who", Method.GET, request -> Lab.text(describe(request.peer())))
                .limits(ServerLimits.DEFAULT.withConnections(100, 2)));
    }

    @AfterEach
    void stops() {
        lab.close();
    }

    private static String describe(Peer peer) {
        return peer instanceof VoucherPeer
                ? "voucher " + ((VoucherPeer) peer).identity() + " of " + peer.handle()
                : "member " + peer.handle();
    }

    @Test
    void acceptsAKnownRawKeyAndTellsTheHandlerWhoItIs() throws Exception {
        CoapsClient client = lab.client(lab.member("d-1"));
        CoapResponse response = Lab.await(client.send(ClientRequest.get("/who")));
        assertThat(response.code()).isEqualTo(Code.CONTENT);
        assertThat(Lab.text(response)).isEqualTo("member d-1");
        assertThat(client.serverKey()).contains(lab.serverKey.publicKey());
        assertThat(lab.server.sessions()).isEqualTo(1);
    }

    @Test
    void refusesAnUnknownRawKeyWithTheAlertBadCertificate() throws Exception {
        CoapsClient client = lab.client(KeyPair.generate(Lab.RANDOM));
        CoapsException failure = failure(client.send(ClientRequest.get("/who")));
        assertThat(failure.reason()).isEqualTo(CoapsException.Reason.HANDSHAKE_FAILED);
        assertThat(failure.alert()).hasValue(BAD_CERTIFICATE);
        assertThat(lab.server.sessions()).isZero();
    }

    @Test
    void aClientRefusesAServerWhoseKeyItDoesNotAccept() throws Exception {
        CoapsClient client = lab.closing(CoapsClient.connect(
                lab.server.address(),
                new ClientIdentity.RawKey(lab.member("d-1")),
                key -> false,
                Lab.QUICK,
                lab.threads));
        CoapsException failure = failure(client.send(ClientRequest.get("/who")));
        assertThat(failure.reason()).isEqualTo(CoapsException.Reason.OTHER_SERVER_KEY);
        assertThat(failure.alert()).hasValue(BAD_CERTIFICATE);
        assertThat(client.serverKey()).isEmpty();
    }

    @Test
    void acceptsTheHolderOfAVoucher() throws Exception {
        lab.vouchers.put("a1b2", "grant");
        CoapsClient client = voucher("a1b2.00000001", Lab.PSK);
        assertThat(Lab.text(Lab.await(client.send(ClientRequest.get("/who")))))
                .isEqualTo("voucher a1b2.00000001 of grant");
        assertThat(client.serverKey()).isEmpty();
    }

    @Test
    void saysNothingToAVoucherWithAnotherKeyOrAnUnknownVoucher() throws Exception {
        lab.vouchers.put("a1b2", "grant");
        Bytes wrong = Bytes.utf8("another key that has many letters");
        assertThat(failure(voucher("a1b2.00000001", wrong).send(ClientRequest.get("/who")))
                        .reason())
                .isEqualTo(CoapsException.Reason.UNREACHABLE);
        assertThat(failure(voucher("ffff.00000001", Lab.PSK).send(ClientRequest.get("/who")))
                        .reason())
                .isEqualTo(CoapsException.Reason.UNREACHABLE);
        assertThat(lab.server.sessions()).isZero();
    }

    @Test
    void devicesWithOneVoucherAtOnceGetTheirOwnAnswers() throws Exception {
        lab.vouchers.put("a1b2", "grant");
        List<CompletableFuture<CoapResponse>> answers = new ArrayList<>();
        List<CoapsClient> clients = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            clients.add(voucher("a1b2.0000000" + i, Lab.PSK));
        }
        for (int round = 0; round < 10; round++) {
            for (CoapsClient client : clients) {
                answers.add(client.send(ClientRequest.get("/who")));
            }
        }
        for (int i = 0; i < answers.size(); i++) {
            assertThat(Lab.text(Lab.await(answers.get(i))))
                    .isEqualTo("voucher a1b2.0000000" + i % clients.size() + " of grant");
        }
    }

    @Test
    void refusesAVoucherIdentityThatIsInUse() throws Exception {
        lab.vouchers.put("a1b2", "grant");
        CoapsClient first = voucher("a1b2.00000001", Lab.PSK);
        Lab.await(first.send(ClientRequest.get("/who")));
        CoapsClient second = voucher("a1b2.00000001", Lab.PSK);
        assertThat(failure(second.send(ClientRequest.get("/who"))).reason())
                .isEqualTo(CoapsException.Reason.UNREACHABLE);
        assertThat(Lab.text(Lab.await(first.send(ClientRequest.get("/who"))))).startsWith("voucher");
        first.close();
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> lab.server.sessions() == 0);
        assertThat(Lab.text(Lab.await(second.send(ClientRequest.get("/who"))))).startsWith("voucher");
    }

    @Test
    void endsTheOldestConnectionOfAKeyThatHasTooMany() throws Exception {
        KeyPair key = lab.member("d-1");
        for (int i = 0; i < 4; i++) {
            Lab.await(lab.client(key).send(ClientRequest.get("/who")));
        }
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> lab.server.sessions() == 2);
    }

    @Test
    void reportsAServerThatDoesNotAnswer() throws Exception {
        try (DatagramSocket silent = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            CoapsClient client = lab.client(
                    new ClientIdentity.RawKey(KeyPair.generate(Lab.RANDOM)),
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), silent.getLocalPort()),
                    Lab.QUICK.withHandshake(Duration.ofMillis(50), 1));
            assertThat(failure(client.send(ClientRequest.get("/who"))).reason())
                    .isEqualTo(CoapsException.Reason.UNREACHABLE);
        }
    }

    @Test
    void aClosedClientFailsWhatIsOpenAndWhatComes() throws Exception {
        CoapsClient client = lab.client(lab.member("d-1"));
        client.close();
        assertThat(failure(client.send(ClientRequest.get("/who"))).reason()).isEqualTo(CoapsException.Reason.CLOSED);
    }

    private CoapsClient voucher(String identity, Bytes secret) throws Exception {
        return lab.client(
                new ClientIdentity.Psk(identity, secret),
                lab.server.address(),
                Lab.QUICK.withHandshake(Duration.ofMillis(250), 1));
    }

    static CoapsException failure(CompletableFuture<CoapResponse> answer) {
        ExecutionException failure = catchThrowableOfType(ExecutionException.class, () -> Lab.await(answer));
        return (CoapsException) failure.getCause();
    }
}
