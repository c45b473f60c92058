package dev.latchkey.gateway.tree;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.coap.CoapRequest;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/** What stands in queries and paths. Numbers: 0 to 2^53-1 in their shortest form, nothing else. */
final class Parameters {
    private static final Pattern NUMBER = Pattern.compile("0|[1-9][0-9]{0,14}");

    private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");

    private Parameters() {}

    /** A digest in hexadecimal digits, empty if the text is none. */
    static Optional<Digest> digest(String text) {
        return DIGEST.matcher(text).matches() ? Optional.of(Digest.of(Bytes.fromHex(text))) : Optional.empty();
    }

    /** A number, empty if the text is none. */
    static OptionalLong number(String text) {
        return NUMBER.matcher(text).matches() ? OptionalLong.of(Long.parseLong(text)) : OptionalLong.empty();
    }

    /** A query parameter's number or, if it is not given, another; empty if it is given and no number. */
    static OptionalLong number(CoapRequest request, String name, long otherwise) {
        return request.parameter(name).map(Parameters::number).orElse(OptionalLong.of(otherwise));
    }
}
