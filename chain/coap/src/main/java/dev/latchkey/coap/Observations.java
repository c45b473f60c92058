package dev.latchkey.coap;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.eclipse.californium.core.coap.CoAP.Type;
import org.eclipse.californium.core.network.Exchange;
import org.eclipse.californium.core.observe.ObserveManager;
import org.eclipse.californium.core.observe.ObserveNotificationOrderer;
import org.eclipse.californium.core.observe.ObserveRelation;
import org.eclipse.californium.core.server.resources.ObservableResource;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.elements.util.ProtocolScheduledExecutorService;

/**
 * All observations of a server, by connection and by what they watch; safe for use by many threads. It stands in for
 * Californium's manager, which knows observers by the address they had when they came.
 */
final class Observations extends ObserveManager implements ObservableResource {
    /** How often those are looked for that may hear of a change again. */
    private static final long PERIOD_MILLIS = 100;

    /** Notifications of one look: a fleet that waits for the same change hears of it within seconds, not in one burst. */
    private static final int MOST_AT_ONCE = 1_000;

    private volatile ServerLimits.Observing limits;
    private final Tally tally;
    private final DueTimes<ServerObservation> due = new DueTimes<>(System.nanoTime());
    private volatile ObserveNotificationOrderer order = new ObserveNotificationOrderer();
    private final AtomicInteger run = new AtomicInteger(); // in this period
    private final AtomicInteger size = new AtomicInteger();
    private final Map<String, Set<ServerObservation>> byPath = new ConcurrentHashMap<>();
    private final Map<Target, Set<ServerObservation>> byTarget = new ConcurrentHashMap<>();

    private record Target(String path, Object handle) {}

    Observations(Configuration config, ServerLimits.Observing limits, Tally tally) {
        super(config);
        this.limits = limits;
        this.tally = tally;
    }

    /** Other bounds for what begins from now on; what there is stays. */
    void limit(ServerLimits.Observing other) {
        limits = other;
    }

    void start(ProtocolScheduledExecutorService executor) {
        executor.scheduleBackgroundWithFixedDelay(this::tick, PERIOD_MILLIS, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Runs those whose pace lets them hear again, and those for which there was no room in the period before. */
    private void tick() {
        long now = System.nanoTime();
        List<ServerObservation> next = due.takeDue(now, MOST_AT_ONCE);
        run.set(next.size());
        for (ServerObservation observation : next) {
            observation.runDue(now);
        }
    }

    /** Runs it now or, where many are to be run, in one of the next periods: DTLS drops what comes in larger bursts. */
    void runSoon(ServerObservation observation) {
        if (run.incrementAndGet() <= MOST_AT_ONCE) {
            observation.run();
        } else {
            await(observation, System.nanoTime());
        }
    }

    /** A new observation in place of one with the same token; empty when a bound is reached. */
    Optional<ServerObservation> begin(Exchange exchange, PeerLink link, Route route, CoapRequest request) {
        end(exchange, link);
        if (link.observations().size() >= limits.perPeer()) {
            tally.observationsRefused.increment();
            return Optional.empty();
        }
        if (size.incrementAndGet() > limits.all()) {
            size.decrementAndGet();
            tally.observationsRefused.increment();
            return Optional.empty();
        }
        ServerObservation observation = new ServerObservation(this, exchange, link, route, request);
        exchange.getRequest().setProtectFromOffload();
        exchange.setRelation(observation);
        link.observations().put(exchange.getRequest().getToken(), observation);
        for (String path : paths(observation)) {
            byPath.computeIfAbsent(path, key -> ConcurrentHashMap.newKeySet()).add(observation);
            byTarget.computeIfAbsent(new Target(path, link.peer().handle()), key -> ConcurrentHashMap.newKeySet())
                    .add(observation);
        }
        return Optional.of(observation);
    }

    /** Ends the observation that has the token of this exchange's request. */
    void end(Exchange exchange, PeerLink link) {
        ServerObservation previous =
                link.observations().get(exchange.getRequest().getToken());
        if (previous != null) {
            previous.cancel();
            removeObserveRelation(previous);
        }
    }

    /** Ends all observations of a connection. */
    void end(PeerLink link) {
        for (ServerObservation observation : List.copyOf(link.observations().values())) {
            observation.cancel();
            removeObserveRelation(observation);
        }
    }

    void changed(String path, Predicate<Peer> who) {
        for (ServerObservation observation : byPath.getOrDefault(path, Set.of())) {
            if (who.test(observation.link().peer())) {
                changed(observation);
            }
        }
    }

    void changedFor(String path, Object handle) {
        byTarget.getOrDefault(new Target(path, handle), Set.of()).forEach(this::changed);
    }

    private void changed(ServerObservation observation) {
        if (observation.isPaced()) {
            await(observation, observation.dueNanos());
        } else {
            runSoon(observation);
        }
    }

    private void await(ServerObservation observation, long dueNanos) {
        due.add(observation, dueNanos);
        if (observation.isCanceled()) {
            due.remove(observation);
        }
    }

    /** Observers that wait until they may hear of a change. */
    int waiting() {
        return due.size();
    }

    void notified() {
        tally.notifications.increment();
    }

    int size() {
        return size.get();
    }

    /** The number of the last notification: a later one must have a greater one to be taken (RFC 7641, section 3.4). */
    int notificationNumber() {
        return order.getCurrent();
    }

    /** Goes on counting where a server before this one stopped. */
    void countFrom(int notificationNumber) {
        order = new ObserveNotificationOrderer(notificationNumber);
    }

    private static List<String> paths(ServerObservation observation) {
        String concrete = new PathPattern(observation.request().path()).toString();
        String pattern = observation.route().pattern().toString();
        return concrete.equals(pattern) ? List.of(concrete) : List.of(concrete, pattern);
    }

    @Override
    public void removeObserveRelation(ObserveRelation relation) {
        ServerObservation gone = (ServerObservation) relation;
        PeerLink link = gone.link();
        if (!link.observations().remove(gone.getExchange().getRequest().getToken(), gone)) {
            return;
        }
        size.decrementAndGet();
        link.proof().ended(gone);
        due.remove(gone);
        for (String path : paths(gone)) {
            byPath.computeIfPresent(path, (key, set) -> without(set, gone));
            byTarget.computeIfPresent(new Target(path, link.peer().handle()), (key, set) -> without(set, gone));
        }
    }

    private static Set<ServerObservation> without(Set<ServerObservation> set, ServerObservation gone) {
        set.remove(gone);
        return set.isEmpty() ? null : set;
    }

    @Override
    public void onRejectedNotification(ObserveRelation relation) {
        relation.cancel();
        removeObserveRelation(relation);
    }

    /** It is known since {@link #begin}: a change during the first run must not be lost. */
    @Override
    public void addObserveRelation(ObserveRelation relation) {}

    @Override
    public String getURI() {
        return "observed";
    }

    /** Confirmable always: at most one is under way to a peer, and a device at a new address must answer the first. */
    @Override
    public Type getObserveType() {
        return Type.CON;
    }

    @Override
    public int getNotificationSequenceNumber() {
        return order.getNextObserveNumber();
    }

    @Override
    public boolean isObservable() {
        return true;
    }

    @Override
    public int getObserverCount() {
        return size();
    }
}
