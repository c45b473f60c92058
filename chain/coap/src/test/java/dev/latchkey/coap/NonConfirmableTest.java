package dev.latchkey.coap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.coap.CoapsException.Reason;
import dev.latchkey.coap.relay.Impairment;
import dev.latchkey.coap.relay.ImpairmentRelay;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Best effort (RFC 7252, section 4.3) over real DTLS, on good networks and bad ones. */
class NonConfirmableTest {
    private static final long SEED = 11;
    private static final ClientOptions NO_PATIENCE = Lab.QUICK.withRequestTimeout(Duration.ofMillis(400));

    private final Lab lab = new Lab();
    private final AtomicInteger handled = new AtomicInteger();
    private final Set<Integer> arrived = ConcurrentHashMap.newKeySet();
    private final BlockingQueue<CompletableFuture<CoapResponse>> pending = new LinkedBlockingQueue<>();
    private ImpairmentRelay relay;

    @BeforeEach
    void starts() throws Exception {
        lab.start(lab.builder()
                .route("/m", Method.POST, request -> {
                    handled.incrementAndGet();
                    arrived.add((int) request.payload().get(0));
                    return Lab.now(CoapResponse.changed());
                })
                .route("/slow", Method.POST, request -> {
                    CompletableFuture<CoapResponse> answer = new CompletableFuture<>();
                    pending.add(answer);
                    return answer;
                }));
        relay = lab.closing(new ImpairmentRelay(lab.server.address(), SEED));
    }

    @AfterEach
    void stops() {
        lab.close();
    }

    private CoapsClient client(ClientOptions options) throws Exception {
        return lab.client(new ClientIdentity.RawKey(lab.member("d-1")), relay.address(), options);
    }

    private static ClientRequest reading(int number) {
        return ClientRequest.post("/m", 16, Bytes.of((byte) number)).nonConfirmable();
    }

    private static void awaitHandOver(CompletableFuture<Void> sent) throws Exception {
        sent.get(10, TimeUnit.SECONDS);
    }

    @Test
    void oneThatIsForgottenArrivesOnceAndItsAnswerIsDropped() throws Exception {
        CoapsClient client = client(Lab.QUICK);
        for (int i = 0; i < 20; i++) {
            awaitHandOver(client.sendAndForget(reading(i)));
        }
        Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> arrived.size() == 20);
        assertThat(handled).hasValue(20);
        // The connection is as good as before: what is answered is answered.
        assertThat(Lab.await(client.send(reading(20))).code()).isEqualTo(Code.CHANGED);
        assertThat(lab.handshakes()).isEqualTo(1);
    }

    @Test
    void oneThatIsForgottenWaitsForNoAnswer() throws Exception {
        CoapsClient client = client(Lab.QUICK);
        awaitHandOver(client.sendAndForget(
                ClientRequest.post("/slow", 16, Bytes.EMPTY).nonConfirmable()));
        assertThat(pending.poll(30, TimeUnit.SECONDS)).isNotDone();
    }

    @Test
    void theLostAreNotSentAgain() throws Exception {
        CoapsClient client = client(NO_PATIENCE);
        Lab.await(client.send(ClientRequest.post("/m", 16, Bytes.of((byte) 100))));
        relay.impair(Impairment.NONE.withLoss(1), Impairment.NONE);
        CompletableFuture<CoapResponse> answer = client.send(reading(1));
        awaitHandOver(client.sendAndForget(reading(2)));
        assertThatThrownBy(() -> Lab.await(answer))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        CoapsException.class, e -> assertThat(e.reason()).isEqualTo(Reason.TIMED_OUT));
        assertThat(relay.up().lost()).isEqualTo(2);
        relay.impair(Impairment.NONE, Impairment.NONE);
        Lab.await(client.send(reading(3)));
        assertThat(arrived).containsExactlyInAnyOrder(100, 3);
        // No word about one datagram is no reason for a new handshake.
        assertThat(lab.handshakes()).isEqualTo(1);
    }

    @Test
    void aBadNetworkLosesSomeAndRepeatsNone() throws Exception {
        CoapsClient client = client(NO_PATIENCE);
        Lab.await(client.send(ClientRequest.post("/m", 16, Bytes.of((byte) 0))));
        Impairment bad =
                Impairment.NONE.withLoss(0.2).withDuplication(0.3).withDelay(Duration.ZERO, Duration.ofMillis(3));
        relay.impair(bad, bad);
        List<CompletableFuture<CoapResponse>> answers = new ArrayList<>();
        for (int i = 1; i <= 60; i++) {
            answers.add(client.send(reading(i)));
            awaitHandOver(client.sendAndForget(reading(60 + i)));
        }
        int answered = 0;
        for (CompletableFuture<CoapResponse> answer : answers) {
            answered += answer.handle((response, failure) -> failure == null ? 1 : 0)
                    .get(10, TimeUnit.SECONDS);
        }
        assertThat(answered).isBetween(10, 59);
        relay.impair(Impairment.NONE, Impairment.NONE);
        Lab.await(client.send(reading(121)));
        assertThat(handled).hasValue(arrived.size());
        assertThat(arrived).hasSizeBetween(60, 121);
    }

    @Test
    void oneThatNobodyHearsFailsAfterTheHandshake() throws Exception {
        CoapsClient client = client(Lab.QUICK.withHandshake(Duration.ofMillis(100), 1));
        relay.impair(Impairment.NONE.withLoss(1), Impairment.NONE);
        assertThatThrownBy(() -> awaitHandOver(client.sendAndForget(reading(1))))
                .cause()
                .isInstanceOfSatisfying(
                        CoapsException.class, e -> assertThat(e.reason()).isEqualTo(Reason.UNREACHABLE));
    }

    @Test
    void aCallerThatWaitsNoLongerFreesTheRequest() throws Exception {
        CoapsClient client = client(Lab.QUICK);
        Lab.await(client.send(reading(1)));
        relay.impair(Impairment.NONE.withLoss(1), Impairment.NONE);
        for (int i = 0; i < 1_500; i++) {
            client.send(reading(2)).cancel(false);
        }
        relay.impair(Impairment.NONE, Impairment.NONE);
        assertThat(Lab.await(client.send(reading(3))).code()).isEqualTo(Code.CHANGED);
    }

    @Test
    void refusesToForgetWhatIsConfirmableOrLarge() throws Exception {
        CoapsClient client = client(Lab.QUICK);
        assertThatThrownBy(() -> client.sendAndForget(ClientRequest.get("/m")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> client.sendAndForget(ClientRequest.post("/m", 16, Bytes.wrap(new byte[1_025]))
                        .nonConfirmable()))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
