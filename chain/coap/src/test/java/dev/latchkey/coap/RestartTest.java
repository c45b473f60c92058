package dev.latchkey.coap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cose.KeyPair;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A server that is stopped and another that goes on with its connections. */
class RestartTest {
    private final Lab lab = new Lab();
    private final AtomicReference<String> value = new AtomicReference<>("v0");
    private final BlockingQueue<CoapResponse> seen = new LinkedBlockingQueue<>();
    private final BlockingQueue<Throwable> failures = new LinkedBlockingQueue<>();
    private InetSocketAddress address;

    @AfterEach
    void stops() {
        lab.close();
    }

    private CoapsServer.Builder routes() {
        return lab.builder()
                .route("/m", Method.POST, request -> Lab.now(CoapResponse.content(42, request.payload())))
                .observable(
                        "/i/{who}",
                        request -> Lab.text(
                                request.peer().handle() + request.variable("who") + request.query() + value.get()),
                        LinkAttributes.PLAIN);
    }

    private void start() throws IOException {
        lab.start(routes());
        address = new InetSocketAddress(
                InetAddress.getLoopbackAddress(), lab.server.address().getPort());
    }

    private SavedConnections stop() {
        return lab.server.stopAndSave().orElseThrow();
    }

    private void restart(SavedConnections saved) throws IOException {
        lab.start(routes().address(address).resume(saved));
    }

    private CoapResponse post(CoapsClient client) throws Exception {
        return Lab.await(client.send(ClientRequest.post("/m", 42, Bytes.of((byte) 7))));
    }

    @Test
    void aRestartNeedsNoHandshakeAndObserversHearOfIt() throws Exception {
        start();
        CoapsClient client = lab.client(lab.member("d-1"));
        client.observe(ClientRequest.get("/i/x").withQuery("c", 5), seen::add, failures::add);
        assertThat(Lab.text(seen.poll(30, TimeUnit.SECONDS))).isEqualTo("d-1x{c=5}v0");
        for (int round = 1; round <= 3; round++) {
            SavedConnections saved = stop();
            value.set("v" + round);
            restart(saved);
            assertThat(Lab.text(seen.poll(30, TimeUnit.SECONDS))).isEqualTo("d-1x{c=5}v" + round);
            assertThat(post(client).code()).isEqualTo(Code.CONTENT);
            value.set("w" + round);
            lab.server.changedFor("/i/x", "d-1");
            assertThat(Lab.text(seen.poll(30, TimeUnit.SECONDS))).isEqualTo("d-1x{c=5}w" + round);
            assertThat(lab.server.sessions()).isEqualTo(1);
            assertThat(lab.server.observations()).isEqualTo(1);
        }
        assertThat(client.handshakes()).isEqualTo(1);
        assertThat(failures).isEmpty();
        assertThat(seen).isEmpty();
    }

    @Test
    void aRestartUnderLoadLosesNothing() throws Exception {
        start();
        List<CoapsClient> clients = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            clients.add(lab.client(lab.member("d-" + i)));
            post(clients.get(i));
        }
        AtomicInteger answered = new AtomicInteger();
        CompletableFuture<?>[] loads =
                clients.stream().map(client -> load(client, answered, 400)).toArray(CompletableFuture<?>[]::new);
        await().until(() -> answered.get() > 400);
        restart(stop());
        CompletableFuture.allOf(loads).get(30, TimeUnit.SECONDS);
        assertThat(answered).hasValue(8 * 400);
        assertThat(clients).allSatisfy(client -> assertThat(client.handshakes()).isEqualTo(1));
    }

    private CompletableFuture<Void> load(CoapsClient client, AtomicInteger answered, int left) {
        return client.send(ClientRequest.post("/m", 42, Bytes.of((byte) left))).thenCompose(response -> {
            answered.incrementAndGet();
            return left == 1 ? CompletableFuture.completedFuture(null) : load(client, answered, left - 1);
        });
    }

    @Test
    void aVoucherHolderGoesOnAsWell() throws Exception {
        start();
        lab.vouchers.put("v", "voucher");
        CoapsClient client = lab.client(new ClientIdentity.Psk("v.00000000", Lab.PSK), address, Lab.QUICK);
        assertThat(post(client).code()).isEqualTo(Code.CONTENT);
        restart(stop());
        assertThat(post(client).code()).isEqualTo(Code.CONTENT);
        assertThat(client.handshakes()).isEqualTo(1);
    }

    @Test
    void aMemberThatLeftMeanwhileIsDisconnectedAndDoesNotComeBack() throws Exception {
        start();
        KeyPair key = lab.member("d-1");
        CoapsClient gone = lab.client(key);
        CoapsClient other = lab.client(lab.member("d-2"));
        gone.observe(ClientRequest.get("/i/x"), seen::add, failures::add);
        assertThat(seen.poll(30, TimeUnit.SECONDS)).isNotNull();
        post(other);
        SavedConnections saved = stop();
        lab.members.remove(key.publicKey());
        restart(saved);
        assertThat(((CoapsException) failures.poll(30, TimeUnit.SECONDS)).reason())
                .isEqualTo(CoapsException.Reason.CONNECTION_ENDED);
        assertThat(HandshakeTest.failure(gone.send(ClientRequest.get("/i/x"))).alert())
                .hasValue(42);
        post(other);
        assertThat(other.handshakes()).isEqualTo(1);
        await().atMost(Duration.ofSeconds(30)).until(() -> lab.server.sessions() == 1);
        assertThat(lab.server.observations()).isZero();
        assertThat(seen).isEmpty();
    }

    @Test
    void anObservationIsKeptUntilThereIsSomethingToSay() throws Exception {
        AtomicReference<CoapResponse> answer = new AtomicReference<>(CoapResponse.content(0, Bytes.utf8("old")));
        lab.start(lab.builder().observable("/i", request -> Lab.now(answer.get()), LinkAttributes.PLAIN));
        address = new InetSocketAddress(
                InetAddress.getLoopbackAddress(), lab.server.address().getPort());
        CoapsClient client = lab.client(lab.member("d-1"));
        client.observe(ClientRequest.get("/i"), seen::add, failures::add);
        assertThat(Lab.text(seen.poll(30, TimeUnit.SECONDS))).isEqualTo("old");
        SavedConnections saved = stop();
        answer.set(Refusals.OVERLOADED);
        lab.start(lab.builder()
                .address(address)
                .resume(saved)
                .observable("/i", request -> Lab.now(answer.get()), LinkAttributes.PLAIN));
        await().until(() -> lab.server.observations() == 1);
        answer.set(CoapResponse.content(0, Bytes.utf8("new")));
        lab.server.changed("/i", peer -> true);
        assertThat(Lab.text(seen.poll(30, TimeUnit.SECONDS))).isEqualTo("new");
        assertThat(failures).isEmpty();
    }

    @Test
    void whatWaitsLongerThanAStopIsToldToComeAgain() throws Exception {
        AtomicInteger taken = new AtomicInteger();
        lab.start(lab.builder().route("/slow", Method.POST, request -> {
            taken.incrementAndGet();
            return new CompletableFuture<>();
        }));
        CompletableFuture<CoapResponse> waiting =
                lab.client(lab.member("d-1")).send(ClientRequest.post("/slow", 42, Bytes.of((byte) 1)));
        await().until(() -> taken.get() == 1);
        stop();
        CoapResponse answer = Lab.await(waiting);
        assertThat(answer.code()).isEqualTo(Code.SERVICE_UNAVAILABLE);
        assertThat(Lab.problem(answer)).isEqualTo("stopping");
    }

    @Test
    void whatAServerOfAnotherKindSavedIsNotTakenOver() throws Exception {
        start();
        CoapsClient client = lab.client(
                new ClientIdentity.RawKey(lab.member("d-1")),
                address,
                Lab.QUICK.withRetransmission(Duration.ofMillis(100), 1));
        post(client);
        SavedConnections saved = stop();
        lab.start(routes().address(address).connectionIdLength(3).resume(saved));
        assertThat(lab.server.sessions()).isZero();
        client.reconnect();
        post(client);
        Bytes half = saved.encoded().slice(0, saved.encoded().size() / 2);
        saved = stop();
        lab.start(routes().address(address).connectionIdLength(3).resume(new SavedConnections(half)));
        assertThat(lab.server.sessions()).isZero();
        lab.server.close();
        half = saved.encoded().slice(0, saved.encoded().size() - 9);
        lab.start(routes().address(address).connectionIdLength(3).resume(new SavedConnections(half)));
        assertThat(lab.server.sessions()).isZero();
        assertThat(saved.toString())
                .isEqualTo("SavedConnections[" + saved.encoded().size() + " bytes]");
    }
}
