package dev.latchkey.coap;

import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.californium.scandium.dtls.Connection;
import org.eclipse.californium.scandium.dtls.DTLSContext;

/** Since when a connection is there and how much came over it; safe for use by many threads, 64 bytes for each connection. */
final class LinkUse {
    private static final AtomicLong LAST_ID = new AtomicLong();

    private final long id = LAST_ID.incrementAndGet();
    private final long sinceMillis = System.currentTimeMillis();
    private final AtomicLong requests = new AtomicLong();
    private volatile long lastMillis = sinceMillis;

    long id() {
        return id;
    }

    /** A request came. */
    void request() {
        requests.incrementAndGet();
        lastMillis = System.currentTimeMillis();
    }

    /** Empty while the handshake runs, and when the connection is gone. */
    Optional<Connected> of(PeerLink link) {
        return link.connection().flatMap(connection -> of(link, connection));
    }

    private Optional<Connected> of(PeerLink link, Connection connection) {
        InetSocketAddress address = connection.getPeerAddress();
        DTLSContext context = connection.getEstablishedDtlsContext();
        if (address == null || context == null) {
            return Optional.empty();
        }
        return Optional.of(new Connected(
                id,
                link.peer(),
                address,
                connection.expectCid()
                        ? connection.getConnectionId().getAsString().toLowerCase(Locale.ROOT)
                        : "",
                context.getSession().getCipherSuite().name(),
                Instant.ofEpochMilli(sinceMillis),
                Instant.ofEpochMilli(lastMillis),
                requests.get(),
                link.observations().size()));
    }
}
