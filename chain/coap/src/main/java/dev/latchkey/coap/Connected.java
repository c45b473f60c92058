package dev.latchkey.coap;

import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.Objects;

/**
 * One established DTLS connection, as it was when somebody asked.
 *
 * @param id its number, rising, never given twice in this process
 * @param peer who is at its other end
 * @param address where its newest datagram came from
 * @param connectionId the connection ID (RFC 9146) by which this server knows it, in hexadecimal digits; empty if the peer uses
 *     none
 * @param cipherSuite its name in IANA's registry, TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8
 * @param since when its handshake was done
 * @param lastRequest when its newest request came, {@code since} before the first
 * @param requests how many requests came, the refused ones too
 * @param observations how many of its observations run
 */
public record Connected(
        long id,
        Peer peer,
        InetSocketAddress address,
        String connectionId,
        String cipherSuite,
        Instant since,
        Instant lastRequest,
        long requests,
        int observations) {
    public Connected {
        Objects.requireNonNull(peer);
        Objects.requireNonNull(address);
        Objects.requireNonNull(connectionId);
        Objects.requireNonNull(cipherSuite);
        Objects.requireNonNull(since);
        Objects.requireNonNull(lastRequest);
    }
}
