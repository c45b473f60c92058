package dev.latchkey.cloud.api;

import dev.latchkey.cloud.http.Refusal;
import dev.latchkey.cloud.http.Route;
import java.util.Locale;
import java.util.Set;

/** What the Content-Type of a request may say. Stateless. All bodies are CBOR, so a client may also say nothing. */
final class RequestBodies {
    static final Set<String> TYPES =
            Set.of(MediaTypes.CBOR, MediaTypes.CBOR_SEQUENCE, "application/cose", "application/octet-stream");

    private RequestBodies() {}

    /** The route, which refuses other bodies before they are read. */
    static Route of(Route route) {
        if (route.maxBodyBytes() == 0) {
            return route;
        }
        Route.Gate gate = (call, bytes) -> {
            String type = call.header().apply("Content-Type").orElse(MediaTypes.CBOR);
            String bare = type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
            if (!TYPES.contains(bare)) {
                throw new Refusal(415, "unsupported-media-type", "bodies are CBOR: say application/cbor, or nothing");
            }
            route.gate().pass(call, bytes);
        };
        return new Route(route.method(), route.path(), route.maxBodyBytes(), gate, route.endpoint());
    }
}
