package dev.latchkey.coap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.coap.relay.Impairment;
import dev.latchkey.coap.relay.ImpairmentRelay;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RebindingTest {
    private static final long SEED = 42;

    /** CON, message id 1, without code: a ping (RFC 7252, section 4.3). */
    private static final String PING = "40000001";

    private final Lab lab = new Lab();
    private final AtomicInteger value = new AtomicInteger();
    private ImpairmentRelay relay;

    @AfterEach
    void stops() {
        lab.close();
    }

    private CoapsClient clientBehindNat(int connectionIdLength) throws Exception {
        return clientBehindNat(connectionIdLength, 4);
    }

    private CoapsClient clientBehindNat(int connectionIdLength, int clients) throws Exception {
        lab.start(lab.builder()
                .connectionIdLength(connectionIdLength)
                .route("/echo", Method.POST, request -> Lab.now(CoapResponse.content(42, request.payload())))
                .route("/m", Method.POST, request -> Lab.now(CoapResponse.changed()))
                .observable("/i", request -> Lab.text("v" + value.get()), LinkAttributes.PLAIN));
        relay = lab.closing(new ImpairmentRelay(lab.server.address(), SEED, clients));
        return lab.client(new ClientIdentity.RawKey(lab.member("d-1")), relay.address(), Lab.QUICK);
    }

    private void requestsGoOn(int connectionIdLength) throws Exception {
        CoapsClient client = clientBehindNat(connectionIdLength);
        for (int i = 0; i < 4; i++) {
            Bytes body = Bytes.of((byte) i);
            assertThat(Lab.await(client.send(ClientRequest.post("/echo", 42, body)))
                            .payload())
                    .isEqualTo(body);
            relay.rebind();
        }
        assertThat(lab.handshakes()).isEqualTo(1);
        assertThat(lab.server.sessions()).isEqualTo(1);
    }

    @Test
    void requestsGoOnWithoutAHandshakeWhenTheAddressChanges() throws Exception {
        requestsGoOn(6);
    }

    @Test
    void aConnectionIdOfOneByteIsEnough() throws Exception {
        requestsGoOn(1);
    }

    @Test
    void notificationsFollowADeviceToItsNewAddress() throws Exception {
        CoapsClient client = clientBehindNat(6);
        BlockingQueue<String> seen = new LinkedBlockingQueue<>();
        client.observe(ClientRequest.get("/i"), response -> seen.add(Lab.text(response)), failure -> {});
        assertThat(seen.poll(30, TimeUnit.SECONDS)).isEqualTo("v0");
        for (int i = 1; i < 4; i++) {
            relay.rebind();
            // Whatever the device says tells the server where it is now.
            Lab.await(client.send(ClientRequest.post("/echo", 42, Bytes.of((byte) 1))));
            value.set(i);
            lab.server.changed("/i", peer -> true);
            assertThat(seen.poll(30, TimeUnit.SECONDS)).isEqualTo("v" + i);
        }
        assertThat(lab.handshakes()).isEqualTo(1);
        assertThat(lab.server.observations()).isEqualTo(1);
    }

    @Test
    void anObservationOutlivesTheLossOfItsAddressToAnotherDevice() throws Exception {
        CoapsClient client = clientBehindNat(6, 1);
        BlockingQueue<String> seen = new LinkedBlockingQueue<>();
        client.observe(ClientRequest.get("/i"), response -> seen.add(Lab.text(response)), failure -> {});
        assertThat(seen.poll(30, TimeUnit.SECONDS)).isEqualTo("v0");
        InetSocketAddress first = lab.server.connections().get(0).address();
        try (DatagramSocket pusher = new DatagramSocket()) {
            // The relay has an address for one: this takes the device's from it.
            pusher.send(new DatagramPacket(new byte[1], 1, relay.address()));
        }
        RawClient other = lab.closing(Awaitility.await()
                .ignoreExceptions()
                .until(() -> new RawClient(lab.member("d-2"), lab.server.address(), first), bound -> true));
        other.send(PING);
        Awaitility.await().until(() -> lab.server.sessions() == 2);
        value.set(1);
        lab.server.changed("/i", peer -> true);
        assertThat(seen.poll(300, TimeUnit.MILLISECONDS)).isNull();
        Lab.await(client.send(ClientRequest.post("/echo", 42, Bytes.of((byte) 1))));
        assertThat(seen.poll(30, TimeUnit.SECONDS)).isEqualTo("v1");
        value.set(2);
        lab.server.changed("/i", peer -> true);
        assertThat(seen.poll(30, TimeUnit.SECONDS)).isEqualTo("v2");
    }

    @Test
    void aBlockWiseUploadSurvivesAnAddressChangeOnTheWay() throws Exception {
        CoapsClient client = clientBehindNat(6);
        Lab.await(client.send(ClientRequest.post("/echo", 42, Bytes.of((byte) 1))));
        relay.impair(
                Impairment.NONE.withDelay(Duration.ofMillis(2), Duration.ofMillis(4)),
                Impairment.NONE.withDelay(Duration.ofMillis(2), Duration.ofMillis(4)));
        Bytes body = Bytes.wrap(new byte[40_000]);
        CompletableFuture<CoapResponse> answer = client.send(ClientRequest.post("/echo", 42, body));
        long before = relay.up().passed();
        Awaitility.await()
                .pollInterval(Duration.ofMillis(1))
                .atMost(Duration.ofSeconds(30))
                .until(() -> relay.up().passed() > before + 10);
        relay.rebind();
        assertThat(Lab.await(answer).payload()).isEqualTo(body);
        assertThat(lab.handshakes()).isEqualTo(1);
    }

    @Test
    void everyRequestIsHandledOnceOnABadNetwork() throws Exception {
        AtomicInteger handled = new AtomicInteger();
        lab.start(lab.builder().route("/m", Method.POST, request -> {
            handled.incrementAndGet();
            return Lab.now(CoapResponse.changed());
        }));
        relay = lab.closing(new ImpairmentRelay(lab.server.address(), SEED));
        CoapsClient client = lab.client(
                new ClientIdentity.RawKey(lab.member("d-1")),
                relay.address(),
                Lab.QUICK.withRetransmission(Duration.ofMillis(100), 6));
        Lab.await(client.send(ClientRequest.post("/m", 42, Bytes.of((byte) 0))));
        Impairment bad =
                Impairment.NONE.withLoss(0.1).withDuplication(0.2).withDelay(Duration.ZERO, Duration.ofMillis(3));
        relay.impair(bad, bad);
        for (int i = 1; i < 60; i++) {
            assertThat(Lab.await(client.send(ClientRequest.post("/m", 42, Bytes.of((byte) i))))
                            .code())
                    .isEqualTo(Code.CHANGED);
        }
        assertThat(handled).hasValue(60);
        assertThat(relay.up().lost()).isPositive();
    }

    @Test
    void aDeviceWithANewAddressForEveryDatagramLosesNothing() throws Exception {
        AtomicInteger handled = new AtomicInteger();
        lab.start(lab.builder()
                .route("/m", Method.POST, request -> {
                    handled.incrementAndGet();
                    return Lab.now(CoapResponse.content(42, request.payload()));
                })
                .observable("/i", request -> Lab.text("v" + value.get()), LinkAttributes.PLAIN));
        relay = lab.closing(new ImpairmentRelay(lab.server.address(), SEED));
        CoapsClient client = lab.client(
                new ClientIdentity.RawKey(lab.member("d-1")),
                relay.address(),
                Lab.QUICK.withRetransmission(Duration.ofMillis(100), 6));
        BlockingQueue<String> seen = new LinkedBlockingQueue<>();
        client.observe(ClientRequest.get("/i"), response -> seen.add(Lab.text(response)), failure -> {});
        assertThat(seen.poll(30, TimeUnit.SECONDS)).isEqualTo("v0");
        relay.rebindEvery(1);
        Impairment bad = Impairment.NONE.withLoss(0.05).withDuplication(0.1);
        relay.impair(bad, bad);
        long before = relay.rebindings();
        for (int i = 1; i <= 60; i++) {
            Bytes body = Bytes.of((byte) i);
            assertThat(Lab.await(client.send(ClientRequest.post("/m", 42, body)))
                            .payload())
                    .isEqualTo(body);
        }
        assertThat(handled).hasValue(60);
        relay.impair(Impairment.NONE, Impairment.NONE);
        for (int i = 1; i <= 5; i++) {
            Lab.await(client.send(ClientRequest.post("/m", 42, Bytes.of((byte) i))));
            value.set(i);
            lab.server.changed("/i", peer -> true);
            assertThat(seen.poll(30, TimeUnit.SECONDS)).isEqualTo("v" + i);
        }
        assertThat(relay.rebindings() - before).isGreaterThan(65);
        assertThat(client.handshakes()).isEqualTo(1);
        assertThat(lab.server.sessions()).isEqualTo(1);
        assertThat(lab.server.observations()).isEqualTo(1);
    }

    @Test
    void oneNotificationAsksANewAddressAndTheOthersWaitUntilItIsAcknowledged() throws Exception {
        lab.start(lab.builder()
                .route("/m", Method.POST, request -> Lab.now(CoapResponse.changed()))
                .observable(
                        "/i/{n}",
                        request -> Lab.text(request.variable("n") + "v" + value.get()),
                        LinkAttributes.PLAIN));
        relay = lab.closing(new ImpairmentRelay(lab.server.address(), SEED));
        CoapsClient client = lab.client(new ClientIdentity.RawKey(lab.member("d-1")), relay.address(), Lab.QUICK);
        BlockingQueue<String> seen = new LinkedBlockingQueue<>();
        for (int n = 0; n < 5; n++) {
            client.observe(ClientRequest.get("/i/" + n), response -> seen.add(Lab.text(response)), failure -> {});
            assertThat(seen.poll(30, TimeUnit.SECONDS)).isEqualTo(n + "v0");
        }
        value.set(1);
        lab.server.changed("/i/{n}", peer -> true);
        assertThat(five(seen)).containsExactlyInAnyOrder("0v1", "1v1", "2v1", "3v1", "4v1");

        relay.rebind();
        Lab.await(client.send(ClientRequest.post("/m", 42, Bytes.of((byte) 1))));
        relay.impair(Impairment.NONE, Impairment.NONE.withLoss(1));
        long before = relay.down().sent();
        value.set(2);
        lab.server.changed("/i/{n}", peer -> true);
        await().until(() -> relay.down().sent() > before);
        // Long enough for the others, and shorter than the repetition of the first.
        await().pollDelay(Duration.ofMillis(500)).until(() -> relay.down().sent() == before + 1);
        value.set(3);
        lab.server.changed("/i/{n}", peer -> true);
        await().pollDelay(Duration.ofMillis(300)).until(() -> relay.down().sent() == before + 1);
        assertThat(seen).isEmpty();
        relay.impair(Impairment.NONE, Impairment.NONE);
        await().until(() -> {
            seen.removeIf(text -> text.endsWith("v2"));
            return seen.size() >= 5;
        });
        assertThat(five(seen)).containsExactlyInAnyOrder("0v3", "1v3", "2v3", "3v3", "4v3");
        assertThat(client.handshakes()).isEqualTo(1);
        assertThat(lab.server.observations()).isEqualTo(5);
    }

    private static List<String> five(BlockingQueue<String> seen) throws InterruptedException {
        List<String> all = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            all.add(seen.poll(30, TimeUnit.SECONDS));
        }
        return all;
    }
}
