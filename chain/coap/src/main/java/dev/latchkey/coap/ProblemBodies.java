package dev.latchkey.coap;

import dev.latchkey.protocol.ContentFormat;
import org.eclipse.californium.core.coap.EmptyMessage;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.network.interceptors.MessageInterceptor;

/**
 * Gives the errors that Californium answers by itself (malformed options, missing blocks, bodies beyond the limit) the
 * problem details that all our errors have, in place of its texts. Stateless.
 */
final class ProblemBodies implements MessageInterceptor {
    @Override
    public void sendResponse(Response response) {
        if (response.isInternal() && response.isError()) {
            CoapResponse refusal = Refusals.of(new Code(response.getCode().codeClass, response.getCode().codeDetail));
            response.getOptions().setContentFormat(ContentFormat.PROBLEM);
            response.setPayload(refusal.payload().toArray());
        }
    }

    @Override
    public void sendRequest(Request request) {}

    @Override
    public void sendEmptyMessage(EmptyMessage message) {}

    @Override
    public void receiveRequest(Request request) {}

    @Override
    public void receiveResponse(Response response) {}

    @Override
    public void receiveEmptyMessage(EmptyMessage message) {}
}
