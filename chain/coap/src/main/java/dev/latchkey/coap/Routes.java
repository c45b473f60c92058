package dev.latchkey.coap;

import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** Finds the route of a request: of those that match, the one with the fewest variables. Immutable. */
final class Routes {
    private final List<Route> routes;

    /** Those without variables, which come before all others. */
    private final Map<Method, Map<List<String>, Match>> fixed = new EnumMap<>(Method.class);

    Routes(List<Route> routes) {
        this.routes = routes.stream()
                .sorted(Comparator.comparingInt(route -> route.pattern().variables()))
                .toList();
        for (Route route : this.routes) {
            if (route.pattern().variables() == 0) {
                fixed.computeIfAbsent(route.method(), method -> new HashMap<>())
                        .putIfAbsent(route.pattern().segments(), new Match(route, Map.of()));
            }
        }
    }

    /** A route and the variables of its path. */
    record Match(Route route, Map<String, String> variables) {}

    Optional<Match> find(Method method, List<String> path) {
        Match match = fixed.getOrDefault(method, Map.of()).get(path);
        return match != null ? Optional.of(match) : first(path, route -> route.method() == method);
    }

    boolean hasResource(List<String> path) {
        return first(path, route -> true).isPresent();
    }

    List<Route> all() {
        return routes;
    }

    private Optional<Match> first(List<String> path, Predicate<Route> wanted) {
        for (Route route : routes) {
            if (wanted.test(route)) {
                Optional<Map<String, String>> variables = route.pattern().match(path);
                if (variables.isPresent()) {
                    return Optional.of(new Match(route, variables.get()));
                }
            }
        }
        return Optional.empty();
    }
}
