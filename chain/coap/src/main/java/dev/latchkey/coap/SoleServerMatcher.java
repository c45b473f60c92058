package dev.latchkey.coap;

import org.eclipse.californium.elements.EndpointContext;
import org.eclipse.californium.elements.EndpointContextMatcher;

/**
 * Matches a client's messages: it starts handshakes with one server only, answers none, and passes nothing on that came
 * outside one, so whatever arrives is that server's. Stateless.
 */
final class SoleServerMatcher implements EndpointContextMatcher {
    private static final Object SERVER = new Object();

    @Override
    public String getName() {
        return "sole server";
    }

    @Override
    public Object getEndpointIdentity(EndpointContext context) {
        return SERVER;
    }

    @Override
    public boolean isResponseRelatedToRequest(EndpointContext request, EndpointContext response) {
        return true;
    }

    @Override
    public boolean isToBeSent(EndpointContext message, EndpointContext connection) {
        return true;
    }

    @Override
    public String toRelevantState(EndpointContext context) {
        return "sole server";
    }
}
