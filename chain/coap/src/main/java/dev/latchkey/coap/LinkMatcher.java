package dev.latchkey.coap;

import org.eclipse.californium.elements.EndpointContext;
import org.eclipse.californium.elements.EndpointContextMatcher;

/**
 * Matches a server's messages by DTLS connection, wherever its datagrams come from: observations, block-wise bodies and
 * repeated messages go on when the address of a device changes. Stateless.
 */
final class LinkMatcher implements EndpointContextMatcher {
    @Override
    public String getName() {
        return "connection";
    }

    @Override
    public Object getEndpointIdentity(EndpointContext context) {
        return link(context);
    }

    @Override
    public boolean isResponseRelatedToRequest(EndpointContext request, EndpointContext response) {
        return link(request) == link(response);
    }

    @Override
    public boolean isToBeSent(EndpointContext message, EndpointContext connection) {
        return connection != null && link(message) == link(connection);
    }

    @Override
    public String toRelevantState(EndpointContext context) {
        return "connection";
    }

    private static PeerLink link(EndpointContext context) {
        return PeerLink.of(context).orElseThrow(() -> new IllegalArgumentException("a message without a connection"));
    }
}
