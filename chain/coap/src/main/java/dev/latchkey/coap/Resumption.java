package dev.latchkey.coap;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.coap.ConnectionArchive.Content;
import dev.latchkey.coap.ConnectionArchive.Observing;
import dev.latchkey.cose.CoseKey;
import java.io.IOException;
import java.security.Principal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.eclipse.californium.core.coap.CoAP.Type;
import org.eclipse.californium.core.coap.Message;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.network.Endpoint;
import org.eclipse.californium.core.network.Exchange;
import org.eclipse.californium.core.network.serialization.UdpDataParser;
import org.eclipse.californium.core.network.serialization.UdpDataSerializer;
import org.eclipse.californium.elements.MapBasedEndpointContext.Attributes;
import org.eclipse.californium.elements.auth.PreSharedKeyIdentity;
import org.eclipse.californium.elements.auth.RawPublicKeyIdentity;
import org.eclipse.californium.scandium.dtls.Connection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a server goes on with the connections of the one before it: those whose peers the directory still knows, with their
 * observations. The others get close_notify as soon as there is a socket. For one thread.
 */
final class Resumption {
    private static final Logger LOG = LoggerFactory.getLogger(Resumption.class);

    /** A request without body; larger ones were never observed. */
    private static final int MAX_REQUEST_BYTES = 65_535;

    private final List<Connection> refused = new ArrayList<>();
    private final Map<Bytes, PeerLink> taken = new HashMap<>();
    private List<Observing> observing = List.of();

    /** Who a restored connection belongs to, asked of the directory anew: the handshake was another process's. */
    static Optional<Peer> peer(Principal principal, PeerDirectory directory) {
        if (principal instanceof RawPublicKeyIdentity) {
            return JceKeys.fromPublic(((RawPublicKeyIdentity) principal).getKey())
                    .flatMap(key -> directory.byKey(key).map(handle -> new KeyPeer(key, handle)));
        }
        if (principal instanceof PreSharedKeyIdentity) {
            String identity = ((PreSharedKeyIdentity) principal).getIdentity();
            return directory.byIdentity(identity).map(grant -> new VoucherPeer(identity, grant.handle()));
        }
        return Optional.empty();
    }

    /** Before the connector starts. What cannot be loaded is given up: its peers make new handshakes. */
    void load(
            SavedConnections saved,
            ServerConnector connector,
            int connectionIdLength,
            CoseKey identity,
            PeerLinks links,
            Observations observations) {
        try {
            Content content = ConnectionArchive.load(saved, connector, connectionIdLength, identity);
            observations.countFrom(content.notificationNumber());
            observing = content.observing();
        } catch (IOException e) {
            LOG.warn("the saved connections cannot be taken over", e);
            return;
        }
        for (Connection connection : connector.connections()) {
            Optional<PeerLink> link = PeerLink.of(connection.getEstablishedPeerIdentity());
            if (link.isPresent()) {
                links.restored(connection, link.get());
                taken.put(connectionId(connection), link.get());
            } else {
                refused.add(connection);
            }
        }
    }

    /**
     * When the connector has started.
     *
     * @param end ends a connection with close_notify
     */
    void begin(Endpoint endpoint, Intake intake, Executor executor, Consumer<Connection> end) {
        refused.forEach(end);
        for (Observing one : observing) {
            Optional.ofNullable(taken.get(one.connectionId()))
                    .ifPresent(link -> observe(link, one.request(), endpoint, intake, executor));
        }
        if (!taken.isEmpty() || !refused.isEmpty()) {
            LOG.atInfo()
                    .addKeyValue("connections", taken.size())
                    .addKeyValue("refused", refused.size())
                    .addKeyValue("observations", observing.size())
                    .log("connections are taken over");
        }
    }

    private static void observe(PeerLink link, Bytes message, Endpoint endpoint, Intake intake, Executor executor) {
        Connection connection = link.connection().orElseThrow();
        Message parsed = new UdpDataParser().parseMessage(message.toArray());
        if (!(parsed instanceof Request)) {
            return;
        }
        Request request = (Request) parsed;
        request.setType(Type.CON);
        // So that what is sent first is a confirmable notification and no answer to a message of long ago.
        request.setAcknowledged(true);
        request.setSourceContext(connection.getReadContext(new Attributes(), endpoint.getAddress()));
        Exchange exchange = new Exchange(request, link, Exchange.Origin.REMOTE, executor);
        exchange.setEndpoint(endpoint);
        exchange.execute(() -> {
            try {
                intake.resume(exchange, link);
            } catch (RefusedRequestException e) {
                LOG.debug("an observation is not taken over", e);
            }
        });
    }

    /** What the observations of these connections are, for the next server. */
    static List<Observing> observing(List<PeerLink> links) {
        List<Observing> all = new ArrayList<>();
        for (PeerLink link : links) {
            for (ServerObservation observation : link.observations().values()) {
                byte[] request = new UdpDataSerializer()
                        .getByteArray(observation.getExchange().getRequest());
                if (link.connection().isPresent() && request.length <= MAX_REQUEST_BYTES) {
                    all.add(new Observing(connectionId(link.connection().get()), Bytes.wrap(request)));
                }
            }
        }
        return all;
    }

    private static Bytes connectionId(Connection connection) {
        return Bytes.of(connection.getConnectionId().getBytes());
    }
}
