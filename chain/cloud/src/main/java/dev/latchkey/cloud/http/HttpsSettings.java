package dev.latchkey.cloud.http;

import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * The bounds of the HTTPS server. Immutable.
 *
 * @param listen where to listen; port 0 takes a free one
 * @param maxConnections connections at one time; further ones wait in the operating system's queue
 * @param maxStreams open streamed answers
 * @param maxStreamsOfOne those of one client
 * @param maxBodyBytesInFlight bytes of request bodies that are being read or worked on, all together
 * @param idleTimeout a connection or stream on which nothing moves, and one without a request, is closed after this
 * @param requestTime a new connection has so long for handshake and headers, each request for its body
 * @param readerTime a client has so long to take an answer, or a piece of a stream
 * @param knownRate requests in a second of one member; twice as many at once
 * @param strangerRate requests in a second of one address whose key nobody knows; twice as many at once
 */
public record HttpsSettings(
        InetSocketAddress listen,
        int maxConnections,
        int maxStreams,
        int maxStreamsOfOne,
        long maxBodyBytesInFlight,
        Duration idleTimeout,
        Duration requestTime,
        Duration readerTime,
        int knownRate,
        int strangerRate) {

    /** Some bounds, and the defaults of the others. */
    public HttpsSettings(
            InetSocketAddress listen,
            int maxConnections,
            int maxStreams,
            long maxBodyBytesInFlight,
            Duration idleTimeout) {
        this(
                listen,
                maxConnections,
                maxStreams,
                128,
                maxBodyBytesInFlight,
                idleTimeout,
                Duration.ofSeconds(30),
                Duration.ofSeconds(60),
                1_000,
                100);
    }
}
