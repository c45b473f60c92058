package dev.latchkey.coap;

import java.time.Duration;

/**
 * How a client sends and how long it waits.
 *
 * @param connectionIdLength bytes of the connection ID that the server shall use towards this client (RFC 9146): 0 asks
 *     for none but lets the server have its own, which is what follows a client behind NAT
 * @param maxBody largest body it takes, in bytes
 * @param ackTimeout first wait for an acknowledgement, doubled at each try (RFC 7252, ACK_TIMEOUT)
 * @param maxRetransmit repetitions of an unacknowledged request, 1 or more (RFC 7252, MAX_RETRANSMIT)
 * @param requestTimeout longest wait for a response in all
 * @param handshakeTimeout first wait for a handshake flight, doubled at each try
 * @param handshakeRetransmissions repetitions of a handshake flight
 */
public record ClientOptions(
        int connectionIdLength,
        int maxBody,
        Duration ackTimeout,
        int maxRetransmit,
        Duration requestTimeout,
        Duration handshakeTimeout,
        int handshakeRetransmissions) {
    /** No client CID, 64 KiB bodies, the times of RFC 7252, section 4.8, and of RFC 6347, section 4.2.4.1. */
    public static final ClientOptions DEFAULT =
            new ClientOptions(0, 65_536, Duration.ofSeconds(2), 4, Duration.ofSeconds(93), Duration.ofSeconds(2), 4);

    public ClientOptions {
        if (connectionIdLength < 0 || connectionIdLength > 20) {
            throw new IllegalArgumentException("a connection ID has 0 to 20 bytes here");
        }
        if (maxBody < 1 || maxRetransmit < 1 || handshakeRetransmissions < 1) {
            throw new IllegalArgumentException("a limit of the client is out of range");
        }
        requirePositive(ackTimeout);
        requirePositive(requestTimeout);
        requirePositive(handshakeTimeout);
    }

    public ClientOptions withConnectionIdLength(int bytes) {
        return new ClientOptions(
                bytes, maxBody, ackTimeout, maxRetransmit, requestTimeout, handshakeTimeout, handshakeRetransmissions);
    }

    public ClientOptions withMaxBody(int bytes) {
        return new ClientOptions(
                connectionIdLength,
                bytes,
                ackTimeout,
                maxRetransmit,
                requestTimeout,
                handshakeTimeout,
                handshakeRetransmissions);
    }

    /** Retransmission of confirmable requests. */
    public ClientOptions withRetransmission(Duration firstWait, int times) {
        return new ClientOptions(
                connectionIdLength,
                maxBody,
                firstWait,
                times,
                requestTimeout,
                handshakeTimeout,
                handshakeRetransmissions);
    }

    public ClientOptions withRequestTimeout(Duration longest) {
        return new ClientOptions(
                connectionIdLength,
                maxBody,
                ackTimeout,
                maxRetransmit,
                longest,
                handshakeTimeout,
                handshakeRetransmissions);
    }

    /** Retransmission of handshake flights. */
    public ClientOptions withHandshake(Duration firstWait, int times) {
        return new ClientOptions(
                connectionIdLength, maxBody, ackTimeout, maxRetransmit, requestTimeout, firstWait, times);
    }

    private static void requirePositive(Duration wait) {
        if (wait.isNegative() || wait.isZero()) {
            throw new IllegalArgumentException("a wait of the client is not positive");
        }
    }
}
