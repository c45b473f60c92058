package dev.latchkey.gateway.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.coap.ClientRequest;
import dev.latchkey.gateway.GatewayNode;
import dev.latchkey.gateway.admin.GatewayFigures.Figure;
import dev.latchkey.gateway.harness.GatewayHarness;
import dev.latchkey.gateway.harness.TestCloud;
import dev.latchkey.gateway.harness.TestDevice;
import dev.latchkey.gateway.harness.TestGateway;
import dev.latchkey.gateway.harness.TestNetwork;
import dev.latchkey.protocol.ContentFormat;
import dev.latchkey.senml.Measurement;
import dev.latchkey.senml.Pack;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The status, the SenML pack and the page for Prometheus say the same, and the README names every figure. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FiguresAgreeTest {
    /** Figures that change while nobody does anything. */
    private static final Set<String> MOVING =
            Set.of("uptime_seconds", "synced_writes_total", "written_changes_total", "heap_bytes");

    private static final Pattern SAMPLE = Pattern.compile("([a-z_]+)(?:\\{chain=\"([^\"]*)\"})? ([-0-9.E]+)");
    private static final Path README = Path.of("README.md");

    private final HttpClient http = HttpClient.newHttpClient();
    private GatewayHarness harness;
    private TestDevice admin;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        TestNetwork seattle = new TestNetwork();
        TestNetwork tacoma = new TestNetwork("tacoma", seattle);
        harness = new GatewayHarness(
                directory,
                List.of(seattle, tacoma),
                new TestCloud(seattle, tacoma),
                "metrics.listen = \"127.0.0.1:0\"");
        TestDevice device = harness.served("d-1");
        device.session(harness.served("d-2"));
        device.send(ClientRequest.post("/rd", ContentFormat.LINK_FORMAT, Bytes.utf8("</lamp>")));
        device.get("/rd-lookup/ep");
        admin = harness.connectTo(harness.gateway().adminAddress(), "admin", seattle.admin);
    }

    @AfterAll
    void stop() throws Exception {
        harness.close();
    }

    @Test
    void statusSenmlAndPrometheusSayTheSame() {
        await().untilAsserted(() -> {
            Map<String, Object> before = status(admin);
            Map<String, BigDecimal> senml = senml(admin);
            Map<String, BigDecimal> prometheus = prometheus(harness.gateway());
            Map<String, Object> after = status(admin);

            assertThat(withoutMoving(prometheus)).isEqualTo(withoutMoving(senml));
            assertThat(prometheus.keySet()).isEqualTo(senml.keySet());
            assertAgree(before, senml);
            assertAgree(after, prometheus);
            assertThat(senml.get("seattle/latchkey_gateway_height")).isEqualByComparingTo("2");
            assertThat(senml.get("latchkey_gateway_messages_accepted_total")).isEqualByComparingTo("1");
            assertThat(senml.get("latchkey_gateway_directory_registrations")).isEqualByComparingTo("1");
            assertThat(senml.get("latchkey_gateway_directory_lookups_total")).isEqualByComparingTo("1");
        });
    }

    @Test
    void everyNumberOfTheStatusIsAFigure() {
        GatewayStatus status = harness.gateway().status();
        assertThat(numbers(status.values())).isEqualTo(keys(GatewayFigures.GATEWAY, "chains"));
        assertThat(numbers(status.chains().get(0).values())).isEqualTo(keys(GatewayFigures.CHAIN, "cloud-since-ms"));
    }

    @Test
    void theReadmeNamesEveryFigureAndNoOther() throws Exception {
        List<String> lines = Files.readAllLines(README);
        int head = lines.indexOf("| metric, `latchkey_gateway_` and | of | |");
        assertThat(head).isPositive();
        Map<String, Set<String>> documented = new TreeMap<>();
        for (String line : lines.subList(head + 2, lines.size())) {
            if (!line.startsWith("|")) {
                break;
            }
            String[] cells = line.split("\\|");
            Matcher names = Pattern.compile("`([a-z_]+)`").matcher(cells[1]);
            while (names.find()) {
                documented
                        .computeIfAbsent(cells[2].strip(), of -> new TreeSet<>())
                        .add(names.group(1));
            }
        }
        assertThat(documented)
                .isEqualTo(Map.of(
                        "gateway", names(GatewayFigures.GATEWAY),
                        "chain", names(GatewayFigures.CHAIN)));
    }

    @Test
    void healthAndReadinessFollowTheGateway() throws Exception {
        InetSocketAddress address = harness.gateway().metricsAddress().orElseThrow();
        assertThat(get(address, "/healthz").body()).isEqualTo("ok\n");
        assertThat(get(address, "/readyz").statusCode()).isEqualTo(200);
        assertThat(get(address, "/metrics").headers().firstValue("Content-Type"))
                .hasValue("text/plain; version=0.0.4; charset=utf-8");
        assertThat(get(address, "/").statusCode()).isEqualTo(404);
        assertThat(asked(address, "/metrics", request -> request.method("HEAD", BodyPublishers.noBody()))
                        .body())
                .isEmpty();
        assertThat(asked(address, "/healthz", request -> request.POST(BodyPublishers.ofString("x")))
                        .statusCode())
                .isEqualTo(405);
    }

    @Test
    void withoutTheCloudItIsAliveAndNotReady(@TempDir Path alone) throws Exception {
        TestGateway gateway =
                new TestGateway(alone, new TestNetwork(), "127.0.0.1:1", "metrics.listen = \"127.0.0.1:0\"");
        try (GatewayNode node = gateway.start()) {
            InetSocketAddress address = node.metricsAddress().orElseThrow();
            assertThat(get(address, "/healthz").statusCode()).isEqualTo(200);
            HttpResponse<String> ready = get(address, "/readyz");
            assertThat(ready.statusCode()).isEqualTo(503);
            assertThat(ready.body())
                    .startsWith("no chain is verified to a checkpoint")
                    .hasLineCount(1);
        }
    }

    @Test
    void whoHoldsConnectionsOpenKeepsNobodyOut() throws Exception {
        InetSocketAddress address = harness.gateway().metricsAddress().orElseThrow();
        List<Socket> idle = new ArrayList<>();
        try {
            for (int i = 0; i < 20; i++) {
                idle.add(new Socket(address.getAddress(), address.getPort()));
            }
            assertThat(get(address, "/healthz").statusCode()).isEqualTo(200);
        } finally {
            for (Socket socket : idle) {
                socket.close();
            }
        }
    }

    private static Map<String, Object> status(TestDevice admin) throws Exception {
        return Values.decodeMap(admin.get("/a/st").payload());
    }

    private static Map<String, BigDecimal> senml(TestDevice admin) throws Exception {
        Map<String, BigDecimal> figures = new TreeMap<>();
        Pack pack = Pack.fromCbor(admin.send(ClientRequest.get("/a/mx")).payload());
        for (Measurement one : pack.resolve(Instant.now())) {
            figures.put(one.name(), one.number().orElseThrow());
        }
        return figures;
    }

    private Map<String, BigDecimal> prometheus(GatewayNode gateway) throws Exception {
        Map<String, BigDecimal> figures = new TreeMap<>();
        String text = get(gateway.metricsAddress().orElseThrow(), "/metrics").body();
        for (String line : text.lines().filter(one -> !one.startsWith("#")).toList()) {
            Matcher sample = SAMPLE.matcher(line);
            assertThat(sample.matches()).as(line).isTrue();
            String chain = sample.group(2) == null ? "" : sample.group(2) + "/";
            figures.put(chain + sample.group(1), new BigDecimal(sample.group(3)));
        }
        return figures;
    }

    private static Map<String, Long> withoutMoving(Map<String, BigDecimal> figures) {
        Map<String, Long> steady = new TreeMap<>();
        figures.forEach((name, value) -> steady.put(name, value.longValueExact()));
        steady.keySet().removeIf(name -> MOVING.contains(name.replace(GatewayFigures.PREFIX, "")));
        return steady;
    }

    /** Each number of the status under the name that its figure has, in the unit that it has there. */
    private static void assertAgree(Map<String, Object> status, Map<String, BigDecimal> figures) {
        Map<String, Long> expected = new LinkedHashMap<>();
        put(expected, "", GatewayFigures.GATEWAY, status);
        for (Object chain : (List<?>) status.get("chains")) {
            Map<?, ?> ofChain = (Map<?, ?>) chain;
            put(expected, ofChain.get("chain") + "/", GatewayFigures.CHAIN, ofChain);
        }
        expected.keySet().removeIf(name -> MOVING.contains(name.replace(GatewayFigures.PREFIX, "")));
        assertThat(withoutMoving(figures)).containsExactlyInAnyOrderEntriesOf(expected);
    }

    private static <T> void put(Map<String, Long> expected, String before, List<Figure<T>> figures, Map<?, ?> status) {
        for (Figure<T> figure : figures) {
            Object value = status.get(figure.status());
            if (value instanceof Boolean truth) {
                expected.put(before + figure.name(), truth ? 1L : 0L);
            } else if (value instanceof List<?> list) {
                expected.put(before + figure.name(), (long) list.size());
            } else if (value instanceof Long number) {
                expected.put(before + figure.name(), figure.status().endsWith("-ms") ? number / 1_000 : number);
            }
        }
    }

    private static Set<String> numbers(Map<String, Object> values) {
        return values.entrySet().stream()
                .filter(entry -> !(entry.getValue() instanceof String))
                .filter(entry -> !Set.of("cloud-problem", "last-fault").contains(entry.getKey()))
                .map(Map.Entry::getKey)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static <T> Set<String> keys(List<Figure<T>> figures, String more) {
        return Stream.concat(figures.stream().map(Figure::status), Stream.of(more))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static <T> Set<String> names(List<Figure<T>> figures) {
        return figures.stream()
                .map(figure -> figure.name().substring(GatewayFigures.PREFIX.length()))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private HttpResponse<String> get(InetSocketAddress address, String path) throws Exception {
        return asked(address, path, HttpRequest.Builder::GET);
    }

    private HttpResponse<String> asked(InetSocketAddress address, String path, Consumer<HttpRequest.Builder> method)
            throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + address.getPort() + path));
        method.accept(request);
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
