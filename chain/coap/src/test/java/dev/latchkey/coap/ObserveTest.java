package dev.latchkey.coap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.coap.relay.Impairment;
import dev.latchkey.coap.relay.ImpairmentRelay;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.protocol.Problem;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ObserveTest {
    private final Lab lab = new Lab();
    private final AtomicInteger value = new AtomicInteger();
    private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();
    private final BlockingQueue<Throwable> failures = new LinkedBlockingQueue<>();

    @AfterEach
    void stops() {
        lab.close();
    }

    private CoapsServer.Builder counting() {
        return lab.builder()
                .observable(
                        "/i",
                        request -> Lab.text(request.peer().handle() + "="
                                + request.parameter("c").orElse("") + value.get()),
                        LinkAttributes.PLAIN);
    }

    private Observation observe(CoapsClient client, ClientRequest request) {
        return client.observe(request, response -> seen.add(Lab.text(response)), failures::add);
    }

    private String next() throws InterruptedException {
        return seen.poll(30, TimeUnit.SECONDS);
    }

    @Test
    void aChangeRunsTheHandlerAgainAndReachesTheObserver() throws Exception {
        lab.start(counting());
        CoapsClient client = lab.client(lab.member("d-1"));
        Observation observation = observe(client, ClientRequest.get("/i").withQuery("c", "v"));
        assertThat(next()).isEqualTo("d-1=v0");
        for (int i = 1; i < 5; i++) {
            value.incrementAndGet();
            lab.server.changed("/i", peer -> true);
            assertThat(next()).isEqualTo("d-1=v" + i);
        }
        assertThat(observation.isActive()).isTrue();
        assertThat(lab.server.observations()).isEqualTo(1);
    }

    @Test
    void onlyTheMeantObserversAreTold() throws Exception {
        lab.start(counting());
        CoapsClient one = lab.client(lab.member("d-1"));
        CoapsClient two = lab.client(lab.member("d-2"));
        observe(one, ClientRequest.get("/i"));
        assertThat(next()).isEqualTo("d-1=0");
        observe(two, ClientRequest.get("/i"));
        assertThat(next()).isEqualTo("d-2=0");
        value.set(1);
        lab.server.changed("/i", peer -> peer.handle().equals("d-2"));
        assertThat(next()).isEqualTo("d-2=1");
        lab.server.changed("/other", peer -> true);
        lab.server.changedFor("/i", "d-3");
        lab.server.changedFor("/i", "d-1");
        assertThat(next()).isEqualTo("d-1=1");
        assertThat(seen).isEmpty();
    }

    @Test
    void aPathWithVariablesIsToldByItsPatternAndByItself() throws Exception {
        lab.start(lab.builder()
                .observable(
                        "/t/{id}", request -> Lab.text(request.variable("id") + value.get()), LinkAttributes.PLAIN));
        CoapsClient client = lab.client(lab.member("d-1"));
        observe(client, ClientRequest.get("/t/x"));
        assertThat(next()).isEqualTo("x0");
        value.set(1);
        lab.server.changed("/t/y", peer -> true);
        lab.server.changed("/t/x", peer -> true);
        assertThat(next()).isEqualTo("x1");
        value.set(2);
        lab.server.changed("/t/{id}", peer -> true);
        assertThat(next()).isEqualTo("x2");
        assertThat(seen).isEmpty();
    }

    @Test
    void aChangeDuringTheFirstRunIsNotLost() throws Exception {
        BlockingQueue<CompletableFuture<CoapResponse>> runs = new LinkedBlockingQueue<>();
        lab.start(lab.builder()
                .observable(
                        "/i",
                        request -> {
                            CompletableFuture<CoapResponse> run = new CompletableFuture<>();
                            runs.add(run);
                            return run;
                        },
                        LinkAttributes.PLAIN));
        observe(lab.client(lab.member("d-1")), ClientRequest.get("/i"));
        CompletableFuture<CoapResponse> first = runs.poll(30, TimeUnit.SECONDS);
        lab.server.changed("/i", peer -> true);
        lab.server.changed("/i", peer -> true);
        assertThat(runs).isEmpty();
        first.complete(CoapResponse.content(0, Bytes.utf8("old")));
        assertThat(next()).isEqualTo("old");
        runs.poll(30, TimeUnit.SECONDS).complete(CoapResponse.content(0, Bytes.utf8("new")));
        assertThat(next()).isEqualTo("new");
        assertThat(runs).isEmpty();
    }

    @Test
    void aFloodOfChangesEndsWithTheNewestState() throws Exception {
        lab.start(counting());
        observe(lab.client(lab.member("d-1")), ClientRequest.get("/i"));
        assertThat(next()).isEqualTo("d-1=0");
        for (int i = 0; i < 5_000; i++) {
            value.incrementAndGet();
            lab.server.changed("/i", peer -> true);
        }
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> "d-1=5000".equals(seen.poll()));
        assertThat(seen).as("a change during the last run is told once more").allMatch("d-1=5000"::equals);
        assertThat(lab.server.observations()).isEqualTo(1);
    }

    @Test
    void aLargeNotificationArrivesWhole() throws Exception {
        String large = "0123456789".repeat(500);
        lab.start(lab.builder().observable("/i", request -> Lab.text(value.get() + large), LinkAttributes.PLAIN));
        observe(lab.client(lab.member("d-1")), ClientRequest.get("/i"));
        assertThat(next()).isEqualTo("0" + large);
        for (int i = 1; i < 4; i++) {
            value.set(i);
            lab.server.changed("/i", peer -> true);
            assertThat(next()).isEqualTo(i + large);
        }
    }

    @Test
    void cancellingEndsItOnBothSides() throws Exception {
        lab.start(counting());
        CoapsClient client = lab.client(lab.member("d-1"));
        Observation observation = observe(client, ClientRequest.get("/i"));
        assertThat(next()).isEqualTo("d-1=0");
        observation.cancel();
        assertThat(observation.isActive()).isFalse();
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> lab.server.observations() == 0);
        lab.server.changed("/i", peer -> true);
        assertThat(Lab.text(Lab.await(client.send(ClientRequest.get("/i"))))).isEqualTo("d-1=0");
        assertThat(seen).isEmpty();
        assertThat(failures).isEmpty();
    }

    @Test
    void anErrorIsTheLastResponseOfAnObservation() throws Exception {
        lab.start(lab.builder()
                .observable(
                        "/i",
                        request -> value.get() == 0
                                ? Lab.text("fine")
                                : Lab.now(CoapResponse.problem(Code.FORBIDDEN, new Problem("wrong-sender", ""))),
                        LinkAttributes.PLAIN));
        BlockingQueue<CoapResponse> responses = new LinkedBlockingQueue<>();
        Observation observation =
                lab.client(lab.member("d-1")).observe(ClientRequest.get("/i"), responses::add, failures::add);
        assertThat(responses.poll(30, TimeUnit.SECONDS).code()).isEqualTo(Code.CONTENT);
        value.set(1);
        lab.server.changed("/i", peer -> true);
        assertThat(responses.poll(30, TimeUnit.SECONDS).code()).isEqualTo(Code.FORBIDDEN);
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> !observation.isActive() && lab.server.observations() == 0);
    }

    @Test
    void whatCannotBeObservedIsAnsweredOnce() throws Exception {
        lab.start(lab.builder().route("/x", Method.GET, request -> Lab.text("once")));
        Observation observation = observe(lab.client(lab.member("d-1")), ClientRequest.get("/x"));
        assertThat(next()).isEqualTo("once");
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> !observation.isActive());
        assertThat(lab.server.observations()).isZero();
    }

    @Test
    void theEndOfTheConnectionIsTheLastThingAnObserverHears() throws Exception {
        lab.start(counting());
        Observation observation = observe(lab.client(lab.member("d-1")), ClientRequest.get("/i"));
        assertThat(next()).isEqualTo("d-1=0");
        lab.server.close(peer -> true);
        CoapsException failure = (CoapsException) failures.poll(30, TimeUnit.SECONDS);
        assertThat(failure.reason()).isEqualTo(CoapsException.Reason.CONNECTION_ENDED);
        assertThat(observation.isActive()).isFalse();
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> lab.server.observations() == 0);
    }

    @Test
    void aPeerThatIsPutOutHearsWhyBeforeTheEndOfTheConnection() throws Exception {
        lab.start(counting());
        ImpairmentRelay relay = lab.closing(new ImpairmentRelay(lab.server.address(), 1));
        BlockingQueue<CoapResponse> responses = new LinkedBlockingQueue<>();
        CoapsClient client = lab.client(new ClientIdentity.RawKey(lab.member("d-1")), relay.address(), Lab.QUICK);
        client.observe(ClientRequest.get("/i"), responses::add, failures::add);
        assertThat(Lab.text(responses.poll(30, TimeUnit.SECONDS))).isEqualTo("d-1=0");
        // A notification that it does not acknowledge must not hold back the last one.
        relay.impair(Impairment.NONE, Impairment.NONE.withLoss(1));
        lab.server.changed("/i", peer -> true);
        await().until(() -> relay.down().lost() > 0);
        relay.impair(Impairment.NONE, Impairment.NONE);
        CoapResponse last = CoapResponse.problem(Code.FORBIDDEN, new Problem("revoked", ""));
        lab.server.close(peer -> peer.handle().equals("d-1"), last);
        CoapResponse heard = responses.poll(30, TimeUnit.SECONDS);
        assertThat(heard.code()).isEqualTo(Code.FORBIDDEN);
        assertThat(Lab.problem(heard)).isEqualTo("revoked");
        await().until(() -> lab.server.sessions() == 0 && lab.server.observations() == 0);
        assertThat(responses).isEmpty();
        assertThat(failures).isEmpty();
    }

    @Test
    void aRequestThatWaitsFailsWithItsConnection() throws Exception {
        lab.start(lab.builder().route("/slow", Method.POST, request -> new CompletableFuture<>()));
        CoapsClient client = lab.client(
                new ClientIdentity.RawKey(lab.member("d-1")),
                lab.server.address(),
                Lab.QUICK.withRetransmission(Duration.ofSeconds(4), 2).withRequestTimeout(Duration.ofSeconds(60)));
        CompletableFuture<CoapResponse> waiting = client.send(ClientRequest.post("/slow", 42, Bytes.of((byte) 1)));
        await().until(() -> lab.server.sessions() == 1);
        // Long enough for the acknowledgement, which comes after a second.
        await().pollDelay(Duration.ofMillis(1_600)).until(() -> !waiting.isDone());
        lab.server.close(peer -> true);
        assertThatThrownBy(() -> waiting.get(10, TimeUnit.SECONDS))
                .cause()
                .isInstanceOfSatisfying(
                        CoapsException.class,
                        failure -> assertThat(failure.reason()).isEqualTo(CoapsException.Reason.CONNECTION_ENDED));
    }

    @Test
    void closingTheClientTellsItsObservers() throws Exception {
        lab.start(counting());
        CoapsClient client = lab.client(lab.member("d-1"));
        observe(client, ClientRequest.get("/i"));
        assertThat(next()).isEqualTo("d-1=0");
        client.close();
        assertThat(((CoapsException) failures.poll(30, TimeUnit.SECONDS)).reason())
                .isEqualTo(CoapsException.Reason.CLOSED);
    }

    @Test
    void anObserverWhoseKeyIsRefusedIsTold() throws Exception {
        lab.start(counting());
        observe(lab.client(KeyPair.generate(Lab.RANDOM)), ClientRequest.get("/i"));
        CoapsException failure = (CoapsException) failures.poll(30, TimeUnit.SECONDS);
        assertThat(failure.reason()).isEqualTo(CoapsException.Reason.HANDSHAKE_FAILED);
    }

    @Test
    void onePeerHasNoMoreObservationsThanItsShare() throws Exception {
        lab.start(counting());
        CoapsClient client = lab.client(lab.member("d-1"));
        int share = ServerLimits.DEFAULT.observing().perPeer();
        for (int i = 0; i < share + 3; i++) {
            observe(client, ClientRequest.get("/i").withQuery("c", i + ":"));
            assertThat(next()).isEqualTo("d-1=" + i + ":0");
        }
        assertThat(lab.server.observations()).isEqualTo(share);
    }
}
