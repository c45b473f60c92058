package dev.latchkey.coap;

import dev.latchkey.cose.CoseKey;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.eclipse.californium.scandium.ConnectionListener;
import org.eclipse.californium.scandium.dtls.Connection;

/** The established connections of a server; safe for use by many threads. Told by Scandium, under its locks, so quick. */
final class PeerLinks implements ConnectionListener {
    private final ServerLimits.Connections limits;
    private final Tally tally;
    private final Predicate<Peer> stillKnown;
    private final Consumer<PeerLink> finished;
    private final Consumer<PeerLink> gone;
    private final Set<PeerLink> all = new HashSet<>(); // guarded by this
    private final Map<CoseKey, Deque<PeerLink>> byKey = new HashMap<>(); // guarded by this
    private final Map<Object, Deque<PeerLink>> byVoucher = new HashMap<>(); // guarded by this
    private final Map<String, PeerLink> byIdentity = new HashMap<>(); // guarded by this

    /**
     * @param stillKnown whether a peer that was known at the start of its handshake is so at the end
     * @param finished told of a connection that shall be removed: its peer closed it or is no longer known, or its key has newer
     *     ones
     * @param gone told of each connection that was removed
     */
    PeerLinks(
            ServerLimits.Connections limits,
            Tally tally,
            Predicate<Peer> stillKnown,
            Consumer<PeerLink> finished,
            Consumer<PeerLink> gone) {
        this.limits = limits;
        this.tally = tally;
        this.stillKnown = stillKnown;
        this.finished = finished;
        this.gone = gone;
    }

    synchronized int size() {
        return all.size();
    }

    /** Bodies of several blocks that are under way, in both directions. */
    long transfers() {
        long now = System.nanoTime();
        return snapshot().stream()
                .mapToLong(link -> link.uploads().open(now) + link.downloads().open(now))
                .sum();
    }

    synchronized List<PeerLink> snapshot() {
        return new ArrayList<>(all);
    }

    /** Those that are established, oldest first. */
    List<Connected> connected() {
        return snapshot().stream()
                .flatMap(link -> link.use().of(link).stream())
                .sorted(Comparator.comparingLong(Connected::id))
                .toList();
    }

    synchronized boolean isInUse(String identity) {
        return byIdentity.containsKey(identity);
    }

    @Override
    public void onConnectionEstablished(Connection connection) {
        PeerLink.of(connection.getEstablishedPeerIdentity()).ifPresent(link -> {
            link.establishedOn(connection);
            link.proof().prove(connection.getPeerAddress());
            add(link).ifPresent(oldest -> {
                tally.connectionsReplaced.increment();
                finished.accept(oldest);
            });
            // Asked after it is listed: who revokes changes the directory first and walks the list then.
            if (!stillKnown.test(link.peer())) {
                finished.accept(link);
            }
        });
    }

    @Override
    public void onConnectionRemoved(Connection connection) {
        PeerLink.of(connection.getEstablishedPeerIdentity()).ifPresent(link -> {
            if (remove(link)) {
                gone.accept(link);
            }
        });
    }

    /** A peer's close_notify only marks a connection, which Scandium would keep. */
    @Override
    public void afterExecution(Connection connection) {
        if (connection.isClosed()) {
            PeerLink.of(connection.getEstablishedPeerIdentity()).ifPresent(finished);
        }
    }

    /** Lists a connection that is taken over, before anything can come on it; it is judged later. */
    void restored(Connection connection, PeerLink link) {
        link.establishedOn(connection);
        add(link);
    }

    /** Ends the connections of peers that are not known any more. */
    void judge() {
        for (PeerLink link : snapshot()) {
            if (!stillKnown.test(link.peer())) {
                finished.accept(link);
            }
        }
    }

    private synchronized Optional<PeerLink> add(PeerLink link) {
        if (!all.add(link)) {
            return Optional.empty();
        }
        Peer peer = link.peer();
        if (peer instanceof VoucherPeer) {
            byIdentity.put(((VoucherPeer) peer).identity(), link);
            return addLast(byVoucher, peer.handle(), link, limits.perVoucher());
        }
        return addLast(byKey, ((KeyPeer) peer).key(), link, limits.perKey());
    }

    /** Returns the oldest when there are too many. */
    private static <K> Optional<PeerLink> addLast(Map<K, Deque<PeerLink>> all, K owner, PeerLink link, int limit) {
        Deque<PeerLink> ofOwner = all.computeIfAbsent(owner, key -> new ArrayDeque<>());
        ofOwner.addLast(link);
        return ofOwner.size() > limit ? Optional.of(ofOwner.removeFirst()) : Optional.empty();
    }

    private static <K> void remove(Map<K, Deque<PeerLink>> all, K owner, PeerLink link) {
        all.computeIfPresent(owner, (key, links) -> {
            links.remove(link);
            return links.isEmpty() ? null : links;
        });
    }

    private synchronized boolean remove(PeerLink link) {
        if (!all.remove(link)) {
            return false;
        }
        Peer peer = link.peer();
        if (peer instanceof VoucherPeer) {
            byIdentity.remove(((VoucherPeer) peer).identity(), link);
            remove(byVoucher, peer.handle(), link);
        } else {
            remove(byKey, ((KeyPeer) peer).key(), link);
        }
        return true;
    }

    @Override
    public boolean onConnectionUpdatesSequenceNumbers(Connection connection, boolean writeSequenceNumber) {
        return false;
    }

    @Override
    public boolean onConnectionMacError(Connection connection) {
        return false;
    }

    @Override
    public void beforeExecution(Connection connection) {}

    @Override
    public void updateExecution(Connection connection) {}
}
