package dev.latchkey.coap;

import java.io.IOException;
import java.net.DatagramPacket;
import org.eclipse.californium.scandium.DTLSConnector;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;

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

    ServerConnector(DtlsConnectorConfig config) {
        super(config);
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
}
