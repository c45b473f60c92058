package dev.latchkey.cloud.http;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One method on one resource. Immutable.
 *
 * @param method the HTTP method
 * @param path the segments of the path; one in braces is a variable
 * @param maxBodyBytes the largest body taken; 0 if there is none
 * @param gate refuses calls before their body is read; must answer from memory
 * @param endpoint who answers
 */
public record Route(String method, List<String> path, int maxBodyBytes, Gate gate, Endpoint endpoint) {
    /** Refuses calls, whose body is still empty, by throwing. */
    @FunctionalInterface
    public interface Gate {
        /** Lets the call pass, or throws a {@link Refusal}; {@code bodyBytes} is what the client says will come, or -1. */
        void pass(Call call, long bodyBytes);
    }

    /** A route without a request body. */
    public static Route of(String method, String path, Endpoint endpoint) {
        return new Route(method, segments(path), 0, (call, bytes) -> {}, endpoint);
    }

    /** A route with a request body, which is read only from those whom the gate lets pass. */
    public static Route of(String method, String path, int maxBodyBytes, Gate gate, Endpoint endpoint) {
        return new Route(method, segments(path), maxBodyBytes, gate, endpoint);
    }

    /** The path as in the API's documents: {@code /v1/chains/{c}}. */
    public String template() {
        return "/" + String.join("/", path);
    }

    static List<String> segments(String path) {
        return List.of((path.startsWith("/") ? path.substring(1) : path).split("/", -1));
    }

    /** The variables, if the path is this route's. */
    Optional<Map<String, String>> match(List<String> asked) {
        if (asked.size() != path.size()) {
            return Optional.empty();
        }
        Map<String, String> variables = new HashMap<>();
        for (int i = 0; i < asked.size(); i++) {
            String expected = path.get(i);
            if (expected.startsWith("{")) {
                variables.put(expected.substring(1, expected.length() - 1), asked.get(i));
            } else if (!expected.equals(asked.get(i))) {
                return Optional.empty();
            }
        }
        return Optional.of(variables);
    }

    int literals() {
        return (int) path.stream().filter(segment -> !segment.startsWith("{")).count();
    }
}
