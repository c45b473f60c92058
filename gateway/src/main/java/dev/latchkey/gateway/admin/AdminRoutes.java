package dev.latchkey.gateway.admin;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.coap.CoapsServer;
import dev.latchkey.coap.LinkAttributes;
import dev.latchkey.coap.Method;
import dev.latchkey.gateway.tree.Access;
import dev.latchkey.gateway.tree.Access.MemberHandler;
import dev.latchkey.transaction.Role;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The routes of the admin endpoint: each is for current members with role admin, whoever adds it; for one thread. */
public final class AdminRoutes {
    private final List<Route> routes = new ArrayList<>();

    private record Route(
            String path, Method method, boolean observable, MemberHandler handler, LinkAttributes attributes) {
        boolean isLink() {
            return path.indexOf('{') < 0 && attributes.listed();
        }
    }

    AdminRoutes() {}

    /**
     * One method of a resource.
     *
     * @param path "/a/s/{id}": a segment in braces stands for any one
     * @param attributes what the index says of it; a path with a segment in braces is not shown there
     */
    public AdminRoutes route(String path, Method method, MemberHandler handler, LinkAttributes attributes) {
        routes.add(new Route(path, method, false, handler, attributes));
        return this;
    }

    /** One method more of a resource that is in the index already, or need not be. */
    public AdminRoutes route(String path, Method method, MemberHandler handler) {
        return route(path, method, handler, LinkAttributes.HIDDEN);
    }

    /** A GET that may be observed (RFC 7641); {@link CoapsServer#changed} tells its observers. */
    public AdminRoutes observable(String path, MemberHandler handler, LinkAttributes attributes) {
        routes.add(new Route(path, Method.GET, true, handler, attributes));
        return this;
    }

    /** The links, in the order in which they were added (RFC 6690); a path with several methods stands once. */
    Bytes index() {
        Map<String, String> links = new LinkedHashMap<>();
        routes.stream().filter(Route::isLink).forEach(route -> links.putIfAbsent(route.path(), link(route)));
        return Bytes.utf8(String.join(",", links.values()));
    }

    /** Adds all of them to a server, with the check of the role before each; its own links show none of them. */
    CoapsServer.Builder addTo(CoapsServer.Builder server) {
        for (Route route : routes) {
            if (route.observable()) {
                server.observable(route.path(), Access.role(Role.ADMIN, route.handler()), LinkAttributes.HIDDEN);
            } else {
                server.route(
                        route.path(), route.method(), Access.role(Role.ADMIN, route.handler()), LinkAttributes.HIDDEN);
            }
        }
        return server;
    }

    private static String link(Route route) {
        StringBuilder link = new StringBuilder("<").append(route.path()).append('>');
        route.attributes()
                .resourceType()
                .ifPresent(type -> link.append(";rt=\"").append(type).append('"'));
        List<Integer> formats = route.attributes().contentFormats();
        if (!formats.isEmpty()) {
            link.append(";ct=\"")
                    .append(formats.stream().map(String::valueOf).collect(Collectors.joining(" ")))
                    .append('"');
        }
        return link.append(route.observable() ? ";obs" : "").toString();
    }
}
