package dev.latchkey.gateway.admin;

import static dev.latchkey.gateway.tree.Access.answer;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.coap.CoapRequest;
import dev.latchkey.coap.CoapResponse;
import dev.latchkey.coap.CoapsServer;
import dev.latchkey.coap.LinkAttributes;
import dev.latchkey.coap.Method;
import dev.latchkey.console.Json;
import dev.latchkey.gateway.tree.Access;
import dev.latchkey.gateway.tree.Problems;
import dev.latchkey.protocol.ContentFormat;
import dev.latchkey.senml.Pack;
import dev.latchkey.transaction.Role;
import java.util.OptionalInt;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** The resources of the admin endpoint; each is for members with role admin and answers anybody else with 4.03. */
public final class AdminTree {
    /** Of the status, for notifications. */
    public static final String STATUS = "/a/st";

    /** Of the metrics. */
    static final String METRICS = "/a/mx";

    /** From which chain on the metrics are asked for. */
    static final String FROM = "from";

    /** application/senml+json. */
    private static final int SENML_JSON = 110;

    private static final int MAX_DIGITS = 9;
    private static final Bytes INDEX = Bytes.utf8(
            "</a/st>;rt=\"latchkey.status\";ct=\"60 50\";obs," + "</a/mx>;rt=\"latchkey.metrics\";ct=\"112 110\"");

    private final Supplier<GatewayStatus> status;

    public AdminTree(Supplier<GatewayStatus> status) {
        this.status = status;
    }

    /** Adds the routes to a server. */
    public CoapsServer.Builder addTo(CoapsServer.Builder server) {
        return server.route(
                        "/a",
                        Method.GET,
                        Access.role(
                                Role.ADMIN,
                                (request, admin) -> answer(CoapResponse.content(ContentFormat.LINK_FORMAT, INDEX))),
                        LinkAttributes.type("latchkey.admin", ContentFormat.LINK_FORMAT))
                .route(
                        METRICS,
                        Method.GET,
                        Access.role(Role.ADMIN, (request, admin) -> metrics(request)),
                        LinkAttributes.HIDDEN)
                .observable(
                        STATUS, Access.role(Role.ADMIN, (request, admin) -> status(request)), LinkAttributes.HIDDEN);
    }

    private CompletionStage<CoapResponse> status(CoapRequest request) {
        OptionalInt accept = request.accept();
        if (accept.isEmpty() || accept.getAsInt() == ContentFormat.CBOR) {
            return answer(CoapResponse.content(ContentFormat.CBOR, status.get().encode()));
        }
        if (accept.getAsInt() == ContentFormat.JSON) {
            return answer(CoapResponse.content(
                    ContentFormat.JSON, Bytes.utf8(Json.text(status.get().values()))));
        }
        return answer(Problems.of("not-acceptable"));
    }

    /** A SenML pack (RFC 8428); {@code from} is the number of the first chain in it, in the order of the settings. */
    private CompletionStage<CoapResponse> metrics(CoapRequest request) {
        OptionalInt accept = request.accept();
        boolean json = accept.isPresent() && accept.getAsInt() == SENML_JSON;
        if (!json && accept.isPresent() && accept.getAsInt() != ContentFormat.SENML_CBOR) {
            return answer(Problems.of("not-acceptable"));
        }
        String from = request.parameter(FROM).orElse("0");
        if (!from.matches("[0-9]{1," + MAX_DIGITS + "}")) {
            return answer(Problems.of("malformed"));
        }
        Pack pack = GatewayFigures.pack(status.get(), Long.parseLong(from));
        return answer(
                json
                        ? CoapResponse.content(SENML_JSON, pack.toJson())
                        : CoapResponse.content(ContentFormat.SENML_CBOR, pack.toCbor()));
    }
}
