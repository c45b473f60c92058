package dev.latchkey.cloud;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cloud.http.HttpsSettings;
import dev.latchkey.transaction.Identity;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What stands at /metrics: read strictly, and each figure as the README has it. */
class FiguresTest {
    private static final Pattern ROW = Pattern.compile("\\| (`(?:latchkey|process|jvm)_.*`) \\| (\\w+) \\| .*");
    private static final Pattern NAME = Pattern.compile("`([a-z_*]+)`");

    @TempDir
    Path directory;

    private final TestNetwork network = new TestNetwork();

    /** Strangers may ask twice at once, and then once a second. */
    private CloudSettings settings() {
        CloudSettings usual = network.settings(directory);
        Duration minute = Duration.ofMinutes(1);
        HttpsSettings https = new HttpsSettings(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                256,
                256,
                128,
                32L << 20,
                minute,
                minute,
                minute,
                1_000_000,
                1);
        return new CloudSettings(
                https,
                usual.data(),
                usual.replicaKey(),
                usual.tlsKey(),
                usual.genesis(),
                usual.mailboxes(),
                usual.logLevel(),
                usual.logFile(),
                usual.cluster());
    }

    @Test
    void everyFigureIsDocumentedAndCounts() throws Exception {
        try (CloudNode node = CloudNode.start(settings(), Clock.systemUTC())) {
            TestClient gateway = new TestClient(network, node.address(), network.gateway.dtls());
            TestClient stranger = new TestClient(network, node.address(), TestNetwork.key());
            gateway.submit(network.join("d-one", Identity.generate(TestNetwork.RANDOM), network.voucher()));
            gateway.submit(network.join("d-one", Identity.generate(TestNetwork.RANDOM), network.voucher()));
            gateway.post("/v1/messages?chain=" + network.chain.toHex(), Bytes.of((byte) 0));
            int limited = 0;
            for (int i = 0; i < 20; i++) {
                limited += stranger.get("/healthz").statusCode() == 429 ? 1 : 0;
            }
            assertThat(limited).isPositive();
            PrometheusText text = PrometheusText.parse(gateway.body("/metrics").toUtf8());

            assertThat(types(text)).isEqualTo(documented());
            assertThat(text.value("latchkey_ready")).isOne();
            assertThat(text.value("latchkey_transactions_committed_total")).isOne();
            assertThat(text.value("latchkey_transactions_refused_total{code=\"name-taken\"}"))
                    .isOne();
            assertThat(text.value("latchkey_commit_seconds_count")).isOne();
            assertThat(text.value("latchkey_http_refused_total{code=\"too-many-requests\"}"))
                    .isEqualTo(limited);
            assertThat(text.value("latchkey_http_refused_total{code=\"malformed\"}"))
                    .isOne();
            assertThat(text.value("latchkey_raft_leader{group=\"chains\"}")).isOne();
            assertThat(text.value("latchkey_raft_leader_known{group=\"mailboxes\"}"))
                    .isOne();
            assertThat(text.value("latchkey_raft_members{group=\"chains\"}")).isOne();
            assertThat(text.value("latchkey_raft_applied_entries{group=\"chains\"}"))
                    .isPositive()
                    .isEqualTo(text.value("latchkey_raft_committed_entries{group=\"chains\"}"));
            assertThat(text.value("latchkey_raft_behind_entries{group=\"chains\"}"))
                    .isZero();
            assertThat(text.value("latchkey_transactions_waiting")).isZero();
            assertThat(text.value("latchkey_store_raft_bytes")).isPositive();
            assertThat(text.value("latchkey_disk_free_bytes")).isPositive();
        }
    }

    private static Map<String, String> types(PrometheusText text) {
        Map<String, String> types = new TreeMap<>();
        text.figures()
                .forEach((name, figure) -> types.put(
                        name.startsWith("latchkey_alarm_")
                                        && !name.equals("latchkey_alarm_evidence")
                                        && !name.equals("latchkey_alarm_mailboxes")
                                ? "latchkey_alarm_*"
                                : name,
                        figure.type()));
        return types;
    }

    /** The table of the README. */
    private static Map<String, String> documented() throws Exception {
        String readme = Files.readString(Path.of("README.md"));
        String table = readme.substring(readme.indexOf("Every figure"), readme.indexOf("</details>"));
        Map<String, String> figures = new TreeMap<>();
        for (String line : table.split("\n")) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                Matcher name = NAME.matcher(row.group(1));
                while (name.find()) {
                    assertThat(figures.put(name.group(1), row.group(2)))
                            .as(name.group(1))
                            .isNull();
                }
            }
        }
        return figures;
    }

    @Test
    void theReaderIsStrict() {
        String good = "# HELP a_total A.\n# TYPE a_total counter\na_total{x=\"1\"} 2.0\n";
        assertThat(PrometheusText.parse(good).value("a_total{x=\"1\"}")).isEqualTo(2);
        for (String bad : new String[] {
            good + good,
            good + "a_total{x=\"1\"} 3.0\n",
            good + "b_total 3.0\n",
            good.replace("2.0", "two"),
            good.replace("\"1\"", "1"),
            good.replace("# HELP a_total A.\n", ""),
            good.replace("a_total", "a"),
            good.stripTrailing(),
            "# HELP h H.\n# TYPE h histogram\nh_bucket{le=\"1\"} 2\nh_bucket{le=\"+Inf\"} 1\nh_count 1\nh_sum 1\n"
        }) {
            assertThatThrownBy(() -> PrometheusText.parse(bad)).as(bad).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
