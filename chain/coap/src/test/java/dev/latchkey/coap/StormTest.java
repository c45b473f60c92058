package dev.latchkey.coap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.coap.relay.ImpairmentRelay;
import dev.latchkey.host.EcProviders;
import java.security.Provider;
import java.security.Security;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A fleet that connects, and one that comes back all at once: every client is served in the end. */
class StormTest {
    private static final int FLEET = 2_500;
    private static final int SMALL_FLEET = 100;
    private static final int AT_ONCE = 64;
    private static final int FEW = 16;
    private static final int PATIENCE_SECONDS = 120;

    private final Lab lab = new Lab();
    private final List<Provider> providers = Arrays.asList(Security.getProviders());
    private final List<CoapsClient> clients = new ArrayList<>();

    @BeforeEach
    void installs() {
        EcProviders.install();
    }

    @AfterEach
    void stops() {
        lab.close();
        for (Provider provider : Security.getProviders()) {
            if (!providers.contains(provider)) {
                Security.removeProvider(provider.getName());
            }
        }
    }

    private void fleet(int size, ServerLimits limits, ClientOptions options) throws Exception {
        lab.start(lab.builder().limits(limits).route("/m", Method.POST, request -> Lab.now(CoapResponse.changed())));
        for (int i = 0; i < size; i++) {
            clients.add(lab.client(new ClientIdentity.RawKey(lab.member("d-" + i)), lab.server.address(), options));
        }
    }

    /** A reading of each, so many at a time. */
    private void everyoneIsServed(int atOnce) throws Exception {
        Semaphore free = new Semaphore(atOnce);
        List<CompletableFuture<CoapResponse>> answers = new ArrayList<>();
        for (CoapsClient client : clients) {
            assertThat(free.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
            answers.add(client.send(ClientRequest.post("/m", 16, Bytes.wrap(new byte[46])))
                    .whenComplete((response, failure) -> free.release()));
        }
        for (CompletableFuture<CoapResponse> answer : answers) {
            assertThat(answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS).code()).isEqualTo(Code.CHANGED);
        }
    }

    private static long clientThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("coaps-client"))
                .count();
    }

    private void connectsAndComesBackAtOnce(int size, ServerLimits limits, ClientOptions options) throws Exception {
        fleet(size, limits, options);
        everyoneIsServed(AT_ONCE);
        assertThat(lab.server.sessions()).isEqualTo(size);
        assertThat(clientThreads()).isLessThan(10);
        int before = lab.handshakes();
        clients.forEach(CoapsClient::reconnect);
        everyoneIsServed(size);
        assertThat(lab.handshakes() - before).isGreaterThanOrEqualTo(size);
    }

    @Test
    void aFleetBeyondTheServersRoomForHandshakesIsServedOneAfterTheOther() throws Exception {
        connectsAndComesBackAtOnce(
                SMALL_FLEET,
                ServerLimits.DEFAULT.withPendingHandshakes(FEW),
                Lab.QUICK.withHandshake(Duration.ofMillis(100), 8).withRequestTimeout(Duration.ofSeconds(60)));
    }

    @Test
    void aServerWithoutRoomDoesNotAskForTheCookieWithoutEnd() throws Exception {
        fleet(2, ServerLimits.DEFAULT.withConnections(2, 2), Lab.QUICK);
        everyoneIsServed(2);
        ImpairmentRelay relay = lab.closing(new ImpairmentRelay(lab.server.address(), 1));
        CoapsClient third = lab.client(
                new ClientIdentity.RawKey(lab.member("d-2")),
                relay.address(),
                Lab.QUICK.withHandshake(Duration.ofMillis(200), 8).withRequestTimeout(Duration.ofSeconds(60)));
        CompletableFuture<CoapResponse> answer = third.send(ClientRequest.post("/m", 16, Bytes.EMPTY));
        await().until(() -> relay.up().sent() >= 4);
        assertThat(relay.up().sent()).isLessThan(20);
        assertThat(relay.down().sent()).isEqualTo(2);
        lab.server.close(peer -> peer.handle().equals("d-0"));
        assertThat(answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS).code()).isEqualTo(Code.CHANGED);
    }

    @Test
    @Tag("long")
    void twoThousandFiveHundredClientsComeBackAtOnce() throws Exception {
        connectsAndComesBackAtOnce(FLEET, ServerLimits.DEFAULT, ClientOptions.DEFAULT);
    }
}
