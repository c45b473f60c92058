package dev.latchkey.coap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.coap.relay.Impairment;
import dev.latchkey.coap.relay.ImpairmentRelay;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.cose.KeyPair;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RevocationTest {
    private final Lab lab = new Lab();

    @AfterEach
    void stops() {
        lab.close();
    }

    private void serve() throws IOException {
        lab.start(lab.builder()
                .route(
                        "/who",
                        Method.GET,
                        request -> Lab.text(request.peer().handle().toString())));
    }

    @Test
    void aRevokedMemberLosesItsConnectionAndDoesNotComeBack() throws Exception {
        serve();
        KeyPair key = lab.member("d-1");
        CoapsClient revoked = lab.client(key);
        CoapsClient other = lab.client(lab.member("d-2"));
        Lab.await(revoked.send(ClientRequest.get("/who")));
        Lab.await(other.send(ClientRequest.get("/who")));
        lab.members.remove(key.publicKey());
        lab.server.close(peer -> peer.handle().equals("d-1"));
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> lab.server.sessions() == 1);
        CoapsException failure = HandshakeTest.failure(revoked.send(ClientRequest.get("/who")));
        assertThat(failure.reason()).isEqualTo(CoapsException.Reason.HANDSHAKE_FAILED);
        assertThat(failure.alert()).hasValue(42);
        int lookUps = lab.keyLookUps.get();
        assertThat(Lab.text(Lab.await(other.send(ClientRequest.get("/who"))))).isEqualTo("d-2");
        assertThat(lab.keyLookUps).hasValue(lookUps);
    }

    @Test
    void aMemberWhoseConnectionWasEndedConnectsAnewWithItsNextRequest() throws Exception {
        serve();
        CoapsClient client = lab.client(lab.member("d-1"));
        Lab.await(client.send(ClientRequest.get("/who")));
        lab.server.close(peer -> true);
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> lab.server.sessions() == 0);
        assertThat(Lab.text(Lab.await(client.send(ClientRequest.get("/who"))))).isEqualTo("d-1");
        assertThat(lab.server.sessions()).isEqualTo(1);
    }

    @Test
    void aClientFindsBackToAServerThatLostItsConnections() throws Exception {
        serve();
        ImpairmentRelay relay = lab.closing(new ImpairmentRelay(lab.server.address(), 1));
        CoapsClient client = lab.client(
                new ClientIdentity.RawKey(lab.member("d-1")),
                relay.address(),
                Lab.QUICK.withRetransmission(Duration.ofMillis(100), 1));
        Lab.await(client.send(ClientRequest.get("/who")));
        relay.impair(Impairment.NONE, Impairment.NONE.withLoss(1));
        InetSocketAddress address = lab.server.address();
        lab.server.close();
        lab.start(lab.builder()
                .address(new InetSocketAddress(InetAddress.getLoopbackAddress(), address.getPort()))
                .route("/who", Method.GET, request -> Lab.text("again")));
        relay.impair(Impairment.NONE, Impairment.NONE);
        client.send(ClientRequest.get("/who"))
                .handle((response, failure) -> response)
                .join();
        assertThat(Lab.text(Lab.await(client.send(ClientRequest.get("/who"))))).isEqualTo("again");
    }

    @Test
    void aMemberRevokedDuringItsHandshakeIsDisconnected() throws Exception {
        KeyPair key = lab.member("d-1");
        lab.start(lab.builder()
                .route("/who", Method.GET, request -> Lab.text("too late"))
                .peers(new PeerDirectory() {
                    @Override
                    public Optional<Object> byKey(CoseKey dtlsKey) {
                        return Optional.ofNullable(lab.members.remove(dtlsKey));
                    }

                    @Override
                    public Optional<PskGrant> byIdentity(String identity) {
                        return Optional.empty();
                    }
                }));
        CoapsClient client = lab.client(
                new ClientIdentity.RawKey(key),
                lab.server.address(),
                Lab.QUICK.withRetransmission(Duration.ofMillis(200), 1));
        CompletableFuture<CoapResponse> answer = client.send(ClientRequest.get("/who"));
        answer.handle((response, failure) -> response).get(10, TimeUnit.SECONDS);
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> lab.server.sessions() == 0);
        assertThat(HandshakeTest.failure(client.send(ClientRequest.get("/who"))).alert())
                .hasValue(42);
    }

    @Test
    void aSessionIsNotResumedSoThatEveryHandshakeAsksTheDirectory() throws Exception {
        serve();
        KeyPair key = lab.member("d-1");
        RawClient client = lab.closing(new RawClient(key, lab.server.address()));
        assertThat(client.ask("40011234b377686f").getPayloadString()).isEqualTo("d-1");
        assertThat(lab.handshakes()).isEqualTo(1);
        client.resumeSession();
        assertThat(client.ask("40011235b377686f").getPayloadString()).isEqualTo("d-1");
        assertThat(lab.handshakes()).isEqualTo(2);
        lab.members.remove(key.publicKey());
        client.resumeSession();
        assertThat(client.refusal("40011236b377686f")).isEqualTo(42);
    }

    @Test
    void reconnectBeginsTheNextRequestWithAHandshake() throws Exception {
        serve();
        CoapsClient client = lab.client(lab.member("d-1"));
        Lab.await(client.send(ClientRequest.get("/who")));
        assertThat(lab.handshakes()).isEqualTo(1);
        client.reconnect();
        assertThat(Lab.text(Lab.await(client.send(ClientRequest.get("/who"))))).isEqualTo("d-1");
        assertThat(lab.handshakes()).isEqualTo(2);
        Lab.await(client.send(ClientRequest.get("/who")));
        assertThat(lab.handshakes()).isEqualTo(2);
    }
}
