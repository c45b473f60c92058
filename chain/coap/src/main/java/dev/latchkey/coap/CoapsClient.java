package dev.latchkey.coap;

import dev.latchkey.coap.CoapsException.Reason;
import dev.latchkey.cose.CoseKey;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.eclipse.californium.core.coap.CoAP;
import org.eclipse.californium.core.coap.CoAP.Type;
import org.eclipse.californium.core.coap.MessageObserver;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.coap.Token;
import org.eclipse.californium.core.network.CoapEndpoint;
import org.eclipse.californium.core.network.TokenGenerator.Scope;
import org.eclipse.californium.elements.AddressEndpointContext;
import org.eclipse.californium.elements.DtlsEndpointContext;
import org.eclipse.californium.elements.EndpointContext;
import org.eclipse.californium.elements.MapBasedEndpointContext;
import org.eclipse.californium.elements.MapBasedEndpointContext.Attributes;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.elements.util.ProtocolScheduledExecutorService;
import org.eclipse.californium.scandium.DTLSConnector;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A CoAP client for one server over DTLS 1.2, with a socket of its own and threads shared with others; safe for use by
 * many threads. At most 1,000 requests are open at once. The handshake happens with the first request, and anew with the next request after the server ended the
 * connection, after a request timed out, or after {@link #reconnect}. Callbacks run on the shared threads and do not
 * block. Closing it frees its socket and fails what is open.
 */
public final class CoapsClient implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CoapsClient.class);
    private static final long FAREWELL_MILLIS = 200;

    private final InetSocketAddress server;
    private final ClientOptions options;
    private final ProtocolScheduledExecutorService executor;
    private final ShortTokens tokens;
    private final ServerWatch watch;
    private final DTLSConnector connector;
    private final CoapEndpoint endpoint;
    private final Lanes lanes = new Lanes();
    private final Set<Call> calls = ConcurrentHashMap.newKeySet();
    private final Map<Token, ClientObservation> observations = new ConcurrentHashMap<>();
    private final AtomicBoolean renew = new AtomicBoolean();
    private volatile boolean closed;

    private CoapsClient(
            InetSocketAddress server,
            ClientIdentity identity,
            ServerCheck check,
            ClientOptions options,
            ClientThreads threads)
            throws IOException {
        this.server = server;
        this.options = options;
        this.executor = threads.executor();
        tokens = new ShortTokens(threads.random());
        watch = new ServerWatch(tokens::releaseAll, this::connectionEnded);
        Configuration config = threads.configuration(options, identity instanceof ClientIdentity.RawKey);
        connector = new SharedThreadConnector(connectorConfig(server, identity, check, config), threads.receiver());
        connector.setExecutor(executor);
        endpoint = CoapEndpoint.builder()
                .setConfiguration(config)
                .setConnector(connector)
                .setEndpointContextMatcher(new SoleServerMatcher())
                .setTokenGenerator(tokens)
                .build();
        endpoint.setExecutor(executor);
        endpoint.addNotificationListener(this::notified);
        endpoint.start();
    }

    /**
     * A client for a server; nothing is sent yet.
     *
     * @throws IOException if no socket could be opened
     */
    public static CoapsClient connect(
            InetSocketAddress server,
            ClientIdentity identity,
            ServerCheck check,
            ClientOptions options,
            ClientThreads threads)
            throws IOException {
        if (server.isUnresolved()) {
            throw new IOException("the server's name has no address");
        }
        return new CoapsClient(server, identity, check, options, threads);
    }

    private DtlsConnectorConfig connectorConfig(
            InetSocketAddress server, ClientIdentity identity, ServerCheck check, Configuration config)
            throws IOException {
        DtlsConnectorConfig.Builder builder = DtlsConnectorConfig.builder(config)
                .setAddress(new InetSocketAddress(anyAddressLike(server), 0))
                .setConnectionListener(watch);
        if (identity instanceof ClientIdentity.RawKey) {
            ClientIdentity.RawKey raw = (ClientIdentity.RawKey) identity;
            builder.setCertificateIdentityProvider(KeyProvider.ofRawKey(raw.key()))
                    .setCertificateVerifier(
                            KeyVerifier.ofRawKeys(key -> check.accepts(key) ? Optional.of(key) : Optional.empty()));
        } else {
            builder.setPskStore(new VoucherKey((ClientIdentity.Psk) identity));
        }
        return builder.build();
    }

    /** The loopback address towards loopback: then nobody else can send to this socket at all. */
    private static InetAddress anyAddressLike(InetSocketAddress server) throws IOException {
        if (server.getAddress().isLoopbackAddress()) {
            return server.getAddress();
        }
        return InetAddress.getByAddress(new byte[server.getAddress().getAddress().length]);
    }

    /** Where this client's socket is bound. */
    public InetSocketAddress localAddress() {
        return endpoint.getAddress();
    }

    /** The raw public key of the server in the last handshake that succeeded; empty with a pre-shared key. */
    public Optional<CoseKey> serverKey() {
        return watch.serverKey();
    }

    /** Handshakes that succeeded so far. */
    public long handshakes() {
        return watch.handshakes();
    }

    /** Makes the next request begin with a new handshake. */
    public void reconnect() {
        renew.set(true);
    }

    /**
     * Sends a request. An error code is a response like any other; without a response the future fails with a {@link
     * CoapsException}. A non-confirmable one is sent once (RFC 7252, section 4.3): when it or its answer is lost, that
     * is {@link Reason#TIMED_OUT} after the request time-out. Whoever will not wait so long cancels the future or gives
     * it a time-out of its own, which frees the request.
     */
    public CompletableFuture<CoapResponse> send(ClientRequest request) {
        CompletableFuture<CoapResponse> answer = new CompletableFuture<>();
        Call call = exchange(RequestWriter.write(request), (response, failure) -> {
            if (failure == null) {
                ResponseReader.read(response)
                        .ifPresentOrElse(
                                answer::complete, () -> answer.completeExceptionally(Failures.of(Reason.MALFORMED)));
            } else {
                answer.completeExceptionally(failure);
            }
        });
        answer.whenComplete((response, failure) -> call.fail(Reason.ABANDONED));
        return answer;
    }

    /**
     * Sends a non-confirmable request once and waits for nothing: the future is done when the datagram is handed to the
     * socket, after the handshake if there has to be one, and fails with a {@link CoapsException} if it never was. An
     * answer is dropped. Nobody learns here whether the server still knows this connection, so a device asks something
     * with {@link #send} now and then, and calls {@link #reconnect} if nothing comes (RFC 7252, section 4.7, allows one
     * byte a second on average to a server that does not answer at all).
     *
     * @throws IllegalArgumentException if the request is confirmable or its body does not fit one datagram
     */
    public CompletableFuture<Void> sendAndForget(ClientRequest request) {
        if (request.confirmable() || request.payload().size() > CoapSettings.BLOCK_BYTES) {
            throw new IllegalArgumentException("what is forgotten is one non-confirmable datagram");
        }
        CompletableFuture<Void> handedOver = new CompletableFuture<>();
        Request written = RequestWriter.write(request);
        Optional<Token> token = tokens.createForgotten();
        token.ifPresent(written::setToken);
        written.addMessageObserver(new MessageObserver() {
            @Override
            public void onSent(boolean retransmission) {
                handedOver.complete(null);
                written.cancel();
            }
        });
        exchange(written, (response, failure) -> {
            token.ifPresent(tokens::release);
            if (failure != null) {
                handedOver.completeExceptionally(failure);
            }
        });
        return handedOver;
    }

    /**
     * Registers as observer of a resource. The first response and each notification go to onNext, one at a time; a
     * response without Observe is the last (an error, or a resource that cannot be observed). When the registration
     * fails, the server ends the connection or this client is closed, onError gets a {@link CoapsException} as the last
     * thing; observing again is then the caller's decision.
     */
    public Observation observe(ClientRequest request, Consumer<CoapResponse> onNext, Consumer<Throwable> onError) {
        Request registration = RequestWriter.write(request);
        registration.setObserve();
        registration.setProtectFromOffload();
        ClientObservation observation = new ClientObservation(this, registration, onNext, onError);
        do {
            registration.setToken(tokens.createToken(Scope.LONG_TERM));
        } while (observations.putIfAbsent(registration.getToken(), observation) != null);
        exchange(registration, (response, failure) -> {
            if (failure == null) {
                observation.accept(response);
            } else {
                observation.fail(failure);
            }
        });
        return observation;
    }

    @Override
    public void close() {
        closed = true;
        calls.forEach(call -> call.fail(Reason.CLOSED));
        observations.values().forEach(observation -> observation.fail(Failures.of(Reason.CLOSED)));
        // Lets the server free the connection at once, and a voucher's identity with it.
        try {
            connector.close(server);
            await(
                    connector.startTerminateConnectionsForPrincipal(principal -> false),
                    TimeUnit.MILLISECONDS.toNanos(FAREWELL_MILLIS));
        } catch (RejectedExecutionException e) {
            LOG.debug("the connection or the threads have ended before the client", e);
        }
        endpoint.destroy();
    }

    /** Waits for a future as long as is left; what did not happen by then does not matter any more. */
    static void await(Future<?> future, long nanos) {
        try {
            future.get(Math.max(0, nanos), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            future.cancel(false);
        }
    }

    void forget(ClientObservation observation) {
        observations.remove(observation.request().getToken(), observation);
        endpoint.cancelObservation(observation.request().getToken());
    }

    /** Tells the server that an observation is over: the same request and token with Observe 1 (RFC 7641, 3.6). */
    void deregister(ClientObservation observation) {
        Request registration = observation.request();
        if (closed) {
            return;
        }
        Request farewell = new Request(registration.getCode(), registration.getType());
        farewell.setOptions(registration.getOptions());
        farewell.setObserveCancel();
        farewell.setToken(registration.getToken());
        exchange(farewell, (response, failure) -> {});
    }

    /** Sends and calls back once, after all that the client does at the end of a request. */
    private Call exchange(Request request, BiConsumer<Response, Throwable> then) {
        Call call = new Call();
        calls.add(call);
        request.addMessageObserver(call);
        request.setDestinationContext(destination());
        Future<?> deadline = executor.scheduleBackground(
                () -> call.fail(Reason.TIMED_OUT), options.requestTimeout().toMillis(), TimeUnit.MILLISECONDS);
        call.outcome().whenComplete((response, failure) -> {
            calls.remove(call);
            deadline.cancel(false);
            if (response != null && response.getType() != Type.CON) {
                // A confirmable answer may come again, under a new record, when its acknowledgement was lost.
                tokens.release(request.getToken());
            }
            if (failure != null) {
                failed(request, failure);
            }
            then.accept(response, failure);
        });
        if (closed) {
            call.fail(Reason.CLOSED);
        } else if (calls.size() > CoapSettings.CLIENT_QUEUE) {
            call.fail(Reason.OVERLOADED);
        } else if (mayBeOneOfSeveralTransfers(request)) {
            String lane = request.getCode() + request.getOptions().getUriString();
            lanes.enter(lane, () -> startIn(lane, request, call));
        } else {
            endpoint.sendRequest(request);
        }
        return call;
    }

    /** A large body goes up, or one may come down; the answer to a small POST is small. */
    private static boolean mayBeOneOfSeveralTransfers(Request request) {
        return request.getPayloadSize() > CoapSettings.BLOCK_BYTES
                || request.getCode() == CoAP.Code.GET
                || request.getCode() == CoAP.Code.FETCH;
    }

    private boolean startIn(String lane, Request request, Call call) {
        if (call.outcome().isDone()) {
            return false;
        }
        call.outcome().whenComplete((response, failure) -> lanes.leave(lane));
        endpoint.sendRequest(request);
        return true;
    }

    private void failed(Request request, Throwable failure) {
        if (request.isConfirmable()
                && failure instanceof CoapsException
                && ((CoapsException) failure).reason() == Reason.TIMED_OUT) {
            // The server may have lost this connection: it drops what it cannot decipher without a word.
            renew.set(true);
        }
        request.cancel();
    }

    private EndpointContext destination() {
        if (renew.compareAndSet(true, false)) {
            return new MapBasedEndpointContext(
                    server,
                    null,
                    new Attributes()
                            .add(
                                    DtlsEndpointContext.KEY_HANDSHAKE_MODE,
                                    DtlsEndpointContext.HANDSHAKE_MODE_FORCE_FULL));
        }
        return new AddressEndpointContext(server);
    }

    private void notified(Request request, Response response) {
        ClientObservation observation = observations.get(request.getToken());
        if (observation != null) {
            observation.accept(response);
        }
    }

    /** Called under a lock of the connection's. */
    private void connectionEnded() {
        if (closed) {
            return;
        }
        executor.execute(() -> {
            List.copyOf(observations.values())
                    .forEach(observation -> observation.fail(Failures.of(Reason.CONNECTION_ENDED)));
            // Their answers would have come on this connection. What was not acknowledged is repeated on the next one.
            calls.stream().filter(Call::isAcknowledged).forEach(call -> call.fail(Reason.CONNECTION_ENDED));
        });
    }
}
