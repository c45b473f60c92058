package dev.latchkey.cloud.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.host.PinnedTls;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What a client that dawdles, stops half-way or asks too much can hold of a server. Each test has the one time short that
 * it is about; all others are longer than any machine pauses.
 */
@Timeout(60)
class SlowClientsTest {
    private static final int PIECE = 64 * 1024;
    private static final Duration LONG = Duration.ofSeconds(50);

    private final KeyPair key = KeyPair.generate(new SecureRandom());
    private final ExecutorService workers = Executors.newFixedThreadPool(2);
    private final Queue<String> cuts = new ConcurrentLinkedQueue<>();
    private final Queue<String> refused = new ConcurrentLinkedQueue<>();
    private final AtomicLong streamed = new AtomicLong();
    private final AtomicLong closed = new AtomicLong();
    private HttpsServer server;

    private void start(Duration requestTime, Duration readerTime) throws IOException {
        HttpsSettings settings = new HttpsSettings(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                64,
                8,
                2,
                64 * 1024,
                LONG,
                requestTime,
                readerTime,
                5,
                5);
        Doors.Observer observer = new Doors.Observer() {
            @Override
            public void answered(String route, int status, double seconds) {
                assertThat(seconds).isNotNegative();
            }

            @Override
            public void refused(String code) {
                refused.add(code);
            }

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
                        Route.of("POST", "/body", 32 * 1024, (call, bytes) -> {}, call -> done("taken")),
                        Route.of(
                                "GET",
                                "/endless",
                                call -> CompletableFuture.completedFuture(Answer.stream("text/plain", new Endless())))),
                workers,
                doors);
    }

    @AfterEach
    void stop() {
        server.close();
        workers.shutdownNow();
    }

    private static CompletionStage<Answer> done(String text) {
        return CompletableFuture.completedFuture(new Answer.Whole(200, "text/plain", Map.of(), Bytes.utf8(text)));
    }

    /** Pieces without end, counted as they are asked for. */
    private final class Endless implements Pieces {
        @Override
        public CompletionStage<Optional<Bytes>> next() {
            streamed.addAndGet(PIECE);
            return CompletableFuture.completedFuture(Optional.of(Bytes.wrap(new byte[PIECE])));
        }

        @Override
        public void close() {
            closed.incrementAndGet();
        }
    }

    private SSLSocket connected() throws IOException {
        SSLContext context = PinnedTls.client(key, any -> true);
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket();
        socket.setReceiveBufferSize(16 * 1024);
        socket.connect(server.address());
        socket.setSSLParameters(PinnedTls.clientParameters(context));
        socket.setSoTimeout((int) LONG.toMillis());
        return socket;
    }

    private static void write(Socket socket, String text) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write(text.getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    private static String status(Socket socket) throws IOException {
        StringBuilder line = new StringBuilder();
        InputStream in = socket.getInputStream();
        for (int next = in.read(); next >= 0 && next != '\r'; next = in.read()) {
            line.append((char) next);
        }
        return line.toString();
    }

    /** One header byte after another, until the server has had enough. */
    @Test
    void headersThatDripAreCutOff() throws Exception {
        start(Duration.ofMillis(400), LONG);
        try (SSLSocket socket = connected()) {
            Queue<String> parts = new ConcurrentLinkedQueue<>(List.of("GET /small HTTP/1.1\r\nHost: a\r\nX-Slow: "));
            await().atMost(LONG).pollInterval(Duration.ofMillis(50)).until(() -> {
                try {
                    write(socket, parts.isEmpty() ? "x" : parts.poll());
                } catch (IOException e) {
                    return true;
                }
                return !cuts.isEmpty();
            });
            assertThat(cuts).containsExactly("head");
        }
    }

    @Test
    void aConnectionThatSaysNothingIsCutOff() throws Exception {
        start(Duration.ofMillis(400), LONG);
        try (Socket socket =
                new Socket(server.address().getAddress(), server.address().getPort())) {
            socket.setSoTimeout((int) LONG.toMillis());
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
            assertThat(cuts).containsExactly("head");
        }
    }

    @Test
    void aBodyThatDripsIsAnswered408AndFreesItsRoom() throws Exception {
        start(Duration.ofSeconds(2), LONG);
        try (SSLSocket first = connected();
                SSLSocket second = connected()) {
            for (SSLSocket socket : List.of(first, second)) {
                write(socket, "POST /body HTTP/1.1\r\nHost: a\r\nContent-Length: 30000\r\n\r\nxx");
            }
            for (SSLSocket socket : List.of(first, second)) {
                assertThat(status(socket)).contains(" 408 ");
            }
        }
        try (SSLSocket socket = connected()) {
            write(socket, "POST /body HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nxx");
            assertThat(status(socket)).contains(" 200 ");
        }
    }

    @Test
    void aBodyWhoseClientIsGoneFreesItsRoom() throws Exception {
        start(LONG, LONG);
        for (int i = 1; i <= 3; i++) {
            try (SSLSocket socket = connected()) {
                write(socket, "POST /body HTTP/1.1\r\nHost: a\r\nContent-Length: 30000\r\n\r\nxx");
                socket.shutdownOutput();
                int gone = i;
                await().atMost(LONG).until(() -> refused.size() == gone);
            }
        }
        assertThat(refused).containsOnly("malformed");
        try (SSLSocket socket = connected()) {
            write(socket, "POST /body HTTP/1.1\r\nHost: a\r\nContent-Length: 30000\r\n\r\n" + "x".repeat(30_000));
            assertThat(status(socket)).contains(" 200 ");
        }
    }

    /** It holds what the sockets hold and one piece, and not for ever. */
    @Test
    void aReaderThatDoesNotReadHoldsLittleAndIsCutOff() throws Exception {
        start(LONG, Duration.ofMillis(600));
        try (SSLSocket socket = connected()) {
            write(socket, "GET /endless HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(status(socket)).contains(" 200 ");
            await().atMost(LONG).until(() -> closed.get() == 1);
            assertThat(cuts).containsExactly("reader");
            assertThat(streamed.get()).isLessThan(8L << 20);
        }
    }

    @Test
    void oneClientHasSoManyStreamsAndNoMore() throws Exception {
        start(LONG, LONG);
        try (SSLSocket first = connected();
                SSLSocket second = connected();
                SSLSocket third = connected()) {
            for (SSLSocket socket : List.of(first, second)) {
                write(socket, "GET /endless HTTP/1.1\r\nHost: a\r\n\r\n");
                assertThat(status(socket)).contains(" 200 ");
            }
            write(third, "GET /endless HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(status(third)).contains(" 503 ");
        }
        await().atMost(LONG).until(() -> closed.get() == 3);
    }

    @Test
    void whoAsksTooOftenGets429AndIsToldWhenToComeAgain() throws Exception {
        start(LONG, LONG);
        try (SSLSocket socket = connected()) {
            String request = "GET /small HTTP/1.1\r\nHost: a\r\n\r\n";
            write(socket, request.repeat(400) + "GET /small HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
            String all = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            assertThat(all).contains("HTTP/1.1 200 ", "HTTP/1.1 429 ", "Retry-After: 1");
            assertThat(all.split("HTTP/1.1 200 ", -1).length - 1).isBetween(10, 310);
        }
    }

    @Test
    void headersThatAreTooLargeAreRefusedByName() throws Exception {
        start(LONG, LONG);
        try (SSLSocket socket = connected()) {
            write(socket, "GET /small HTTP/1.1\r\nHost: a\r\nX-Large: " + "x".repeat(9_000) + "\r\n\r\n");
            assertThat(status(socket)).contains(" 431 ");
            assertThat(refused).contains("headers-too-large");
        }
    }
}
