package dev.latchkey.gateway.admin;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.coap.CoapResponse;
import dev.latchkey.coap.CoapsServer;
import dev.latchkey.coap.LinkAttributes;
import dev.latchkey.coap.Method;
import dev.latchkey.gateway.tree.Access;
import dev.latchkey.protocol.ContentFormat;
import dev.latchkey.transaction.Role;
import java.util.List;

/** The resources of the admin endpoint; each is for members with role admin and answers anybody else with 4.03. */
public final class AdminTree {
    /** Of the status, for notifications. */
    public static final String STATUS = "/a/st";

    /** Of the metrics. */
    static final String METRICS = "/a/mx";

    /** Of the DTLS connections. */
    static final String SESSIONS = "/a/s";

    /** Of the members that were seen. */
    static final String DEVICES = "/a/d";

    /** Of the queue to the cloud. */
    static final String QUEUE = "/a/q";

    /** Of the chains. */
    static final String CHAINS = "/a/n";

    /** Of witnesses and evidence. */
    static final String WITNESSES = "/a/w";

    private static final String INDEX = "/a";

    private final AdminRoutes routes = new AdminRoutes();

    /** @param resources what stands in the index, in this order */
    public AdminTree(List<AdminResource> resources) {
        resources.forEach(resource -> resource.addTo(routes));
    }

    /** Adds the routes, and the index of them, to a server. */
    public CoapsServer.Builder addTo(CoapsServer.Builder server) {
        Bytes index = routes.index();
        return routes.addTo(server)
                .route(
                        INDEX,
                        Method.GET,
                        Access.role(
                                Role.ADMIN,
                                (request, admin) ->
                                        Access.answer(CoapResponse.content(ContentFormat.LINK_FORMAT, index))),
                        LinkAttributes.type("latchkey.admin", ContentFormat.LINK_FORMAT));
    }
}
