package dev.latchkey.gateway.admin;

import dev.latchkey.coap.CoapRequest;
import dev.latchkey.coap.CoapResponse;
import dev.latchkey.coap.LinkAttributes;
import dev.latchkey.coap.Method;
import dev.latchkey.gateway.tree.Access;
import dev.latchkey.gateway.tree.Problems;
import dev.latchkey.protocol.ContentFormat;
import dev.latchkey.senml.Pack;
import java.util.OptionalInt;
import java.util.function.Supplier;

/** {@code /a/mx}: what the gateway measures of itself, as SenML (RFC 8428), in the names that Prometheus knows. */
public final class MetricsResource implements AdminResource {
    /** From which chain on the metrics are asked for. */
    static final String FROM = "from";

    /** application/senml+json. */
    private static final int SENML_JSON = 110;

    private static final int MAX_DIGITS = 9;

    private final Supplier<GatewayStatus> status;

    public MetricsResource(Supplier<GatewayStatus> status) {
        this.status = status;
    }

    @Override
    public void addTo(AdminRoutes routes) {
        routes.route(
                AdminTree.METRICS,
                Method.GET,
                (request, admin) -> Access.answer(metrics(request)),
                LinkAttributes.type("latchkey.metrics", ContentFormat.SENML_CBOR, SENML_JSON));
    }

    /** A pack; {@code from} is the number of the first chain in it, in the order of the settings. */
    private CoapResponse metrics(CoapRequest request) {
        OptionalInt accept = request.accept();
        boolean json = accept.isPresent() && accept.getAsInt() == SENML_JSON;
        if (!json && accept.isPresent() && accept.getAsInt() != ContentFormat.SENML_CBOR) {
            return Problems.of("not-acceptable");
        }
        String from = request.parameter(FROM).orElse("0");
        if (!from.matches("[0-9]{1," + MAX_DIGITS + "}")) {
            return Problems.of("malformed");
        }
        Pack pack = GatewayFigures.pack(status.get(), Long.parseLong(from));
        return json
                ? CoapResponse.content(SENML_JSON, pack.toJson())
                : CoapResponse.content(ContentFormat.SENML_CBOR, pack.toCbor());
    }
}
