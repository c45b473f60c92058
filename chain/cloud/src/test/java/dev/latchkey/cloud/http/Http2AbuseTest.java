package dev.latchkey.cloud.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.host.PinnedTls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What HTTP/2 and TLS let a client do to a server: it loses its connection, and nobody else notices. */
@Timeout(60)
class Http2AbuseTest {
    private static final Duration LONG = Duration.ofSeconds(50);
    private static final int MANY = 20_000;

    private final KeyPair key = KeyPair.generate(new SecureRandom());
    private final ExecutorService workers = Executors.newFixedThreadPool(2);
    private final Queue<String> cuts = new ConcurrentLinkedQueue<>();
    private HttpsServer server;
    private HttpClient honest;

    private void start(Duration requestTime, Duration readerTime) throws IOException {
        HttpsSettings settings = new HttpsSettings(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                64,
                8,
                2,
                1 << 20,
                LONG,
                requestTime,
                readerTime,
                1_000_000,
                1_000_000);
        Doors.Observer observer = new Doors.Observer() {
            @Override
            public void answered(String route, int status, double seconds) {}

            @Override
            public void refused(String code) {}

            @Override
            public void cut(String why) {
                cuts.add(why);
            }
        };
        Doors doors = new Doors(
                (refusal, accept) ->
                        new Answer.Whole(refusal.status(), "text/plain", refusal.headers(), Bytes.utf8(refusal.code())),
                (tls, remote) -> new Client(remote, false),
                observer);
        server = HttpsServer.start(
                settings,
                PinnedTls.server(key, any -> true),
                List.of(
                        Route.of("GET", "/small", call -> done("small")),
                        Route.of("POST", "/body", 1_024, (call, bytes) -> {}, call -> done("taken"))),
                workers,
                doors);
        SSLContext context = PinnedTls.client(key, any -> true);
        honest = HttpClient.newBuilder()
                .sslContext(context)
                .sslParameters(PinnedTls.clientParameters(context))
                .build();
        assertServed();
    }

    @AfterEach
    void stop() {
        server.close();
        workers.shutdownNow();
    }

    private static CompletionStage<Answer> done(String text) {
        return CompletableFuture.completedFuture(new Answer.Whole(200, "text/plain", Map.of(), Bytes.utf8(text)));
    }

    private RawHttp2 hostile() throws IOException {
        RawHttp2 made = new RawHttp2(PinnedTls.client(key, any -> true), server.address(), LONG);
        made.send(RawHttp2.SETTINGS, 0, 0);
        return made;
    }

    /** Somebody whose connection was there before. */
    private void assertServed() {
        try {
            HttpRequest request = HttpRequest.newBuilder(
                            URI.create("https://127.0.0.1:" + server.address().getPort() + "/small"))
                    .timeout(LONG)
                    .build();
            assertThat(honest.send(request, BodyHandlers.ofString()).body()).isEqualTo("small");
        } catch (IOException | InterruptedException e) {
            throw new AssertionError("an honest client is not served", e);
        }
    }

    private interface Step {
        void take(RawHttp2 hostile, int number) throws IOException;
    }

    /** Does something again and again until the server ends the connection, which it must. */
    private void assertEnded(Step step) throws IOException {
        start(LONG, LONG);
        try (RawHttp2 hostile = hostile()) {
            try {
                for (int i = 0; i < MANY; i++) {
                    step.take(hostile, i);
                }
            } catch (IOException e) {
                assertServed();
                return;
            }
            assertServed();
            assertThat(hostile.isEnded()).isTrue();
        }
        assertServed();
    }

    @Test
    void requestsThatAreTakenBackAtOnceEndTheConnection() throws Exception {
        assertEnded((hostile, i) -> {
            int stream = 2 * i + 1;
            hostile.send(
                    RawHttp2.HEADERS,
                    RawHttp2.END_STREAM | RawHttp2.END_HEADERS,
                    stream,
                    RawHttp2.request(false, "/small"));
            hostile.send(RawHttp2.RST_STREAM, 0, stream, RawHttp2.number(8));
        });
    }

    @Test
    void headersWithoutEndEndTheConnection() throws Exception {
        assertEnded((hostile, i) -> {
            if (i == 0) {
                hostile.send(RawHttp2.HEADERS, RawHttp2.END_STREAM, 1, RawHttp2.request(false, "/small"));
            } else {
                hostile.send(RawHttp2.CONTINUATION, 0, 1, RawHttp2.header(120));
            }
        });
    }

    @Test
    void emptyContinuationsEndTheConnection() throws Exception {
        assertEnded((hostile, i) -> {
            if (i == 0) {
                hostile.send(RawHttp2.HEADERS, RawHttp2.END_STREAM, 1, RawHttp2.request(false, "/small"));
            } else {
                hostile.send(RawHttp2.CONTINUATION, 0, 1);
            }
        });
    }

    @Test
    void settingsWithoutEndEndTheConnection() throws Exception {
        assertEnded(
                (hostile, i) -> hostile.send(RawHttp2.SETTINGS, 0, 0, RawHttp2.setting(RawHttp2.INITIAL_WINDOW, i)));
    }

    @Test
    void pingsWithoutEndEndTheConnection() throws Exception {
        assertEnded((hostile, i) -> hostile.send(RawHttp2.PING, 0, 0, new byte[8]));
    }

    @Test
    void emptyPiecesOfABodyEndTheConnection() throws Exception {
        assertEnded((hostile, i) -> {
            if (i == 0) {
                hostile.send(RawHttp2.HEADERS, RawHttp2.END_HEADERS, 1, RawHttp2.request(true, "/body"));
            } else {
                hostile.send(RawHttp2.DATA, 0, 1);
            }
        });
    }

    /** A window of nothing: the answers stay with the server, but not for long. */
    @Test
    void whoTakesNoByteOfItsAnswersIsCutOff() throws Exception {
        start(LONG, Duration.ofMillis(600));
        try (RawHttp2 hostile = hostile()) {
            hostile.send(RawHttp2.SETTINGS, 0, 0, RawHttp2.setting(RawHttp2.INITIAL_WINDOW, 0));
            for (int stream = 1; stream < 100; stream += 2) {
                hostile.send(
                        RawHttp2.HEADERS,
                        RawHttp2.END_STREAM | RawHttp2.END_HEADERS,
                        stream,
                        RawHttp2.request(false, "/small"));
            }
            assertServed();
            await().atMost(LONG).until(() -> cuts.contains("reader"));
            assertThat(hostile.isEnded()).isTrue();
        }
        assertServed();
    }

    /** More requests at one time than a connection may have; each without its body. */
    @Test
    void manyRequestsWithoutTheirBodiesTakeNoPlaceFromOthers() throws Exception {
        start(LONG, LONG);
        try (RawHttp2 hostile = hostile()) {
            for (int i = 0; i < 300; i++) {
                hostile.send(RawHttp2.HEADERS, RawHttp2.END_HEADERS, 2 * i + 1, RawHttp2.request(true, "/body"));
            }
            RawHttp2.Frame frame = hostile.read();
            while (frame.type() != RawHttp2.RST_STREAM && frame.type() != RawHttp2.GOAWAY) {
                frame = hostile.read();
            }
            assertServed();
        }
        assertServed();
    }

    @Test
    void aHandshakeThatDripsIsCutOff() throws Exception {
        start(Duration.ofSeconds(2), LONG);
        try (Socket socket =
                new Socket(server.address().getAddress(), server.address().getPort())) {
            byte[] begun = {0x16, 3, 1, 2, 0, 1, 0, 1, (byte) 0xfc, 3, 3};
            int[] sent = {0};
            await().atMost(LONG).pollInterval(Duration.ofMillis(50)).until(() -> {
                try {
                    socket.getOutputStream().write(sent[0] < begun.length ? begun[sent[0]] : 0);
                    sent[0]++;
                } catch (IOException e) {
                    return true;
                }
                return cuts.contains("head");
            });
            assertServed();
        }
    }
}
