package dev.latchkey.gateway.admin;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code /metrics}, {@code /healthz} and {@code /readyz} over plain HTTP, for GET and HEAD, with two threads and few
 * connections: who floods it can keep others from the figures, and nothing else. Safe for use by many threads.
 */
public final class MetricsServer implements AutoCloseable {
    private static final int THREADS = 2;
    private static final int MAX_CONNECTIONS = 64;
    private static final int BACKLOG = 16;
    private static final int OK = 200;
    private static final int NOT_FOUND = 404;
    private static final int METHOD_NOT_ALLOWED = 405;
    private static final int UNAVAILABLE = 503;
    private static final String PLAIN = "text/plain; charset=utf-8";
    private static final Logger LOG = LoggerFactory.getLogger(MetricsServer.class);

    /** Of the JDK's server, which has no other way to say them: seconds, and counts. What somebody set already stands. */
    private static final Map<String, String> BOUNDS = Map.of(
            "sun.net.httpserver.maxReqTime", "10",
            "sun.net.httpserver.maxRspTime", "10",
            "sun.net.httpserver.idleInterval", "30",
            "sun.net.httpserver.maxIdleConnections", "16",
            "jdk.httpserver.maxConnections", String.valueOf(MAX_CONNECTIONS));

    private final HttpServer server;
    private final ExecutorService threads;

    /**
     * What is told of the gateway.
     *
     * @param status how it is
     * @param failure why the process has to start anew, if it has
     * @param notReady why nobody should be sent here now, if so
     */
    public record Source(
            Supplier<GatewayStatus> status, Supplier<Optional<String>> failure, Supplier<Optional<String>> notReady) {}

    /** An answer: status code, media type, body. */
    private record Answer(int code, String type, String body) {}

    private MetricsServer(HttpServer server, ExecutorService threads) {
        this.server = server;
        this.threads = threads;
    }

    /**
     * Binds the address and serves.
     *
     * @throws IOException if it cannot be bound
     */
    public static MetricsServer start(InetSocketAddress address, Source source) throws IOException {
        BOUNDS.forEach((name, value) -> System.setProperty(name, System.getProperty(name, value)));
        HttpServer server = HttpServer.create(address, BACKLOG);
        AtomicInteger number = new AtomicInteger();
        ExecutorService threads = new ThreadPoolExecutor(
                THREADS, THREADS, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(2 * MAX_CONNECTIONS), task -> {
                    Thread thread = new Thread(task, "metrics-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        server.setExecutor(threads);
        server.createContext("/", exchange -> serve(exchange, source));
        server.start();
        return new MetricsServer(server, threads);
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return server.getAddress();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private static void serve(HttpExchange exchange, Source source) throws IOException {
        try (exchange) {
            String method = exchange.getRequestMethod();
            Answer answer;
            if (!method.equals("GET") && !method.equals("HEAD")) {
                exchange.getResponseHeaders().set("Allow", "GET, HEAD");
                answer = new Answer(METHOD_NOT_ALLOWED, PLAIN, "only GET and HEAD\n");
            } else {
                answer = answer(exchange.getRequestURI().getPath(), source);
            }
            byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", answer.type());
            exchange.getResponseHeaders().set("Cache-Control", "no-store");
            if (method.equals("HEAD")) {
                exchange.getResponseHeaders().set("Content-Length", String.valueOf(body.length));
                exchange.sendResponseHeaders(answer.code(), -1);
            } else {
                exchange.sendResponseHeaders(answer.code(), body.length);
                exchange.getResponseBody().write(body);
            }
        } catch (RuntimeException e) {
            LOG.warn("a question for metrics failed", e);
            throw e;
        }
    }

    private static Answer answer(String path, Source source) {
        return switch (path) {
            case "/metrics" ->
                new Answer(
                        OK,
                        PrometheusText.CONTENT_TYPE,
                        PrometheusText.of(GatewayFigures.all(source.status().get())));
            case "/healthz" -> state(source.failure().get());
            case "/readyz" -> state(source.failure().get().or(source.notReady()));
            default -> new Answer(NOT_FOUND, PLAIN, "there are /metrics, /healthz and /readyz\n");
        };
    }

    private static Answer state(Optional<String> wrong) {
        return wrong.map(reason -> new Answer(UNAVAILABLE, PLAIN, reason + "\n"))
                .orElseGet(() -> new Answer(OK, PLAIN, "ok\n"));
    }
}
