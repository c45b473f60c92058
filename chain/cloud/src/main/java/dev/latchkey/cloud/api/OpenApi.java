package dev.latchkey.cloud.api;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cloud.http.Answer;
import dev.latchkey.cloud.http.Route;
import dev.latchkey.console.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/**
 * The API's document (OpenAPI 3.1), made from the routes that the server has, so that it cannot lack one. Immutable.
 */
final class OpenApi {
    static final String PATH = "/v1/openapi.json";

    private static final List<String> OF_ALL = List.of(
            "400 malformed", "429 too-many-requests", "431 headers-too-large", "500 internal", "503 overloaded");
    private static final List<String> OF_BODIES =
            List.of("408 too-slow", "413 too-large", "415 unsupported-media-type");

    private final Bytes document;

    private OpenApi(Bytes document) {
        this.document = document;
    }

    /** These routes and the one of their document. */
    static List<Route> documented(List<Route> routes) {
        CompletableFuture<OpenApi> made = new CompletableFuture<>();
        List<Route> all = new ArrayList<>(routes);
        all.add(Route.of("GET", PATH, call -> made.thenApply(OpenApi::answer)));
        made.complete(of(all));
        return List.copyOf(all);
    }

    static OpenApi of(List<Route> routes) {
        Map<String, Object> paths = new TreeMap<>();
        for (Route route : routes) {
            @SuppressWarnings("unchecked")
            Map<String, Object> path =
                    (Map<String, Object>) paths.computeIfAbsent(route.template(), template -> new TreeMap<>());
            path.put(route.method().toLowerCase(Locale.ROOT), operation(route));
        }
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("openapi", "3.1.0");
        document.put("info", info());
        document.put("servers", List.of(Map.of("url", "/")));
        document.put("security", List.of(Map.of("key", List.of()), Map.of()));
        document.put("paths", paths);
        document.put("components", components());
        return new OpenApi(Bytes.utf8(Json.pretty(document) + "\n"));
    }

    private Answer answer() {
        return new Answer.Whole(200, MediaTypes.JSON, Map.of("Cache-Control", "no-cache"), document);
    }

    private static Map<String, Object> info() {
        Map<String, Object> info = new LinkedHashMap<>();
        info.put("title", "Latchkey cloud node");
        info.put("version", "1");
        info.put(
                "description",
                "Bodies are CBOR (chain/WIRE.md). GET answers as JSON for people to Accept: application/json."
                        + " Clients are known by the key of their TLS certificate, which they sign themselves.");
        return info;
    }

    private static Map<String, Object> operation(Route route) {
        RouteDoc doc =
                RouteDocs.of(route).orElse(RouteDoc.of(route.method() + " " + route.template(), "not documented"));
        Map<String, Object> operation = new LinkedHashMap<>();
        operation.put("operationId", id(route));
        operation.put("summary", doc.summary());
        operation.put("description", "For " + doc.whom() + ".");
        operation.put("parameters", parameters(route, doc));
        if (route.maxBodyBytes() > 0) {
            Map<String, Object> types = new TreeMap<>();
            RequestBodies.TYPES.forEach(type -> types.put(type, binary(route.maxBodyBytes())));
            operation.put("requestBody", Map.of("required", true, "content", types));
        }
        operation.put("responses", responses(route, doc));
        return operation;
    }

    private static String id(Route route) {
        return (route.method().toLowerCase(Locale.ROOT) + route.template().replaceAll("[^a-z0-9]+", "-"))
                .replaceAll("-$", "");
    }

    private static Map<String, Object> binary(int maxBytes) {
        return Map.of("schema", Map.of("type", "string", "contentEncoding", "binary", "maxLength", maxBytes));
    }

    private static List<Object> parameters(Route route, RouteDoc doc) {
        List<Object> parameters = new ArrayList<>();
        for (String segment : route.path()) {
            if (segment.startsWith("{")) {
                String name = segment.substring(1, segment.length() - 1);
                parameters.add(parameter(name, "path", true, name.equals("c") ? "a chain id in hexadecimal" : name));
            }
        }
        doc.query().forEach((name, meaning) -> {
            boolean required = name.endsWith("*");
            parameters.add(
                    parameter(required ? name.substring(0, name.length() - 1) : name, "query", required, meaning));
        });
        if (doc.whom().contains(MailboxEndpoints.TICKET_HEADER)) {
            parameters.add(parameter(
                    MailboxEndpoints.TICKET_HEADER,
                    "header",
                    false,
                    "the owner's serve ticket, base64url, no padding"));
        }
        return parameters;
    }

    private static Map<String, Object> parameter(String name, String in, boolean required, String meaning) {
        Map<String, Object> parameter = new LinkedHashMap<>();
        parameter.put("name", name);
        parameter.put("in", in);
        parameter.put("required", required);
        parameter.put("description", meaning);
        parameter.put("schema", Map.of("type", "string"));
        return parameter;
    }

    private static Map<String, Object> responses(Route route, RouteDoc doc) {
        Map<String, Object> responses = new TreeMap<>();
        doc.answers().forEach((status, types) -> responses.put(status.toString(), good(route, status, types)));
        Map<String, List<String>> problems = new TreeMap<>();
        List<String> names = new ArrayList<>(OF_ALL);
        names.addAll(doc.problems());
        if (route.maxBodyBytes() > 0) {
            names.addAll(OF_BODIES);
        }
        for (String name : names) {
            String[] parts = name.split(" ");
            problems.computeIfAbsent(parts[0], status -> new ArrayList<>()).add(parts[1]);
        }
        problems.forEach((status, codes) -> responses.put(status, problem(status, codes)));
        return responses;
    }

    private static Map<String, Object> good(Route route, int status, List<String> types) {
        Map<String, Object> content = new TreeMap<>();
        types.forEach(type -> content.put(type, Map.of()));
        if (route.method().equals("GET") && types.stream().anyMatch(type -> type.startsWith("application/c"))) {
            content.put(MediaTypes.JSON, Map.of());
        }
        Map<String, Object> response = new LinkedHashMap<>();
        response.put("description", status == 304 ? "the client has it already" : "done");
        if (!content.isEmpty()) {
            response.put("content", content);
        }
        return response;
    }

    private static Map<String, Object> problem(String status, List<String> codes) {
        List<String> texts = codes.stream()
                .map(code -> code + ": " + ProblemTypes.text(status + " " + code))
                .toList();
        Map<String, Object> schema = Map.of(
                "allOf",
                List.of(
                        Map.of("$ref", "#/components/schemas/Problem"),
                        Map.of("properties", Map.of("title", Map.of("enum", codes)))));
        Map<String, Object> response = new LinkedHashMap<>();
        response.put("description", String.join("; ", texts));
        response.put("content", problemContent(schema));
        return response;
    }

    private static Map<String, Object> problemContent(Object schema) {
        Map<String, Object> content = new LinkedHashMap<>();
        content.put(MediaTypes.PROBLEM_JSON, Map.of("schema", schema));
        content.put(MediaTypes.PROBLEM_CBOR, Map.of("schema", Map.of("description", "RFC 9290: -1 title, -2 detail")));
        return content;
    }

    private static Map<String, Object> components() {
        Map<String, Object> problem = new LinkedHashMap<>();
        problem.put("type", "object");
        problem.put("description", "RFC 9457");
        problem.put("required", List.of("type", "title", "status", "detail"));
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put("type", Map.of("type", "string", "format", "uri-reference"));
        properties.put("title", Map.of("type", "string"));
        properties.put("status", Map.of("type", "integer"));
        properties.put("detail", Map.of("type", "string"));
        problem.put("properties", properties);
        Map<String, Object> responses = new LinkedHashMap<>();
        for (String name : ProblemTypes.names()) {
            Map<String, Object> response = new LinkedHashMap<>();
            response.put("description", ProblemTypes.text(name));
            response.put("content", problemContent(Map.of("$ref", "#/components/schemas/Problem")));
            responses.put(ProblemTypes.key(name), response);
        }
        Map<String, Object> components = new LinkedHashMap<>();
        components.put("schemas", Map.of("Problem", problem));
        components.put("responses", responses);
        components.put(
                "securitySchemes",
                Map.of("key", Map.of("type", "mutualTLS", "description", "a self-signed certificate of a chain key")));
        return components;
    }
}
