package dev.latchkey.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.coap.ClientRequest;
import dev.latchkey.coap.CoapResponse;
import dev.latchkey.coap.Code;
import dev.latchkey.gateway.harness.CommandRun;
import dev.latchkey.gateway.harness.GatewayHarness;
import dev.latchkey.gateway.harness.TestCloud;
import dev.latchkey.gateway.harness.TestDevice;
import dev.latchkey.gateway.harness.TestNetwork;
import dev.latchkey.host.IdentityDirectory;
import dev.latchkey.protocol.ContentFormat;
import dev.latchkey.senml.Measurement;
import dev.latchkey.senml.Pack;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdminMetricsTest {
    private static final int SENML_JSON = 110;

    @TempDir
    Path directory;

    @Test
    void aForkRaisesWhatAnAdminReadsAndNobodyElseReadsIt() throws Exception {
        try (GatewayHarness harness = new GatewayHarness(directory)) {
            TestDevice member = harness.member("d-1");
            TestDevice admin = harness.connectTo(harness.gateway().adminAddress(), "admin", harness.network.admin);
            Map<String, Long> before = figures(admin);
            assertThat(before)
                    .containsEntry("latchkey_gateway_chains", 1L)
                    .containsEntry("seattle/latchkey_gateway_height", 1L)
                    .containsEntry("seattle/latchkey_gateway_blocks_verified_total", 2L)
                    .containsEntry("seattle/latchkey_gateway_evidence_files", 0L)
                    .containsEntry("seattle/latchkey_gateway_checkpoints_refused_total", 0L)
                    .doesNotContainKey("seattle/latchkey_gateway_cosigned_height");

            harness.network.witnesses.offer(harness.network.secondHead());
            harness.cloud.announce();

            await().until(() -> figures(admin).get("seattle/latchkey_gateway_evidence_files") == 1);
            assertThat(figures(admin)).containsEntry("latchkey_gateway_sibling_evidence_files", 0L);
            await().until(() -> figures(admin).get("seattle/latchkey_gateway_lying_replicas") == 1);
            assertThat(figures(admin).get("seattle/latchkey_gateway_checkpoints_refused_total"))
                    .isPositive();
            CoapResponse json = admin.send(ClientRequest.get("/a/mx").withAccept(SENML_JSON));
            assertThat(json.contentFormat()).hasValue(SENML_JSON);
            assertThat(Pack.fromJson(json.payload()).records()).isNotEmpty();
            assertThat(admin.send(ClientRequest.get("/a/mx").withAccept(ContentFormat.CBOR))
                            .code())
                    .isEqualTo(Code.NOT_ACCEPTABLE);
            assertThat(TestDevice.code(admin.send(ClientRequest.get("/a/mx").withQuery("from", -1))))
                    .isEqualTo("malformed");
            TestDevice other = harness.connectTo(harness.gateway().adminAddress(), "d-1", member.identity);
            assertThat(TestDevice.code(other.get("/a/mx"))).isEqualTo("not-allowed");
        }
    }

    @Test
    void theCommandPrintsAllChains() throws Exception {
        TestNetwork seattle = new TestNetwork();
        TestNetwork tacoma = new TestNetwork("tacoma", seattle);
        try (GatewayHarness harness =
                new GatewayHarness(directory, List.of(seattle, tacoma), new TestCloud(seattle, tacoma))) {
            Path keys = directory.resolve("admin-keys");
            IdentityDirectory.write(keys, seattle.admin);
            String address = "127.0.0.1:" + harness.gateway().adminAddress().getPort();

            assertThat(CommandRun.adminOutput("metrics", "--key", keys.toString(), "--gateway", address))
                    .contains("seattle/latchkey_gateway_height", "tacoma/latchkey_gateway_height");
            assertThat(CommandRun.adminOutput("metrics", "--key", keys.toString(), "--gateway", address, "--json"))
                    .contains("\"latchkey_gateway_chains\":2", "\"tacoma/latchkey_gateway_height\":0");
            assertThat(CommandRun.adminOutput(
                            "metrics", "--key", keys.toString(), "--gateway", address, "--prometheus"))
                    .contains("# TYPE latchkey_gateway_height gauge\nlatchkey_gateway_height{chain=\"seattle\"} 0.0\n"
                            + "latchkey_gateway_height{chain=\"tacoma\"} 0.0\n");
        }
    }

    private static Map<String, Long> figures(TestDevice admin) throws Exception {
        CoapResponse answer = admin.get("/a/mx");
        assertThat(answer.contentFormat()).hasValue(ContentFormat.SENML_CBOR);
        Bytes pack = answer.payload();
        return Pack.fromCbor(pack).resolve(Instant.now()).stream()
                .collect(Collectors.toMap(
                        Measurement::name, one -> one.number().orElseThrow().longValueExact()));
    }
}
