package dev.latchkey.coap;

import dev.latchkey.bytes.Bytes;
import java.util.List;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.Response;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Our response as Californium's; stateless. */
final class ResponseWriter {
    private static final Logger LOG = LoggerFactory.getLogger(ResponseWriter.class);

    private ResponseWriter() {}

    /**
     * What CoAP cannot say (a code that nobody registered, a path segment beyond 255 bytes) goes out as 5.00.
     *
     * @param held the ETags of the request: a 2.05 with one of them goes out as 2.03 without body
     */
    static Response write(CoapResponse response, List<Bytes> held) {
        try {
            return convert(response, held);
        } catch (IllegalArgumentException e) {
            LOG.warn("a handler's response cannot be sent", e);
            return convert(Refusals.INTERNAL, List.of());
        }
    }

    private static Response convert(CoapResponse response, List<Bytes> held) {
        boolean stillValid = response.code().equals(Code.CONTENT)
                && response.etag().filter(held::contains).isPresent();
        Response written = new Response(stillValid ? ResponseCode.VALID : code(response.code()));
        if (!stillValid) {
            response.contentFormat().ifPresent(written.getOptions()::setContentFormat);
            written.setPayload(response.payload().toArray());
        }
        response.maxAgeSeconds().ifPresent(written.getOptions()::setMaxAge);
        response.etag().ifPresent(etag -> written.getOptions().addETag(etag.toArray()));
        response.locationPath().forEach(written.getOptions()::addLocationPath);
        return written;
    }

    private static ResponseCode code(Code code) {
        ResponseCode found = ResponseCode.valueOf(code.clazz() << 5 | code.detail());
        if (found.codeDetail != code.detail()) {
            throw new IllegalArgumentException("not a registered response code");
        }
        return found;
    }
}
