package dev.latchkey.coap;

/**
 * What peers of a server can make grow, and how far; immutable. Each bound names the reason for its default.
 *
 * @param maxConnections DTLS connections kept at once, about 5 KB each, and up to 42 KB more for four minutes after
 *     requests, which are remembered for their repetitions; when full, only those quiet for 30 minutes make room
 * @param maxConnectionsPerKey connections of one public key; a new one ends the oldest, which is what a device
 *     leaves behind that lost its state
 * @param maxPendingHandshakes handshakes under way at once: at 1 to 6 ms of CPU each, a second or so of work. Further
 *     ones get no answer, so their clients repeat their flights later and later
 * @param requestsPerSecondPerPeer lasting rate of whole requests of one connection; beyond it 4.29. RFC 7252 allows
 *     about 265 new message ids a second, so an honest device never meets it for long
 * @param requestBurstPerPeer requests of one connection on top of the lasting rate
 * @param maxRequestsInFlight requests that handlers have not answered yet, of all peers; beyond it 5.03
 * @param maxObservations observations of all peers
 * @param maxObservationsPerPeer observations of one connection; beyond it a GET is answered but not observed
 * @param maxTransfers block-wise bodies held at once in each direction, each at most maxBody: bounds their memory
 * @param maxUploadsPerPeer block-wise uploads of one connection at once; beyond it 4.29
 */
public record ServerLimits(
        int maxConnections,
        int maxConnectionsPerKey,
        int maxPendingHandshakes,
        int requestsPerSecondPerPeer,
        int requestBurstPerPeer,
        int maxRequestsInFlight,
        int maxObservations,
        int maxObservationsPerPeer,
        int maxTransfers,
        int maxUploadsPerPeer) {
    /** For a gateway with 512 MB of heap: 50,000 connections of which some 5,000 are busy. */
    public static final ServerLimits DEFAULT =
            new ServerLimits(50_000, 4, 1_000, 500, 2_000, 10_000, 50_000, 16, 1_024, 4);

    public ServerLimits {
        int[] all = {
            maxConnections,
            maxConnectionsPerKey,
            maxPendingHandshakes,
            requestsPerSecondPerPeer,
            requestBurstPerPeer,
            maxRequestsInFlight,
            maxObservations,
            maxObservationsPerPeer,
            maxTransfers,
            maxUploadsPerPeer
        };
        for (int limit : all) {
            if (limit < 1) {
                throw new IllegalArgumentException("a limit of the server is below 1");
            }
        }
    }

    /** The same with another rate for one peer. */
    public ServerLimits withPeerRate(int requestsPerSecond, int burst) {
        return new ServerLimits(
                maxConnections,
                maxConnectionsPerKey,
                maxPendingHandshakes,
                requestsPerSecond,
                burst,
                maxRequestsInFlight,
                maxObservations,
                maxObservationsPerPeer,
                maxTransfers,
                maxUploadsPerPeer);
    }

    /** The same with another bound on unanswered requests. */
    public ServerLimits withRequestsInFlight(int requests) {
        return new ServerLimits(
                maxConnections,
                maxConnectionsPerKey,
                maxPendingHandshakes,
                requestsPerSecondPerPeer,
                requestBurstPerPeer,
                requests,
                maxObservations,
                maxObservationsPerPeer,
                maxTransfers,
                maxUploadsPerPeer);
    }

    /** The same with another bound on handshakes under way. */
    public ServerLimits withPendingHandshakes(int handshakes) {
        return new ServerLimits(
                maxConnections,
                maxConnectionsPerKey,
                handshakes,
                requestsPerSecondPerPeer,
                requestBurstPerPeer,
                maxRequestsInFlight,
                maxObservations,
                maxObservationsPerPeer,
                maxTransfers,
                maxUploadsPerPeer);
    }

    /** The same with other bounds on connections, in all and of one key. */
    public ServerLimits withConnections(int all, int perKey) {
        return new ServerLimits(
                all,
                perKey,
                maxPendingHandshakes,
                requestsPerSecondPerPeer,
                requestBurstPerPeer,
                maxRequestsInFlight,
                maxObservations,
                maxObservationsPerPeer,
                maxTransfers,
                maxUploadsPerPeer);
    }
}
