package dev.latchkey.cloud.http;

import dev.latchkey.bytes.Bytes;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import javax.net.ssl.SSLSession;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** From Jetty's request to a route's endpoint and back. Thread-safe. */
final class Dispatcher extends Handler.Abstract.NonBlocking {
    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);
    private static final int MAX_QUERY_PARAMETERS = 16;
    private static final double NANOS = 1e9;

    /** Bodies in flight are counted in units of so many bytes. */
    private static final int BODY_UNIT_BYTES = 1_024;

    private final HttpsSettings settings;
    private final Routes routes;
    private final Executor workers;
    private final Doors doors;
    private final SlowClients slow;
    private final Rates rates;
    private final Semaphore bodies;
    private final StreamSlots streams;

    Dispatcher(HttpsSettings settings, Routes routes, Executor workers, Doors doors, SlowClients slow) {
        this.settings = settings;
        this.routes = routes;
        this.workers = workers;
        this.doors = doors;
        this.slow = slow;
        this.rates = new Rates(settings.knownRate(), settings.strangerRate(), System::nanoTime);
        this.bodies = new Semaphore((int) (settings.maxBodyBytesInFlight() / BODY_UNIT_BYTES));
        this.streams = new StreamSlots(settings.maxStreams(), settings.maxStreamsOfOne());
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        Exchange exchange = new Exchange(request, response, callback);
        EndPoint endPoint = exchange.endPoint();
        slow.begins(endPoint);
        Request.addCompletionListener(request, fault -> slow.ends(endPoint));
        try {
            admit(exchange);
            Routes.Found found = routes.find(request.getMethod(), path(request));
            exchange.route = found.route().template();
            Call call = call(found, query(request), request);
            body(found.route(), call, exchange)
                    .thenApplyAsync(call::with, workers)
                    .thenCompose(found.route().endpoint()::answer)
                    .whenComplete((answer, fault) -> end(exchange, answer, fault));
        } catch (RuntimeException e) {
            // what the client still sends is read and forgotten, or it would not see the answer
            BodyReader.read(request, 0, settings.requestTime()).whenComplete((body, fault) -> end(exchange, null, e));
        }
        return true;
    }

    private void admit(Exchange exchange) {
        exchange.client = doors.clients().of(session(exchange.request), remote(exchange.request));
        int seconds = rates.take(exchange.client);
        if (seconds > 0) {
            throw Refusal.tooManyRequests(seconds);
        }
    }

    private static String path(Request request) {
        String path = request.getHttpURI().getDecodedPath();
        if (path == null) {
            throw Refusal.badRequest("the path is not well formed");
        }
        return path;
    }

    private static Map<String, String> query(Request request) {
        Fields fields;
        try {
            fields = Request.extractQueryParameters(request, StandardCharsets.UTF_8);
        } catch (RuntimeException e) {
            throw Refusal.badRequest("the query is not well formed");
        }
        if (fields.getSize() > MAX_QUERY_PARAMETERS) {
            throw Refusal.badRequest("there are too many query parameters");
        }
        Map<String, String> query = new HashMap<>();
        for (Fields.Field field : fields) {
            if (field.hasMultipleValues()) {
                throw Refusal.badRequest("a query parameter is there twice");
            }
            query.put(field.getName(), field.getValue());
        }
        return Map.copyOf(query);
    }

    private CompletableFuture<Bytes> body(Route route, Call call, Exchange exchange) {
        if (route.maxBodyBytes() == 0) {
            return CompletableFuture.completedFuture(Bytes.EMPTY);
        }
        long announced = exchange.request.getHeaders().getLongField(HttpHeader.CONTENT_LENGTH);
        route.gate().pass(call, announced);
        long atMost = announced < 0 ? route.maxBodyBytes() : Math.min(announced, route.maxBodyBytes());
        int permits = (int) (atMost / BODY_UNIT_BYTES) + 1;
        if (!bodies.tryAcquire(permits)) {
            throw Refusal.overloaded();
        }
        exchange.bodyPermits = permits;
        return BodyReader.read(exchange.request, route.maxBodyBytes(), settings.requestTime());
    }

    private static Call call(Routes.Found found, Map<String, String> query, Request request) {
        Function<String, Optional<String>> header =
                name -> Optional.ofNullable(request.getHeaders().get(name));
        return new Call(found.variables(), query, header, session(request), remote(request), Bytes.EMPTY);
    }

    private static SSLSession session(Request request) {
        EndPoint.SslSessionData tls = (EndPoint.SslSessionData) request.getAttribute(EndPoint.SslSessionData.ATTRIBUTE);
        if (tls == null) {
            throw new IllegalStateException("a request without TLS");
        }
        return tls.sslSession();
    }

    private static InetAddress remote(Request request) {
        SocketAddress address = request.getConnectionMetaData().getRemoteSocketAddress();
        return address instanceof InetSocketAddress inet ? inet.getAddress() : InetAddress.getLoopbackAddress();
    }

    private void end(Exchange exchange, Answer answer, Throwable fault) {
        bodies.release(exchange.bodyPermits);
        if (fault != null) {
            exchange.write(problem(exchange.request, cause(fault)));
        } else if (answer instanceof Answer.Whole whole) {
            exchange.write(whole);
        } else {
            stream(exchange, (Answer.Stream) answer);
        }
    }

    private void stream(Exchange exchange, Answer.Stream answer) {
        if (!streams.take(exchange.client)) {
            answer.pieces().close();
            exchange.write(problem(exchange.request, Refusal.overloaded()));
            return;
        }
        exchange.head(200, answer);
        Callback done = Callback.from(exchange.callback, () -> streams.free(exchange.client));
        PieceWriter writer = new PieceWriter(
                exchange.response, answer.pieces(), done, workers, () -> slow.writing(exchange.endPoint()));
        exchange.request.addFailureListener(writer::cancelled);
        exchange.observed(200);
        writer.start();
    }

    private static Throwable cause(Throwable fault) {
        return fault instanceof CompletionException && fault.getCause() != null ? fault.getCause() : fault;
    }

    private Answer.Whole problem(Request request, Throwable fault) {
        String accept = request.getHeaders().get(HttpHeader.ACCEPT);
        Refusal refusal = refusal(fault);
        doors.observer().refused(refusal.code());
        return doors.problems().answer(refusal, accept);
    }

    private static Refusal refusal(Throwable fault) {
        if (fault instanceof Refusal refusal) {
            return refusal;
        }
        if (fault instanceof RejectedExecutionException) {
            return Refusal.overloaded();
        }
        LOG.warn("a request failed", fault);
        return new Refusal(500, "internal", "the node failed to answer");
    }

    private final class Exchange {
        private final Request request;
        private final Response response;
        private final Callback callback;
        private final long beganNanos = System.nanoTime();
        private String route = "none";
        private Client client;
        private int bodyPermits;

        Exchange(Request request, Response response, Callback callback) {
            this.request = request;
            this.response = response;
            this.callback = callback;
        }

        EndPoint endPoint() {
            return request.getConnectionMetaData().getConnection().getEndPoint();
        }

        void observed(int status) {
            doors.observer().answered(route, status, (System.nanoTime() - beganNanos) / NANOS);
        }

        void head(int status, Answer answer) {
            response.setStatus(status);
            response.getHeaders().put(new HttpField(HttpHeader.CONTENT_TYPE, answer.mediaType()));
            answer.headers().forEach((name, value) -> response.getHeaders().put(name, value));
        }

        void write(Answer.Whole answer) {
            head(answer.status(), answer);
            if (answer.status() == 204 || answer.status() == 304) {
                response.getHeaders().remove(HttpHeader.CONTENT_TYPE);
            } else {
                response.getHeaders()
                        .put(HttpHeader.CONTENT_LENGTH, answer.body().size());
            }
            observed(answer.status());
            SlowClients.Write write = slow.writing(endPoint());
            response.write(true, ByteBuffer.wrap(answer.body().toArray()), Callback.from(callback, write::over));
        }
    }
}
