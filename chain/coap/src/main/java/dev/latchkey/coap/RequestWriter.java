package dev.latchkey.coap;

import org.eclipse.californium.core.coap.CoAP;
import org.eclipse.californium.core.coap.CoAP.Type;
import org.eclipse.californium.core.coap.OptionSet;
import org.eclipse.californium.core.coap.Request;

/** Our request as Californium's; stateless. */
final class RequestWriter {
    private RequestWriter() {}

    static Request write(ClientRequest request) {
        Request written =
                new Request(CoAP.Code.valueOf(request.method().name()), request.confirmable() ? Type.CON : Type.NON);
        OptionSet options = written.getOptions();
        request.path().forEach(options::addUriPath);
        request.query().forEach((name, value) -> options.addUriQuery(value.isEmpty() ? name : name + "=" + value));
        request.contentFormat().ifPresent(options::setContentFormat);
        request.accept().ifPresent(options::setAccept);
        request.ifMatch().ifPresent(etag -> options.addIfMatch(etag.toArray()));
        request.etag().ifPresent(etag -> options.addETag(etag.toArray()));
        if (!request.payload().isEmpty()) {
            written.setPayload(request.payload().toArray());
        }
        return written;
    }
}
