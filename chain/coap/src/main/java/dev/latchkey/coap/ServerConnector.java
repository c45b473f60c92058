package dev.latchkey.coap;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import org.eclipse.californium.elements.DtlsEndpointContext;
import org.eclipse.californium.elements.EndpointContext;
import org.eclipse.californium.elements.MapBasedEndpointContext;
import org.eclipse.californium.elements.MapBasedEndpointContext.Attributes;
import org.eclipse.californium.elements.util.LimitedRunnable;
import org.eclipse.californium.scandium.DTLSConnector;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;
import org.eclipse.californium.scandium.dtls.Connection;
import org.eclipse.californium.scandium.dtls.ConnectionStore;

/**
 * Scandium's connector, less the answer to a handshake that {@link HandshakeWatch} refuses: told so, a client gives up,
 * and a fleet that comes back at once with it; untold, it repeats its flight later and later (RFC 6347, section 4.2.4)
 * until there is room.
 */
final class ServerConnector extends DTLSConnector {
    private static final int ALERT = 21;
    private static final int EPOCH_HIGH = 3;
    private static final int EPOCH_LOW = 4;
    private static final int DESCRIPTION = 14;
    private static final int ALERT_BYTES = 15;

    private final ConnectionStore store;
    private final Pressure pressure;

    ServerConnector(DtlsConnectorConfig config, Pressure pressure) {
        this(config, createConnectionStore(config), pressure);
    }

    private ServerConnector(DtlsConnectorConfig config, ConnectionStore store, Pressure pressure) {
        super(config, store);
        this.store = store;
        this.pressure = pressure;
    }

    @Override
    protected void receiveNextDatagramFromNetwork(DatagramPacket packet) throws IOException {
        pressure.awaitRoom(this::isRunning);
        super.receiveNextDatagramFromNetwork(packet);
    }

    @Override
    protected boolean executeInbound(Executor executor, InetSocketAddress peer, LimitedRunnable job) {
        return super.executeInbound(pressure.counting(executor), peer, job);
    }

    /** Its connections at this moment. */
    List<Connection> connections() {
        List<Connection> all = new ArrayList<>();
        store.iterator().forEachRemaining(all::add);
        return all;
    }

    @Override
    protected void sendNextDatagramOverNetwork(DatagramPacket datagram) throws IOException {
        if (!isRefusal(datagram.getData(), datagram.getOffset(), datagram.getLength())) {
            super.sendNextDatagramOverNetwork(datagram);
        }
    }

    /** An alert record of epoch 0, which is not encrypted. */
    private static boolean isRefusal(byte[] bytes, int offset, int length) {
        return length == ALERT_BYTES
                && bytes[offset] == ALERT
                && bytes[offset + EPOCH_HIGH] == 0
                && bytes[offset + EPOCH_LOW] == 0
                && bytes[offset + DESCRIPTION] == HandshakeWatch.REFUSAL.getCode();
    }

    /** Ends a connection, with close_notify. The future is done when it is removed. */
    Optional<Future<Void>> end(Connection connection) {
        InetSocketAddress address = connection.getPeerAddress();
        EndpointContext context = new MapBasedEndpointContext(
                address == null ? getAddress() : address,
                null,
                new Attributes().add(DtlsEndpointContext.KEY_READ_CONNECTION_ID, connection.getConnectionId()));
        try {
            if (address != null) {
                close(address);
            }
            return Optional.of(rejectAuthorization(context));
        } catch (RejectedExecutionException e) {
            // Its executor has stopped: it is being removed at this moment.
            return Optional.empty();
        }
    }
}
