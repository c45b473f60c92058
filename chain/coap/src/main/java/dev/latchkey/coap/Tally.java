package dev.latchkey.coap;

import java.util.concurrent.atomic.LongAdder;

/** What a server counts since its start; safe for use by many threads. The fields are those of {@link CoapCounts}. */
final class Tally {
    final LongAdder hellosRefused = new LongAdder();
    final LongAdder handshakesBegun = new LongAdder();
    final LongAdder handshakesCompleted = new LongAdder();
    final LongAdder handshakesFailed = new LongAdder();
    final LongAdder handshakesRefused = new LongAdder();
    final LongAdder connectionsRefused = new LongAdder();
    final LongAdder connectionsReplaced = new LongAdder();
    final LongAdder connectionsExpired = new LongAdder();
    final LongAdder recordsReceived = new LongAdder();
    final LongAdder recordsDropped = new LongAdder();
    final LongAdder macErrors = new LongAdder();
    final LongAdder requests = new LongAdder();
    final LongAdder notifications = new LongAdder();
    final LongAdder rateLimited = new LongAdder();
    final LongAdder overloaded = new LongAdder();
    final LongAdder uploadsRefused = new LongAdder();
    final LongAdder observationsRefused = new LongAdder();

    CoapCounts counts(long handshakesPending, long requestsInFlight, long observations, long transfers) {
        return new CoapCounts(
                hellosRefused.sum(),
                handshakesBegun.sum(),
                handshakesCompleted.sum(),
                handshakesFailed.sum(),
                handshakesRefused.sum(),
                handshakesPending,
                connectionsRefused.sum(),
                connectionsReplaced.sum(),
                connectionsExpired.sum(),
                recordsReceived.sum(),
                recordsDropped.sum(),
                macErrors.sum(),
                requests.sum(),
                notifications.sum(),
                rateLimited.sum(),
                overloaded.sum(),
                uploadsRefused.sum(),
                observationsRefused.sum(),
                requestsInFlight,
                observations,
                transfers);
    }
}
