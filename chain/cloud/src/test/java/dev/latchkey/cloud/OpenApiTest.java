package dev.latchkey.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.protocol.TransactionAnswer.Accepted;
import dev.latchkey.transaction.Identity;
import dev.latchkey.transaction.SignedTransaction;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The API's document is sound, and says what the running node does. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OpenApiTest {
    private static final Path ROOT = Path.of(System.getProperty("latchkey.root"));
    private static final Pattern ROW = Pattern.compile("^\\| ([45][0-9]{2}) \\| ([a-z, -]+) \\|.*");
    private static final Pattern MADE =
            Pattern.compile("(?:new Refusal|new Problem)\\(\\s*([0-9]{3}),\\s*\"([a-z-]+)\"");

    private final TestNetwork network = new TestNetwork();
    private final Identity member = Identity.generate(TestNetwork.RANDOM);
    private CloudNode node;
    private TestClient gateway;
    private TestClient owner;
    private ApiDocument document;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        node = network.start(directory);
        gateway = new TestClient(network, node.address(), network.gateway.dtls());
        owner = new TestClient(network, node.address(), member.dtls());
        document = new ApiDocument(gateway.get("/v1/openapi.json").body());
    }

    @AfterAll
    void stop() {
        node.close();
    }

    @Test
    void itHasTheFormOfAnOpenApiDocument() {
        Map<String, Object> root = document.root();
        assertThat(root.get("openapi")).isEqualTo("3.1.0");
        assertThat(JsonTree.map(root.get("info"))).containsKeys("title", "version");
        Set<Object> ids = new TreeSet<>();
        for (ApiDocument.Operation operation : document.operations()) {
            String what = operation.method() + " " + operation.template();
            assertThat(ids.add(operation.body().get("operationId"))).as(what).isTrue();
            assertThat(operation.body().get("description")).as(what).isNotEqualTo("For not documented.");
            Set<String> inPath = new TreeSet<>();
            for (Object each : JsonTree.list(operation.body().get("parameters"))) {
                Map<String, Object> parameter = JsonTree.map(each);
                assertThat(parameter).as(what).containsKeys("name", "in", "required", "schema");
                if (parameter.get("in").equals("path")) {
                    inPath.add("{" + parameter.get("name") + "}");
                }
            }
            Matcher variables = Pattern.compile("\\{[a-z]+}").matcher(operation.template());
            assertThat(inPath)
                    .as(what)
                    .isEqualTo(new TreeSet<>(
                            variables.results().map(found -> found.group()).toList()));
            assertThat(operation.body().containsKey("requestBody"))
                    .as(what)
                    .isEqualTo(operation.method().equals("POST"));
        }
        assertReferencesLead(root, root);
    }

    private static void assertReferencesLead(Map<String, Object> root, Object value) {
        if (value instanceof Map<?, ?> map) {
            Object reference = map.get("$ref");
            if (reference != null) {
                Object target = root;
                for (String step : reference.toString().substring(2).split("/")) {
                    target = JsonTree.map(target).get(step);
                    assertThat(target).as("%s", reference).isNotNull();
                }
            }
            map.values().forEach(each -> assertReferencesLead(root, each));
        } else if (value instanceof List<?> list) {
            list.forEach(each -> assertReferencesLead(root, each));
        }
    }

    @Test
    void everyProblemOfEveryOperationIsAProblemTypeOfTheReadmeToo() throws Exception {
        Set<String> types = problemTypes();
        for (ApiDocument.Operation operation : document.operations()) {
            JsonTree.map(operation.body().get("responses")).forEach((status, response) -> {
                if (status.compareTo("400") >= 0) {
                    ApiDocument.codes(JsonTree.map(JsonTree.map(response).get("content")))
                            .forEach(code -> assertThat(types).contains(status + "-" + code));
                }
            });
        }
        Set<String> rows = new TreeSet<>();
        for (String line : Files.readAllLines(ROOT.resolve("chain/cloud/README.md"))) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                for (String code : row.group(2).split(", ")) {
                    rows.add(row.group(1) + "-" + code);
                }
            }
        }
        assertThat(rows).isEqualTo(types);
    }

    @Test
    void everyRefusalInTheSourcesIsAProblemType() throws Exception {
        Set<String> types = problemTypes();
        int found = 0;
        for (String room : List.of("http", "api")) {
            try (Stream<Path> files = Files.list(
                    ROOT.resolve("chain/cloud/src/main/java/dev/latchkey/cloud").resolve(room))) {
                for (Path file : files.toList()) {
                    Matcher made = MADE.matcher(Files.readString(file));
                    while (made.find()) {
                        assertThat(types).as("%s", file).contains(made.group(1) + "-" + made.group(2));
                        found++;
                    }
                }
            }
        }
        assertThat(found).isGreaterThan(10);
    }

    private Set<String> problemTypes() {
        return new TreeSet<>(
                JsonTree.map(JsonTree.map(document.root().get("components")).get("responses"))
                        .keySet());
    }

    @Test
    void everyProblemNamesItsPlaceInTheDocument() throws Exception {
        HttpResponse<byte[]> problem = gateway.send(gateway.request("/v1/chains/" + "00".repeat(32))
                .header("Accept", "application/json")
                .GET()
                .build());
        Map<String, Object> members = JsonTree.map(JsonTree.read(problem.body()));
        assertThat(members.get("type")).isEqualTo("/v1/openapi.json#/components/responses/404-unknown-chain");
        assertThat(problemTypes()).contains("404-unknown-chain");
    }

    @Test
    void everyGoodAnswerThatIsDocumentedIsGivenInEachOfItsForms() throws Exception {
        SignedTransaction join = network.join("owner", member, network.voucher());
        Accepted accepted = (Accepted) owner.submit(join).get(0);
        TestNetwork further = network.sibling("tacoma");
        assertThat(gateway.post("/v1/chains", further.genesis.encode()).statusCode())
                .isEqualTo(201);
        List<String> paths = new ArrayList<>(List.of(
                "/healthz",
                "/readyz",
                "/metrics",
                "/v1/openapi.json",
                "/v1/cluster",
                "/v1/chains",
                "/v1/chains/{c}",
                "/v1/chains/{c}/policy",
                "/v1/chains/{c}/checkpoint",
                "/v1/chains/{c}/blocks?from=0",
                "/v1/chains/{c}/keys?names=owner",
                "/v1/chains/{c}/keys/owner",
                "/v1/chains/{c}/keys/owner/history",
                "/v1/chains/{c}/consistency?a=0",
                "/v1/chains/{c}/headers/0"));
        String receipt = "/v1/chains/{c}/receipts/" + accepted.transactionId().toHex();
        paths.add(receipt);
        paths.add(receipt + "?form=cose");
        for (String path : paths) {
            both(gateway, path);
        }
        both(new TestClient(network, node.address(), network.tls), "/v1/backup");
        both(owner, "/v1/mailboxes/{c}/owner");
        both(owner, "/v1/mailboxes/{c}/owner/state");
        String tag = gateway.get("/v1/chains/{c}/blocks?from=0&to=0")
                .headers()
                .firstValue("ETag")
                .orElseThrow();
        HttpResponse<byte[]> held = gateway.send(gateway.request("/v1/chains/{c}/blocks?from=0&to=0")
                .header("If-None-Match", tag)
                .GET()
                .build());
        assertThat(held.statusCode()).isEqualTo(304);
        owner.send(owner.request("/v1/mailboxes/{c}/owner?upto=0").DELETE().build());
        Set<String> missing = new TreeSet<>();
        for (ApiDocument.Operation operation : gateway.document().operations()) {
            JsonTree.map(operation.body().get("responses")).forEach((status, response) -> {
                if (status.compareTo("400") < 0) {
                    Object content = JsonTree.map(response).get("content");
                    Set<String> types =
                            content == null ? Set.of("") : JsonTree.map(content).keySet();
                    types.forEach(type ->
                            missing.add(operation.method() + " " + operation.template() + " " + status + " " + type));
                }
            });
        }
        missing.removeAll(gateway.document().seen());
        // in other tests, each with its whole course, through the same check; those of a cluster by its commands
        assertThat(missing)
                .isSubsetOf(
                        "DELETE /v1/cluster/{group}/members/{id} 204 ",
                        "POST /v1/cluster/{group}/entries 200 application/cbor",
                        "POST /v1/cluster/{group}/leader 204 ",
                        "POST /v1/cluster/{group}/marks 200 application/cbor",
                        "POST /v1/cluster/{group}/members 204 ",
                        "POST /v1/chains/{c}/cosignatures 204 ",
                        "POST /v1/chains/{c}/signatures 200 application/cbor",
                        "POST /v1/chains/{c}/evidence 204 ",
                        "POST /v1/mailboxes/{c}/follow 200 application/cbor-seq",
                        "POST /v1/messages 200 application/cbor");
    }

    private static void both(TestClient client, String path) throws Exception {
        for (String accept : List.of("*/*", "application/json")) {
            HttpResponse<byte[]> answer = client.send(
                    client.request(path).header("Accept", accept).GET().build());
            assertThat(answer.statusCode()).as("%s %s", path, accept).isEqualTo(200);
            String type = answer.headers().firstValue("Content-Type").orElseThrow();
            if (type.equals("application/json")) {
                assertThat(JsonTree.read(answer.body())).as(path).isNotNull();
            } else {
                assertThat(accept.equals("application/json") && type.contains("cbor"))
                        .as(path)
                        .isFalse();
            }
        }
    }

    @Test
    void aRangeOfBlocksNeverChangesAndIsKept() throws Exception {
        String path = "/v1/chains/{c}/blocks?from=0&to=0";
        HttpResponse<byte[]> first = gateway.get(path);
        gateway.submit(network.join("d-later", Identity.generate(TestNetwork.RANDOM), network.voucher()));
        HttpResponse<byte[]> later = gateway.get(path);
        assertThat(later.body()).isEqualTo(first.body());
        assertThat(later.headers().firstValue("ETag")).isEqualTo(first.headers().firstValue("ETag"));
        assertThat(first.headers().firstValue("Cache-Control").orElse("")).contains("immutable");
        assertThat(Cbor.decodeSequence(Bytes.wrap(first.body()), 1 << 20)).hasSize(1);
        assertThat(TestClient.code(gateway.get("/v1/chains/{c}/blocks?from=0&to=999")))
                .isEqualTo("unknown-height");
        assertThat(TestClient.code(gateway.get("/v1/chains/{c}/blocks?from=1&to=0")))
                .isEqualTo("malformed");
        HttpResponse<byte[]> json = gateway.send(gateway.request(path)
                .header("Accept", "application/json")
                .header("If-None-Match", first.headers().firstValue("ETag").orElseThrow())
                .GET()
                .build());
        assertThat(json.statusCode()).as("another form is another thing").isEqualTo(200);
        assertThat(json.headers().firstValue("ETag"))
                .isNotEqualTo(first.headers().firstValue("ETag"));
        Map<String, Object> block =
                JsonTree.map(JsonTree.list(JsonTree.read(json.body())).get(0));
        assertThat(block.get("height")).isEqualTo(0L);
    }

    @Test
    void aBodyThatSaysItIsNoCborIsRefused() throws Exception, IOException {
        HttpRequest request = gateway.request("/v1/chains/{c}/transactions")
                .header("Content-Type", "application/json; charset=utf-8")
                .POST(BodyPublishers.ofString("{}"))
                .build();
        HttpResponse<byte[]> answer = gateway.send(request);
        assertThat(answer.statusCode()).isEqualTo(415);
        assertThat(TestClient.code(answer)).isEqualTo("unsupported-media-type");
    }

    @Test
    void anotherMethodIsToldWhichThereAre() throws Exception {
        HttpResponse<byte[]> answer = gateway.post("/v1/chains/{c}", Bytes.EMPTY);
        assertThat(answer.headers().firstValue("Allow")).contains("GET");
    }

    /** A name that begins with an underscore goes on from the one before it in the same row. */
    @Test
    void everyFigureStandsInTheReadme() throws Exception {
        gateway.get("/v1/chains/{c}");
        gateway.get("/nothing");
        List<String> known = new ArrayList<>();
        Pattern name = Pattern.compile("`(latchkey_|_)([a-z_]+)(\\{[a-z,]+})?`");
        for (String line : Files.readAllLines(ROOT.resolve("chain/cloud/README.md"))) {
            String before = "";
            Matcher each = name.matcher(line);
            while (each.find()) {
                before = each.group(1).equals("_") ? before : "latchkey_" + each.group(2);
                known.add(each.group(1).equals("_") ? each.group(2) : before);
            }
        }
        String text = new String(gateway.get("/metrics").body());
        List<String> served = text.lines()
                .filter(line -> line.startsWith("# TYPE latchkey_"))
                .map(line -> line.split(" ")[2])
                .toList();
        assertThat(served).hasSizeGreaterThan(10);
        assertThat(served)
                .allMatch(figure -> known.contains(figure)
                        || known.stream().anyMatch(tail -> !tail.startsWith("latchkey_") && figure.endsWith(tail)));
    }
}
