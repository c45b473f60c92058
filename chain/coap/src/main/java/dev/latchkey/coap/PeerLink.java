package dev.latchkey.coap;

import java.net.InetSocketAddress;
import java.security.Principal;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.californium.core.coap.Token;
import org.eclipse.californium.elements.EndpointContext;
import org.eclipse.californium.elements.auth.AdditionalInfo;
import org.eclipse.californium.elements.auth.ExtensiblePrincipal;
import org.eclipse.californium.scandium.dtls.Connection;

/**
 * One DTLS connection of a peer and what it has open; safe for use by many threads. It is what messages are told apart
 * by: RFC 7252, section 9.1.1, matches within a DTLS session, two devices with one voucher share nothing, and its hash
 * is the object's, where Scandium's principal would encode a public key for every look-up.
 */
final class PeerLink {
    private static final String INFO_KEY = "latchkey.link";
    private static final long COME_BACK_NANOS = TimeUnit.SECONDS.toNanos(Refusals.COME_BACK_SECONDS);

    private final Peer peer;
    private final TokenBucket bucket;
    private final Transfers uploads;
    private final Transfers downloads;
    private final AtomicInteger inFlight = new AtomicInteger();
    private final AtomicBoolean expired = new AtomicBoolean();
    private final LinkUse use = new LinkUse();
    private final AtomicLong toldAt = new AtomicLong(System.nanoTime() - COME_BACK_NANOS);
    private final Map<Token, ServerObservation> observations = new ConcurrentHashMap<>();
    private final AddressProof proof = new AddressProof();
    private volatile Connection connection;

    PeerLink(Peer peer, ServerLimits limits) {
        this.peer = peer;
        this.bucket =
                new TokenBucket(limits.requests().perSecond(), limits.requests().burst(), System.nanoTime());
        this.uploads = new Transfers(limits.transfers());
        this.downloads = new Transfers(limits.transfers());
    }

    /** The link that the handshake tied to the sender of a message. */
    static Optional<PeerLink> of(EndpointContext context) {
        return of(context.getPeerIdentity());
    }

    static Optional<PeerLink> of(Principal principal) {
        if (principal instanceof ExtensiblePrincipal) {
            AdditionalInfo info = ((ExtensiblePrincipal<?>) principal).getExtendedInfo();
            return Optional.ofNullable(info.get(INFO_KEY, PeerLink.class));
        }
        return Optional.empty();
    }

    AdditionalInfo info() {
        return AdditionalInfo.from(Map.of(INFO_KEY, this));
    }

    Peer peer() {
        return peer;
    }

    TokenBucket bucket() {
        return bucket;
    }

    Transfers uploads() {
        return uploads;
    }

    Transfers downloads() {
        return downloads;
    }

    /** Once: it takes a while until it is gone. */
    boolean expire() {
        return expired.compareAndSet(false, true);
    }

    /** Its requests that no handler has answered yet. */
    AtomicInteger inFlight() {
        return inFlight;
    }

    /** Whether this peer is to be told to come again later: once in the time for which it then keeps silent. */
    boolean mayBeTold(long nowNanos) {
        long before = toldAt.get();
        return nowNanos - before >= COME_BACK_NANOS && toldAt.compareAndSet(before, nowNanos);
    }

    LinkUse use() {
        return use;
    }

    Map<Token, ServerObservation> observations() {
        return observations;
    }

    AddressProof proof() {
        return proof;
    }

    /** Where the peer's newest record came from; null if that is not known any more. */
    InetSocketAddress address() {
        Connection known = connection;
        return known == null ? null : known.getPeerAddress();
    }

    void establishedOn(Connection established) {
        connection = established;
    }

    Optional<Connection> connection() {
        return Optional.ofNullable(connection);
    }
}
