package dev.latchkey.coap;

import dev.latchkey.bytes.Bytes;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.network.Exchange;
import org.eclipse.californium.core.server.MessageDeliverer;

/**
 * Takes whole requests from Californium to their handlers and the answers back; safe for use by many threads. Every way
 * through it ends in exactly one answer.
 */
final class Intake implements MessageDeliverer {
    private final Routes routes;
    private volatile ServerLimits.Requests limits;
    private final Tally tally;
    private final int maxBody;
    private final Observations observations;
    private final AckClock ackClock;
    private final Pressure pressure;
    private final Consumer<Peer> heard;
    private final AtomicInteger inFlight = new AtomicInteger();
    private volatile boolean stopping;

    Intake(
            Routes routes,
            ServerLimits.Requests limits,
            int maxBody,
            Observations observations,
            AckClock ackClock,
            Pressure pressure,
            Tally tally,
            Consumer<Peer> heard) {
        this.routes = routes;
        this.limits = limits;
        this.tally = tally;
        this.maxBody = maxBody;
        this.observations = observations;
        this.ackClock = ackClock;
        this.pressure = pressure;
        this.heard = heard;
    }

    /** Other bounds for what comes from now on; how many datagrams may wait stays. */
    void limit(ServerLimits.Requests other) {
        limits = other;
    }

    /**
     * From now on requests are passed over in silence: their senders repeat them, and the next server gets them. Returns
     * when all that was taken is answered, or when the time is over.
     */
    void rest(long longestNanos) {
        stopping = true;
        long deadline = System.nanoTime() + longestNanos;
        while (inFlight.get() != 0 && System.nanoTime() - deadline < 0) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
    }

    @Override
    public void deliverRequest(Exchange exchange) {
        Optional<PeerLink> link = PeerLink.of(exchange.getRequest().getSourceContext());
        if (stopping) {
            return;
        }
        long now = System.nanoTime();
        tally.requests.increment();
        link.ifPresent(this::hear);
        if (link.isEmpty()) {
            send(exchange, Refusals.UNAUTHORIZED);
        } else if (!link.get().bucket().tryTake(now, limits.perSecond(), limits.burst())) {
            tally.rateLimited.increment();
            send(exchange, Refusals.TOO_MANY_REQUESTS);
        } else if (pressure.isHigh(now) && pressure.mayTell(now) && link.get().mayBeTold(now)) {
            tally.overloaded.increment();
            send(exchange, Refusals.OVERLOADED);
        } else {
            try {
                dispatch(exchange, link.get());
            } catch (RefusedRequestException e) {
                send(exchange, e.answer());
            }
        }
    }

    private void hear(PeerLink link) {
        link.use().request();
        link.proof().heard();
        heard.accept(link.peer());
    }

    private void dispatch(Exchange exchange, PeerLink link) throws RefusedRequestException {
        Request request = exchange.getRequest();
        Method method = RequestReader.method(request);
        List<String> path = RequestReader.path(request);
        Routes.Match match = routes.find(method, path)
                .orElseThrow(() -> new RefusedRequestException(
                        routes.hasResource(path) ? Refusals.METHOD_NOT_ALLOWED : Refusals.NOT_FOUND));
        if (request.getPayloadSize() > maxBody) {
            Response tooLarge = ResponseWriter.write(Refusals.TOO_LARGE, List.of());
            tooLarge.getOptions().setSize1(maxBody);
            exchange.sendResponse(tooLarge);
            return;
        }
        CoapRequest ours = RequestReader.read(request, method, path, match.variables(), link.peer());
        if (match.route().observable() && request.isObserve()) {
            Optional<ServerObservation> observation = observations.begin(exchange, link, match.route(), ours);
            if (observation.isPresent()) {
                observation.get().run();
                ackClock.watch(exchange);
                return;
            }
        } else if (match.route().observable() && request.isObserveCancel()) {
            observations.end(exchange, link);
        }
        answer(exchange, link, match.route(), ours);
    }

    private void answer(Exchange exchange, PeerLink link, Route route, CoapRequest request) {
        if (link.inFlight().incrementAndGet() > limits.inFlightPerPeer()) {
            link.inFlight().decrementAndGet();
            tally.rateLimited.increment();
            send(exchange, Refusals.TOO_MANY_REQUESTS);
            return;
        }
        if (inFlight.incrementAndGet() > limits.inFlight()) {
            inFlight.decrementAndGet();
            link.inFlight().decrementAndGet();
            tally.overloaded.increment();
            send(exchange, Refusals.OVERLOADED);
            return;
        }
        List<Bytes> held = RequestReader.etags(exchange.getRequest());
        CompletableFuture<CoapResponse> answer = route.answer(request).toCompletableFuture();
        Optional<AckClock.Waiting> waiting = answer.isDone() ? Optional.empty() : Optional.of(ackClock.watch(exchange));
        answer.thenAccept(response -> {
            waiting.ifPresent(AckClock.Waiting::answered);
            Response written = ResponseWriter.write(unobserved(response), held);
            exchange.execute(() -> finish(exchange, link, written));
        });
    }

    /** Requests that are not answered yet. */
    int inFlight() {
        return inFlight.get();
    }

    /** Without a Max-Age it would count as fresh for 60 s (RFC 7252, section 5.10.5), and nobody tells when it changes. */
    private static CoapResponse unobserved(CoapResponse response) {
        return response.code().equals(Code.CONTENT) && response.maxAgeSeconds().isEmpty()
                ? response.withMaxAge(0)
                : response;
    }

    private void finish(Exchange exchange, PeerLink link, Response answer) {
        try {
            exchange.sendResponse(answer);
        } finally {
            inFlight.decrementAndGet();
            link.inFlight().decrementAndGet();
        }
    }

    /** Begins an observation anew that a server before this one had; its peer hears of it by a notification. */
    void resume(Exchange exchange, PeerLink link) throws RefusedRequestException {
        Request request = exchange.getRequest();
        List<String> path = RequestReader.path(request);
        Optional<Routes.Match> match = routes.find(RequestReader.method(request), path)
                .filter(found -> found.route().observable());
        if (match.isPresent()) {
            Route route = match.get().route();
            CoapRequest ours = RequestReader.read(
                    request, route.method(), path, match.get().variables(), link.peer());
            observations.begin(exchange, link, route, ours).ifPresent(ServerObservation::resume);
        }
    }

    private static void send(Exchange exchange, CoapResponse response) {
        exchange.sendResponse(ResponseWriter.write(response, List.of()));
    }

    /** A server sends no requests, so no response is expected. */
    @Override
    public void deliverResponse(Exchange exchange, Response response) {
        response.setRejected(true);
    }
}
