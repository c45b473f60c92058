package dev.latchkey.coap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.host.EcProviders;
import java.security.Provider;
import java.security.Security;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FleetTest {
    private static final int CLIENTS = 50;
    private static final int REQUESTS = 40;

    private final Lab lab = new Lab();
    private final List<Provider> providers = Arrays.asList(Security.getProviders());

    @AfterEach
    void stops() {
        lab.close();
        for (Provider provider : Security.getProviders()) {
            if (!providers.contains(provider)) {
                Security.removeProvider(provider.getName());
            }
        }
    }

    private void everyClientGetsItsOwnAnswers() throws Exception {
        // All of them at once are no overload here, however slow the machine is.
        lab.start(lab.builder()
                .limits(ServerLimits.DEFAULT.withDatagramsWaiting(2 * CLIENTS * REQUESTS))
                .route(
                        "/echo",
                        Method.POST,
                        request -> Lab.text(request.peer().handle() + ":"
                                + request.payload().toUtf8())));
        List<CoapsClient> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(lab.client(lab.member("d-" + i)));
        }
        List<List<CompletableFuture<CoapResponse>>> answers = new ArrayList<>();
        for (CoapsClient client : clients) {
            List<CompletableFuture<CoapResponse>> own = new ArrayList<>();
            for (int i = 0; i < REQUESTS; i++) {
                own.add(client.send(ClientRequest.post("/echo", 0, Bytes.utf8("r" + i))));
            }
            answers.add(own);
        }
        for (int c = 0; c < CLIENTS; c++) {
            for (int i = 0; i < REQUESTS; i++) {
                assertThat(Lab.text(Lab.await(answers.get(c).get(i)))).isEqualTo("d-" + c + ":r" + i);
            }
        }
        assertThat(lab.server.sessions()).isEqualTo(CLIENTS);
        assertThat(Thread.getAllStackTraces().keySet().stream()
                        .filter(thread -> thread.getName().startsWith("coaps-client")))
                .hasSizeLessThan(10);
        clients.forEach(CoapsClient::close);
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> lab.server.sessions() == 0);
    }

    @Test
    void aFleetSharesThreadsOnThePlatformsOwnProvider() throws Exception {
        everyClientGetsItsOwnAnswers();
    }

    @Test
    void aFleetSharesThreadsOnTheProviderThatProcessesInstall() throws Exception {
        EcProviders.install();
        everyClientGetsItsOwnAnswers();
    }
}
