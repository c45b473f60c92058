package dev.latchkey.gateway.admin;

import dev.latchkey.coap.LinkAttributes;
import dev.latchkey.gateway.tree.Access;
import dev.latchkey.protocol.ContentFormat;
import java.util.function.Supplier;

/** {@code /a/st}: how the gateway is, as a whole; observable. */
public final class StatusResource implements AdminResource {
    private final Supplier<GatewayStatus> status;

    public StatusResource(Supplier<GatewayStatus> status) {
        this.status = status;
    }

    @Override
    public void addTo(AdminRoutes routes) {
        routes.observable(
                AdminTree.STATUS,
                (request, admin) ->
                        Access.answer(Values.answer(request, status.get().values())),
                LinkAttributes.type("latchkey.status", ContentFormat.CBOR, ContentFormat.JSON));
    }
}
