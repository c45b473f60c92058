package dev.latchkey.cloud.http;

import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * The bounds of the HTTPS server. Immutable.
 *
 * @param listen where to listen; port 0 takes a free one
 * @param maxConnections connections at one time; further ones wait in the operating system's queue
 * @param maxStreams open streamed answers
 * @param maxBodyBytesInFlight bytes of request bodies that are being read or worked on, all together
 * @param idleTimeout a connection or stream on which nothing moves is closed after this
 */
public record HttpsSettings(
        InetSocketAddress listen,
        int maxConnections,
        int maxStreams,
        long maxBodyBytesInFlight,
        Duration idleTimeout) {}
