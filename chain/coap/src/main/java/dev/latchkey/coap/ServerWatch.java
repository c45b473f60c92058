package dev.latchkey.coap;

import dev.latchkey.cose.CoseKey;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.californium.elements.auth.RawPublicKeyIdentity;
import org.eclipse.californium.scandium.ConnectionListener;
import org.eclipse.californium.scandium.dtls.Connection;

/** Keeps the key of the server that a client is connected to, and tells when that connection begins and ends; thread-safe. */
final class ServerWatch implements ConnectionListener {
    private final Runnable established;
    private final Runnable ended;
    private volatile Connection current;
    private volatile CoseKey key;
    private final AtomicLong handshakes = new AtomicLong();

    ServerWatch(Runnable established, Runnable ended) {
        this.established = established;
        this.ended = ended;
    }

    long handshakes() {
        return handshakes.get();
    }

    Optional<CoseKey> serverKey() {
        return Optional.ofNullable(key);
    }

    @Override
    public void onConnectionEstablished(Connection connection) {
        if (connection.getEstablishedPeerIdentity() instanceof RawPublicKeyIdentity) {
            RawPublicKeyIdentity server = (RawPublicKeyIdentity) connection.getEstablishedPeerIdentity();
            key = JceKeys.fromPublic(server.getKey()).orElse(null);
        }
        current = connection;
        handshakes.incrementAndGet();
        established.run();
    }

    @Override
    public void onConnectionRemoved(Connection connection) {
        ended(connection);
    }

    /** The server's close_notify only marks a connection. */
    @Override
    public void afterExecution(Connection connection) {
        if (connection.isClosed()) {
            ended(connection);
        }
    }

    private void ended(Connection connection) {
        if (connection == current) {
            current = null;
            ended.run();
        }
    }

    @Override
    public boolean onConnectionUpdatesSequenceNumbers(Connection connection, boolean writeSequenceNumber) {
        return false;
    }

    @Override
    public boolean onConnectionMacError(Connection connection) {
        return false;
    }

    @Override
    public void beforeExecution(Connection connection) {}

    @Override
    public void updateExecution(Connection connection) {}
}
