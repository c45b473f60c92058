package dev.latchkey.cloud;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.host.PinnedTls;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;

/** Stands before a real node, with its TLS key or another, and answers as the test wants. */
final class LyingNode implements AutoCloseable {
    /** An answer; its body may be longer than any array. */
    record Told(int status, InputStream body) {}

    /** What becomes of an answer. */
    interface Lie {
        /** The answer to tell instead of the node's. */
        Told told(String path, int status, byte[] body) throws IOException;
    }

    private final HttpsServer server;
    private final HttpClient node;
    private final InetSocketAddress address;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private volatile Lie lie = (path, status, body) -> new Told(status, new java.io.ByteArrayInputStream(body));

    LyingNode(InetSocketAddress node, KeyPair tls, KeyPair asks) throws IOException {
        this.address = node;
        SSLContext context = PinnedTls.client(asks, key -> true);
        this.node = HttpClient.newBuilder()
                .sslContext(context)
                .sslParameters(PinnedTls.clientParameters(context))
                .build();
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(PinnedTls.server(tls, key -> true)));
        server.createContext("/", this::answer);
        server.setExecutor(threads);
        server.start();
    }

    String url() {
        return "https://127.0.0.1:" + server.getAddress().getPort();
    }

    /** From now on this lie is told. */
    void tells(Lie other) {
        lie = other;
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().toString();
            HttpResponse<byte[]> honest = node.send(
                    HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + address.getPort() + path))
                            .build(),
                    HttpResponse.BodyHandlers.ofByteArray());
            Told told = lie.told(path, honest.statusCode(), honest.body());
            exchange.sendResponseHeaders(told.status(), 0);
            try (OutputStream out = exchange.getResponseBody()) {
                told.body().transferTo(out);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
