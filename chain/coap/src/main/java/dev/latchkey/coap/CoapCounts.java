package dev.latchkey.coap;

/**
 * What a server has done and refused since its start, and what it holds now; immutable.
 *
 * @param hellosRefused ClientHellos beyond the rate, dropped before they were looked at
 * @param handshakesBegun handshakes of peers that proved their address
 * @param handshakesCompleted of these, those that came to a connection
 * @param handshakesFailed those that did not: wrong keys, broken flights, peers that went silent
 * @param handshakesRefused those for which there was no room
 * @param handshakesPending those under way now
 * @param connectionsRefused keys and vouchers that the directory does not know, or that are in use
 * @param connectionsReplaced connections ended because their key or voucher had too many
 * @param connectionsExpired connections ended because nothing came on them for too long
 * @param recordsReceived datagrams that came
 * @param recordsDropped of these, and of the records in them, what was dropped unread: garbage, unknown connections,
 *     repetitions, no room
 * @param macErrors records that did not authenticate
 * @param requests whole requests of peers
 * @param notifications notifications sent to observers
 * @param rateLimited requests answered with 4.29
 * @param overloaded requests answered with 5.03 because too many of all peers were unanswered
 * @param uploadsRefused blocks of uploads beyond a peer's share
 * @param observationsRefused observations beyond a peer's share or that of all
 * @param requestsInFlight requests that are not answered yet, now
 * @param observations running observations, now
 * @param transfers bodies held for block-wise transfer, now
 */
public record CoapCounts(
        long hellosRefused,
        long handshakesBegun,
        long handshakesCompleted,
        long handshakesFailed,
        long handshakesRefused,
        long handshakesPending,
        long connectionsRefused,
        long connectionsReplaced,
        long connectionsExpired,
        long recordsReceived,
        long recordsDropped,
        long macErrors,
        long requests,
        long notifications,
        long rateLimited,
        long overloaded,
        long uploadsRefused,
        long observationsRefused,
        long requestsInFlight,
        long observations,
        long transfers) {}
