package dev.latchkey.gateway.admin;

import dev.latchkey.coap.CoapRequest;
import dev.latchkey.coap.CoapResponse;
import dev.latchkey.coap.LinkAttributes;
import dev.latchkey.coap.Method;
import dev.latchkey.gateway.replica.MemberHandle;
import dev.latchkey.gateway.tree.Access;
import dev.latchkey.gateway.tree.Problems;
import dev.latchkey.protocol.ContentFormat;
import java.time.Clock;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code /a/s}: who is connected, in pages by number; {@code /a/s/{id}}: one connection, and its end with DELETE. */
public final class SessionsResource implements AdminResource {
    private static final Logger LOG = LoggerFactory.getLogger(SessionsResource.class);

    private final Supplier<Endpoints> endpoints;
    private final Supplier<List<AdminChain>> chains;
    private final Clock clock;

    public SessionsResource(Supplier<Endpoints> endpoints, Supplier<List<AdminChain>> chains, Clock clock) {
        this.endpoints = endpoints;
        this.chains = chains;
        this.clock = clock;
    }

    @Override
    public void addTo(AdminRoutes routes) {
        routes.route(
                        AdminTree.SESSIONS,
                        Method.GET,
                        (request, admin) -> Access.answer(page(request)),
                        LinkAttributes.type("latchkey.sessions", ContentFormat.CBOR, ContentFormat.JSON))
                .route(AdminTree.SESSIONS + "/{id}", Method.GET, (request, admin) -> Access.answer(one(request)))
                .route(
                        AdminTree.SESSIONS + "/{id}",
                        Method.DELETE,
                        (request, admin) -> Access.answer(close(request, admin)));
    }

    private CoapResponse page(CoapRequest request) {
        OptionalLong from = Page.from(request);
        if (from.isEmpty()) {
            return Problems.of("malformed");
        }
        long now = clock.millis();
        List<SessionRow> rows = endpoints.get().sessions().stream()
                .filter(row -> row.connected().id() >= from.getAsLong())
                .limit(Page.ROWS + 1)
                .toList();
        return Values.answer(
                request, Page.of("sessions", rows, row -> row.connected().id(), row -> row.values(now, chains.get())));
    }

    private CoapResponse one(CoapRequest request) {
        OptionalLong id = Page.number(request.variable("id"));
        return endpoints.get().sessions().stream()
                .filter(row -> id.isPresent() && row.connected().id() == id.getAsLong())
                .findFirst()
                .map(row -> Values.answer(request, row.values(clock.millis(), chains.get())))
                .orElseGet(() -> Problems.of("unknown-connection"));
    }

    private CoapResponse close(CoapRequest request, MemberHandle admin) {
        OptionalLong id = Page.number(request.variable("id"));
        if (id.isEmpty() || !endpoints.get().close(id.getAsLong())) {
            return Problems.of("unknown-connection");
        }
        LOG.atInfo()
                .addKeyValue("connection", id.getAsLong())
                .addKeyValue("admin", admin.name())
                .log("an administrator closed a connection");
        return CoapResponse.deleted();
    }
}
