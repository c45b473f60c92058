package dev.latchkey.coap;

import dev.latchkey.cose.KeyPair;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.eclipse.californium.core.network.CoapEndpoint;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.elements.util.ExecutorsUtil;
import org.eclipse.californium.elements.util.ProtocolScheduledExecutorService;

/**
 * A CoAP server over DTLS 1.2 (RFC 7252, section 9) for peers with keys, raw or in a certificate, and for holders of
 * vouchers; safe for use by many threads. Closing it frees its port and its threads.
 */
public final class CoapsServer implements AutoCloseable {
    private static final long STOP_MILLIS = 2_000;

    private final ProtocolScheduledExecutorService executor;
    private final ServerConnector connector;
    private final CoapEndpoint endpoint;
    private final PeerLinks links;
    private final Observations observations;
    private final Tally tally = new Tally();
    private final HandshakeWatch handshakes;
    private final List<ServedRoute> routes;
    private final Intake intake;
    private final AckClock ackClock = new AckClock();
    private final ServerKeys identity;
    private final int connectionIdLength;

    private CoapsServer(Builder settings) throws IOException {
        Configuration config = CoapSettings.server(settings.limits, settings.connectionIdLength, settings.maxBody);
        KeptAes.install();
        executor = new ServerThreads(settings.threads, "coaps-server#");
        observations = new Observations(config, settings.limits.observing(), tally);
        handshakes = new HandshakeWatch(settings.limits.handshakes(), tally);
        links = new PeerLinks(
                settings.limits.connections(),
                tally,
                peer -> peer instanceof VoucherPeer
                        || settings.peers.byKey(((KeyPeer) peer).key()).isPresent(),
                this::end,
                this::forget);
        Pressure pressure = new Pressure(settings.limits.requests().waiting());
        identity = new ServerKeys(settings.identity);
        connector = new ServerConnector(
                ServerDtls.config(
                        config, settings.address, identity, settings.peers, settings.limits, links, handshakes, tally),
                pressure);
        connector.setExecutor(executor);
        endpoint = ServerStack.endpoint(config, CoapSettings.transfers(config, settings.limits), connector, tally);
        List<Route> routes = new ArrayList<>(settings.routes);
        routes.add(Discovery.route(settings.routes));
        this.routes = routes.stream().map(Route::served).toList();
        endpoint.setExecutor(executor);
        intake = new Intake(
                new Routes(routes),
                settings.limits.requests(),
                settings.maxBody,
                observations,
                ackClock,
                pressure,
                tally,
                settings.heard);
        endpoint.setMessageDeliverer(intake);
        connectionIdLength = settings.connectionIdLength;
        Resumption resumption = new Resumption();
        settings.saved.ifPresent(saved ->
                resumption.load(saved, connector, connectionIdLength, identity.publicKey(), links, observations));
        try {
            endpoint.start();
        } catch (IOException e) {
            executor.shutdownNow();
            throw e;
        }
        ackClock.start(executor);
        new Expiry(executor, settings.limits, tally).start(handshakes, links, this::end);
        observations.start(executor);
        links.judge();
        resumption.begin(endpoint, intake, executor, connector::end);
    }

    public static Builder builder() {
        return new Builder();
    }

    /** Other bounds from now on, for open connections as well; how many datagrams may wait stays as it was. */
    public void limit(ServerLimits.Requests requests, ServerLimits.Observing observing) {
        intake.limit(requests);
        observations.limit(observing);
    }

    /** Handshakes show this key from now on; connections go on until they are {@link #close(Predicate) closed}. */
    public void identity(KeyPair dtls) {
        identity.show(dtls);
    }

    /** What it has done and refused since its start, and what it holds now. */
    public CoapCounts counts() {
        return tally.counts(handshakes.pending(), intake.inFlight(), observations.size(), links.transfers());
    }

    /** Where it listens; with port 0 in the settings, the port it got. */
    public InetSocketAddress address() {
        return endpoint.getAddress();
    }

    /** All that is served here, and /.well-known/core. */
    public List<ServedRoute> routes() {
        return routes;
    }

    /** What the server refuses by itself, before a handler is asked: each with its code and problem details. */
    public static List<CoapResponse> refusals() {
        return Refusals.all();
    }

    /** Established connections. */
    public int sessions() {
        return links.size();
    }

    /** The same one by one, oldest first. */
    public List<Connected> connections() {
        return links.connected();
    }

    /** Running observations. */
    public int observations() {
        return observations.size();
    }

    /**
     * Tells observers that a resource changed: for each its handler runs again, with the request it came with, and what
     * it answers goes out as a confirmable notification. Changes that come faster than notifications are acknowledged
     * are told once. Returns at once.
     *
     * @param path a path ("/t/ab12") or a route's path with variables ("/t/{id}")
     * @param who whether an observer shall be told; asked about every observer of the path
     */
    public void changed(String path, Predicate<Peer> who) {
        observations.changed(path, who);
    }

    /**
     * The same for the observers with one handle only, found without a walk over all.
     *
     * @param handle equal to their {@link Peer#handle()}
     */
    public void changedFor(String path, Object handle) {
        observations.changedFor(path, handle);
    }

    /** Ends the connections of these peers, with close_notify, and their observations. Returns at once. */
    public void close(Predicate<Peer> who) {
        for (PeerLink link : links.snapshot()) {
            if (who.test(link.peer())) {
                end(link);
            }
        }
    }

    /**
     * The same, after their observations ended with a last notification, from which a peer knows why. Returns at once.
     *
     * @param last an error
     */
    public void close(Predicate<Peer> who, CoapResponse last) {
        if (last.code().isSuccess()) {
            throw new IllegalArgumentException("the last notification is an error");
        }
        for (PeerLink link : links.snapshot()) {
            if (who.test(link.peer())) {
                CompletableFuture.allOf(link.observations().values().stream()
                                .map(observation -> observation.finish(last, executor))
                                .toArray(CompletableFuture<?>[]::new))
                        .whenComplete((sent, failure) -> end(link));
            }
        }
    }

    /**
     * Ends one connection, with close_notify, and its observations. Returns at once.
     *
     * @param id as {@link Connected#id()}
     * @return whether it was there
     */
    public boolean close(long id) {
        Optional<PeerLink> found =
                links.snapshot().stream().filter(link -> link.use().id() == id).findFirst();
        found.ifPresent(this::end);
        return found.isPresent();
    }

    /** Ends all connections, with close_notify, and frees the port and the threads. */
    @Override
    public void close() {
        List<Future<Void>> ending = new ArrayList<>();
        links.snapshot().forEach(link -> end(link).ifPresent(ending::add));
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(STOP_MILLIS);
        ending.forEach(end -> CoapsClient.await(end, deadline - System.nanoTime()));
        endpoint.destroy();
        ExecutorsUtil.shutdownExecutorGracefully(STOP_MILLIS, executor);
    }

    /**
     * Stops without ending the connections, for a server that comes after this one on the same port: requests that come
     * from now on are left for it, those under way are answered, and what takes longer than a moment is told to come again
     * (5.03). Frees the port and the threads.
     *
     * @return empty if it did not come to rest in time, so that nothing may be taken over
     */
    public Optional<SavedConnections> stopAndSave() {
        return new Departure(intake, ackClock, connector, links, observations)
                .stop(endpoint, executor, connectionIdLength, identity.publicKey());
    }

    /** The future is done when the connection is removed. */
    private Optional<Future<Void>> end(PeerLink link) {
        return link.connection().flatMap(connector::end);
    }

    /** Called under the lock of the connection store. */
    private void forget(PeerLink link) {
        executor.execute(() -> observations.end(link));
    }

    /** Collects the settings of a server; for one thread. */
    public static final class Builder {
        private static final int DEFAULT_CONNECTION_ID_LENGTH = 6;
        private static final int DEFAULT_MAX_BODY = 65_536;
        private static final int MAX_CONNECTION_ID_LENGTH = 20;

        private final List<Route> routes = new ArrayList<>();
        private InetSocketAddress address = new InetSocketAddress(5684);
        private KeyPair identity;
        private PeerDirectory peers;
        private int connectionIdLength = DEFAULT_CONNECTION_ID_LENGTH;
        private int maxBody = DEFAULT_MAX_BODY;
        private int threads = Math.max(2, Runtime.getRuntime().availableProcessors());
        private ServerLimits limits = ServerLimits.DEFAULT;
        private Consumer<Peer> heard = peer -> {};
        private Class<? extends Handler> kind = Handler.class;
        private Optional<SavedConnections> saved = Optional.empty();

        private Builder() {}

        /** Where to listen; port 0 takes a free one. 5684 on all interfaces if not set. */
        public Builder address(InetSocketAddress listen) {
            address = Objects.requireNonNull(listen);
            return this;
        }

        /** The server's key, shown raw or in a certificate; required. */
        public Builder identity(KeyPair dtls) {
            identity = Objects.requireNonNull(dtls);
            return this;
        }

        /** Who may connect; required. */
        public Builder peers(PeerDirectory directory) {
            peers = Objects.requireNonNull(directory);
            return this;
        }

        /** Bytes of the connection IDs that peers send (RFC 9146), 1 to 20; few save airtime, many serve more peers. */
        public Builder connectionIdLength(int bytes) {
            if (bytes < 1 || bytes > MAX_CONNECTION_ID_LENGTH) {
                throw new IllegalArgumentException("a connection ID has 1 to 20 bytes here");
            }
            connectionIdLength = bytes;
            return this;
        }

        /** Largest body of a request, in bytes; 64 KiB if not set. */
        public Builder maxBody(int bytes) {
            if (bytes < 1) {
                throw new IllegalArgumentException("the largest body has at least 1 byte");
            }
            maxBody = bytes;
            return this;
        }

        /** Threads for DTLS, CoAP and handlers; one per core if not set, at least 2. */
        public Builder threads(int count) {
            if (count < 2) {
                throw new IllegalArgumentException("a server needs two threads");
            }
            threads = count;
            return this;
        }

        public Builder limits(ServerLimits bounds) {
            limits = Objects.requireNonNull(bounds);
            return this;
        }

        /**
         * From now on only handlers of this type are taken, so that a route which nobody gave a rule of access is refused
         * when the server is built, and not found out when somebody asks it.
         */
        public Builder onlyHandlers(Class<? extends Handler> type) {
            kind = Objects.requireNonNull(type);
            return this;
        }

        /** What was added so far. */
        public List<ServedRoute> routes() {
            return routes.stream().map(Route::served).toList();
        }

        /** Who hears of each request that comes from a peer, also of one that is refused; called before anything else. */
        public Builder heard(Consumer<Peer> listener) {
            heard = Objects.requireNonNull(listener);
            return this;
        }

        /** Goes on with the connections of the server before this one, as far as the directory still knows their peers. */
        public Builder resume(SavedConnections connections) {
            saved = Optional.of(connections);
            return this;
        }

        /** A resource that is not shown in /.well-known/core by itself. */
        public Builder route(String path, Method method, Handler handler) {
            return route(path, method, handler, LinkAttributes.HIDDEN);
        }

        /**
         * One method of a resource.
         *
         * @param path "/k/{name}": a segment in braces stands for any one, see {@link CoapRequest#variable}
         */
        public Builder route(String path, Method method, Handler handler, LinkAttributes attributes) {
            return add(new Route(PathPattern.of(path), method, handler, attributes, false));
        }

        /** A GET that may be observed (RFC 7641). */
        public Builder observable(String path, Handler handler, LinkAttributes attributes) {
            return add(new Route(PathPattern.of(path), Method.GET, handler, attributes, true));
        }

        /**
         * A GET that may be observed, each observer at a pace of its own: changes that come sooner than that after its last
         * notification, or after its first answer, are told it together when the time has come.
         *
         * @param pace least time between two notifications, from what the observer asked; zero for none
         */
        public Builder observable(
                String path, Handler handler, LinkAttributes attributes, Function<CoapRequest, Duration> pace) {
            return add(new Route(PathPattern.of(path), Method.GET, handler, attributes, true, pace));
        }

        private Builder add(Route route) {
            if (!kind.isInstance(route.handler())) {
                throw new IllegalArgumentException("a route without a rule of access: " + route.pattern());
            }
            routes.add(route);
            return this;
        }

        /**
         * Binds the port and serves.
         *
         * @throws IOException if the port cannot be bound
         */
        public CoapsServer start() throws IOException {
            Objects.requireNonNull(identity, "a server needs an identity");
            Objects.requireNonNull(peers, "a server needs a directory of peers");
            return new CoapsServer(this);
        }
    }
}
