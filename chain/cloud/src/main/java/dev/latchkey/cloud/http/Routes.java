package dev.latchkey.cloud.http;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All routes of a server. Immutable. Of two routes that fit, the one with more literal segments is meant. */
final class Routes {
    private final List<Route> routes;

    Routes(List<Route> routes) {
        this.routes = routes.stream()
                .sorted(Comparator.comparingInt(Route::literals).reversed())
                .toList();
    }

    record Found(Route route, Map<String, String> variables) {}

    /**
     * The route for a method and a path.
     *
     * @throws Refusal 404 not-found or 405 method-not-allowed
     */
    Found find(String method, String path) {
        List<String> segments = Route.segments(path);
        List<String> methods = new ArrayList<>();
        for (Route route : routes) {
            Optional<Map<String, String>> variables = route.match(segments);
            if (variables.isPresent()) {
                methods.add(route.method());
                if (route.method().equals(method)) {
                    return new Found(route, variables.get());
                }
            }
        }
        throw methods.isEmpty()
                ? Refusal.notFound("not-found", "there is no such resource")
                : Refusal.otherMethods(methods);
    }
}
