package dev.latchkey.coap;

import java.io.IOException;
import java.net.DatagramPacket;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.californium.scandium.DTLSConnector;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;
import org.eclipse.californium.scandium.dtls.Connection;
import org.eclipse.californium.scandium.dtls.ConnectionStore;

/**
 * Scandium's connector, less the answer to a handshake that {@link HandshakeLimit} refuses: told so, a client gives up,
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
                && bytes[offset + DESCRIPTION] == HandshakeLimit.REFUSAL.getCode();
    }
}
