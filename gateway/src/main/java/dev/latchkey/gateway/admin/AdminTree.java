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
import dev.latchkey.transaction.Role;
import java.util.OptionalInt;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** The resources of the admin endpoint; each is for members with role admin and answers anybody else with 4.03. */
public final class AdminTree {
    /** Of the status, for notifications. */
    public static final String STATUS = "/a/st";

    private static final Bytes INDEX = Bytes.utf8("</a/st>;rt=\"latchkey.status\";ct=\"60 50\";obs");

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
}
