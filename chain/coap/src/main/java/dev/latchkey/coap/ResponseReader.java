package dev.latchkey.coap;

import dev.latchkey.bytes.Bytes;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.eclipse.californium.core.coap.OptionSet;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.coap.option.StringOption;

/** Californium's response as ours; stateless. */
final class ResponseReader {
    private ResponseReader() {}

    /** Empty if a value is out of the bounds of RFC 7252. */
    static Optional<CoapResponse> read(Response response) {
        OptionSet options = response.getOptions();
        byte[] etag = options.getResponseEtag();
        try {
            return Optional.of(new CoapResponse(
                    new Code(response.getCode().codeClass, response.getCode().codeDetail),
                    options.hasContentFormat() ? OptionalInt.of(options.getContentFormat()) : OptionalInt.empty(),
                    Bytes.wrap(response.getPayload()),
                    options.hasMaxAge() ? OptionalLong.of(options.getMaxAge()) : OptionalLong.empty(),
                    etag == null ? Optional.empty() : Optional.of(Bytes.of(etag)),
                    options.getLocationPath().stream()
                            .map(StringOption::getStringValue)
                            .toList()));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
