package dev.latchkey.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.protocol.Problem;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;

/** The OpenAPI document of a running node, against which answers are held. Thread-safe. */
final class ApiDocument {
    private final Map<String, Object> document;
    private final Set<String> seen = new ConcurrentSkipListSet<>();

    /** One method of one path of the document. */
    record Operation(String method, String template, Map<String, Object> body) {}

    ApiDocument(byte[] json) throws Exception {
        this.document = JsonTree.map(JsonTree.read(json));
    }

    Map<String, Object> root() {
        return document;
    }

    List<Operation> operations() {
        List<Operation> operations = new ArrayList<>();
        JsonTree.map(document.get("paths"))
                .forEach((template, path) -> JsonTree.map(path)
                        .forEach((method, body) -> operations.add(
                                new Operation(method.toUpperCase(Locale.ROOT), template, JsonTree.map(body)))));
        return operations;
    }

    /** Every problem there is, as {@code "404 unknown-chain"}. */
    Set<String> problems() {
        Set<String> problems = new TreeSet<>();
        JsonTree.map(JsonTree.map(document.get("components")).get("responses"))
                .keySet()
                .forEach(key -> problems.add(key.replaceFirst("-", " ")));
        return problems;
    }

    /** What was answered so far, as {@code "GET /v1/chains 200 application/cbor"}. */
    Set<String> seen() {
        return seen;
    }

    /** Fails if the document does not say that this can be the answer. */
    void check(String method, String path, HttpResponse<byte[]> answer) {
        int status = answer.statusCode();
        String type = answer.headers().firstValue("Content-Type").orElse("");
        String what = method + " " + path + ": " + status + " " + type;
        Optional<Operation> operation = operation(method, path);
        Map<String, Object> responses =
                operation.isPresent() ? JsonTree.map(operation.get().body().get("responses")) : Map.of();
        String code = status < 400 || method.equals("HEAD") ? "" : code(answer, type);
        if (method.equals("HEAD")) {
            assertThat(status).as(what).isIn(404, 405, 429);
            return;
        }
        if (operation.isEmpty() || status == 405) {
            assertThat(List.of("404 not-found", "405 method-not-allowed", "400 malformed", "429 too-many-requests"))
                    .as(what)
                    .contains(status + " " + code);
            return;
        }
        assertThat(responses).as(what).containsKey(Integer.toString(status));
        Map<String, Object> response = JsonTree.map(responses.get(Integer.toString(status)));
        if (!response.containsKey("content")) {
            assertThat(answer.body()).as(what).isEmpty();
        } else {
            Map<String, Object> content = JsonTree.map(response.get("content"));
            assertThat(content).as(what).containsKey(type);
            if (status >= 400) {
                assertThat(codes(content)).as(what).contains(code);
            }
        }
        seen.add(method + " " + operation.get().template() + " " + status + " " + (status < 400 ? type : code));
    }

    /** The codes that a documented problem can have. */
    static List<Object> codes(Map<String, Object> content) {
        Map<String, Object> schema = JsonTree.map(
                JsonTree.map(content.get("application/problem+json")).get("schema"));
        Map<String, Object> narrowed =
                JsonTree.map(JsonTree.list(schema.get("allOf")).get(1));
        return JsonTree.list(
                JsonTree.map(JsonTree.map(narrowed.get("properties")).get("title"))
                        .get("enum"));
    }

    private static String code(HttpResponse<byte[]> answer, String type) {
        try {
            if (type.equals("application/problem+json")) {
                return (String) JsonTree.map(JsonTree.read(answer.body())).get("title");
            }
            return Problem.decode(Bytes.wrap(answer.body())).code();
        } catch (Exception e) {
            throw new AssertionError("a refusal without a problem: " + answer.statusCode() + " " + type, e);
        }
    }

    private Optional<Operation> operation(String method, String path) {
        return operations().stream()
                .filter(each -> each.method().equals(method) && isOf(path, each.template()))
                .findFirst();
    }

    private static boolean isOf(String path, String template) {
        String pattern = template.replaceAll("\\{[a-z]+}", "[^/]+").replace(".", "\\.");
        boolean fits = path.matches(pattern);
        // of two routes that fit the one with the word is meant
        return fits && !(path.endsWith("/follow") && template.endsWith("/{name}") && template.contains("mailboxes"));
    }
}
