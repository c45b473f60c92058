package dev.latchkey.coap;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import org.eclipse.californium.elements.DtlsEndpointContext;
import org.eclipse.californium.elements.EndpointContext;
import org.eclipse.californium.elements.MapBasedEndpointContext;
import org.eclipse.californium.elements.MapBasedEndpointContext.Attributes;
import org.eclipse.californium.scandium.DTLSConnector;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;
import org.eclipse.californium.scandium.dtls.Connection;
import org.eclipse.californium.scandium.dtls.ConnectionStore;

/**
 * Scandium's connector, less the answer to a handshake that {@link HandshakeWatch} refuses: told so, a client gives up,
 * and a fleet that comes back at once with it; untold, it repeats its flight later and later (RFC 6347, section 4.2.4)
 * until there is room.
 *
 * <p>Less also the third HelloVerifyRequest of a handshake: that is what Scandium answers to a client that has shown its
 * cookie when it has no room for the connection, and a client that answers at once would be asked as fast as the network
 * goes, up to 65,536 times. Two are asked in earnest: the second when the server's secret or the client's address changed.
 */
final class ServerConnector extends DTLSConnector {
    private static final int ALERT = 21;
    private static final int HANDSHAKE = 22;
    private static final int HELLO_VERIFY_REQUEST = 3;
    private static final int MESSAGE_TYPE = 13;
    private static final int MESSAGE_NUMBER_HIGH = 17;
    private static final int MESSAGE_NUMBER_LOW = 18;
    private static final int EPOCH_HIGH = 3;
    private static final int EPOCH_LOW = 4;
    private static final int DESCRIPTION = 14;
    private static final int ALERT_BYTES = 15;

    private final ConnectionStore store;

    ServerConnector(DtlsConnectorConfig config) {
        this(config, createConnectionStore(config));
    }

    private ServerConnector(DtlsConnectorConfig config, ConnectionStore store) {
        super(config, store);
        this.store = store;
    }

    /** Its connections at this moment. */
    List<Connection> connections() {
        List<Connection> all = new ArrayList<>();
        store.iterator().forEachRemaining(all::add);
        return all;
    }

    @Override
    protected void sendNextDatagramOverNetwork(DatagramPacket datagram) throws IOException {
        byte[] bytes = datagram.getData();
        if (!isRefusal(bytes, datagram.getOffset(), datagram.getLength())
                && !isRepeatedQuestion(bytes, datagram.getOffset(), datagram.getLength())) {
            super.sendNextDatagramOverNetwork(datagram);
        }
    }

    /** A HelloVerifyRequest whose number is above 1: it has the number of the ClientHello that it answers. */
    private static boolean isRepeatedQuestion(byte[] bytes, int offset, int length) {
        return length > MESSAGE_NUMBER_LOW
                && bytes[offset] == HANDSHAKE
                && bytes[offset + EPOCH_HIGH] == 0
                && bytes[offset + EPOCH_LOW] == 0
                && bytes[offset + MESSAGE_TYPE] == HELLO_VERIFY_REQUEST
                && (bytes[offset + MESSAGE_NUMBER_HIGH] != 0 || (bytes[offset + MESSAGE_NUMBER_LOW] & 0xff) > 1);
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
