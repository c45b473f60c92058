package dev.latchkey.coap;

import java.time.Duration;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * What peers of a server, and whoever sends to its port, can make grow, and how far; immutable. Each bound names the
 * reason for its default.
 */
public record ServerLimits(
        Handshakes handshakes, Connections connections, Requests requests, Observing observing, Transfers transfers) {

    /**
     * What somebody can have who has not proved a key.
     *
     * @param pending handshakes under way at once: at 1 to 6 ms of CPU each, a second or so of work. Further ones get no
     *     answer, so their clients repeat their flights later and later
     * @param pendingPerAddress of these from one IP address, or from one IPv6 network of 64 bits, so that one sender
     *     cannot have them all; a site behind one NAT fits in
     * @param longest a handshake that takes longer is given up. When there is no room, those that took a tenth of it
     *     make some, the oldest first
     * @param hellosPerSecond ClientHellos that are looked at, of all: about 20 us each. Before the cookie an address
     *     can be anybody's; what is beyond the rate is lost as it could be on the way, and comes again
     * @param hellosPerSecondPerAddress the same from one address
     */
    public record Handshakes(
            int pending, int pendingPerAddress, Duration longest, int hellosPerSecond, int hellosPerSecondPerAddress) {
        public Handshakes {
            check(pending, pendingPerAddress, hellosPerSecond, hellosPerSecondPerAddress);
            check(longest);
        }
    }

    /**
     * What a connection costs and how long it is kept.
     *
     * @param all DTLS connections kept at once, about 5 KB each, and up to 42 KB more for four minutes after requests,
     *     which are remembered for their repetitions; when full, only those quiet for 30 minutes make room
     * @param perKey connections of one public key; a new one ends the oldest, which is what a device leaves behind that
     *     lost its state
     * @param perVoucher the same of one voucher: a batch of devices that enrol with it at once
     * @param quietMember a member's connection on which nothing came for so long is ended; DTLS itself has no end
     * @param quietVoucher the same of a voucher's, whose holder comes once
     * @param forgeriesPerSecond records of one connection that do not authenticate: beyond it those from elsewhere than
     *     the peer's last address are dropped unread. The peer itself is never locked out
     */
    public record Connections(
            int all, int perKey, int perVoucher, Duration quietMember, Duration quietVoucher, int forgeriesPerSecond) {
        public Connections {
            check(all, perKey, perVoucher, forgeriesPerSecond);
            check(quietMember, quietVoucher);
        }
    }

    /**
     * Whole requests.
     *
     * @param perSecond lasting rate of one connection; beyond it 4.29. RFC 7252 allows about 265 new message ids a
     *     second, so an honest device never meets it for long
     * @param burst requests of one connection on top of the lasting rate
     * @param inFlight requests that handlers have not answered yet, of all peers; beyond it 5.03
     * @param inFlightPerPeer the same of one connection, so that one cannot have them all; beyond it 4.29
     * @param waiting datagrams that wait for a thread: beyond it they stay in the socket's buffer and what finds no room
     *     there is lost; when that lasts, each connection is told 5.03 now and then
     */
    public record Requests(int perSecond, int burst, int inFlight, int inFlightPerPeer, int waiting) {
        public Requests {
            check(perSecond, burst, inFlight, inFlightPerPeer, waiting);
        }
    }

    /**
     * Observations.
     *
     * @param all of all peers
     * @param perPeer of one connection; beyond either a GET is answered but not observed
     */
    public record Observing(int all, int perPeer) {
        public Observing {
            check(all, perPeer);
        }
    }

    /**
     * Bodies that travel block by block.
     *
     * @param all bodies held at once in each direction, each at most maxBody on its way in: bounds their memory
     * @param perPeer of one connection in each direction; beyond it uploads and FETCH are refused with 4.29, and answers to
     *     GET are made anew for each of their blocks
     * @param patience a body of which no further block came or was asked for is forgotten
     */
    public record Transfers(int all, int perPeer, Duration patience) {
        public Transfers {
            check(all, perPeer);
            check(patience);
        }
    }

    /** For a gateway with 512 MB of heap: 50,000 connections of which some 5,000 are busy. */
    public static final ServerLimits DEFAULT = new ServerLimits(
            new Handshakes(1_000, 500, Duration.ofSeconds(40), 10_000, 4_000),
            new Connections(50_000, 4, 256, Duration.ofDays(7), Duration.ofHours(1), 100),
            new Requests(500, 2_000, 10_000, 1_000, 1_000),
            new Observing(50_000, 16),
            new Transfers(1_024, 4, Duration.ofSeconds(60)));

    public ServerLimits {
        Objects.requireNonNull(handshakes);
        Objects.requireNonNull(connections);
        Objects.requireNonNull(requests);
        Objects.requireNonNull(observing);
        Objects.requireNonNull(transfers);
    }

    /** The same with other bounds on handshakes. */
    public ServerLimits with(Handshakes other) {
        return new ServerLimits(other, connections, requests, observing, transfers);
    }

    /** The same with other bounds on connections. */
    public ServerLimits with(Connections other) {
        return new ServerLimits(handshakes, other, requests, observing, transfers);
    }

    /** The same with other bounds on transfers. */
    public ServerLimits with(Transfers other) {
        return new ServerLimits(handshakes, connections, requests, observing, other);
    }

    /** The same with another rate for one peer. */
    public ServerLimits withPeerRate(int requestsPerSecond, int burst) {
        return with(
                new Requests(requestsPerSecond, burst, requests.inFlight, requests.inFlightPerPeer, requests.waiting));
    }

    /** The same with another bound on unanswered requests, in all and of one connection. */
    public ServerLimits withRequestsInFlight(int all, int perPeer) {
        return with(new Requests(requests.perSecond, requests.burst, all, perPeer, requests.waiting));
    }

    /** The same with another bound on datagrams that wait for a thread. */
    public ServerLimits withDatagramsWaiting(int datagrams) {
        return with(new Requests(
                requests.perSecond, requests.burst, requests.inFlight, requests.inFlightPerPeer, datagrams));
    }

    /** The same with another bound on handshakes under way, in all and from one address. */
    public ServerLimits withPendingHandshakes(int all) {
        return with(new Handshakes(
                all, all, handshakes.longest, handshakes.hellosPerSecond, handshakes.hellosPerSecondPerAddress));
    }

    /** The same with other bounds on connections, in all and of one key. */
    public ServerLimits withConnections(int all, int perKey) {
        return with(new Connections(
                all,
                perKey,
                connections.perVoucher,
                connections.quietMember,
                connections.quietVoucher,
                connections.forgeriesPerSecond));
    }

    private ServerLimits with(Requests other) {
        return new ServerLimits(handshakes, connections, other, observing, transfers);
    }

    private static void check(int... limits) {
        if (IntStream.of(limits).anyMatch(limit -> limit < 1)) {
            throw new IllegalArgumentException("a limit of the server is below 1");
        }
    }

    private static void check(Duration... limits) {
        for (Duration limit : limits) {
            if (limit.compareTo(Duration.ofMillis(1)) < 0) {
                throw new IllegalArgumentException("a time limit of the server is below 1 ms");
            }
        }
    }
}
