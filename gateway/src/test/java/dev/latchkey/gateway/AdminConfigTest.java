package dev.latchkey.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.coap.ClientRequest;
import dev.latchkey.coap.CoapResponse;
import dev.latchkey.coap.Code;
import dev.latchkey.coap.Method;
import dev.latchkey.envelope.SendingSession;
import dev.latchkey.gateway.admin.Values;
import dev.latchkey.gateway.harness.GatewayHarness;
import dev.latchkey.gateway.harness.TestDevice;
import dev.latchkey.protocol.ContentFormat;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdminConfigTest {
    /** The log's level would change that of every test in this process, and stay as the last round left it. */
    private static final String OF_ONE_GATEWAY = "coap.requests-per-second";

    @TempDir
    Path directory;

    private TestDevice admin;

    @Test
    void aChangeNeedsWhatItChangesAndOutlivesARestart() throws Exception {
        try (GatewayHarness harness = new GatewayHarness(directory)) {
            admin = harness.connectTo(harness.gateway().adminAddress(), "admin", harness.network.admin);
            CoapResponse whole = admin.get("/a/cf");
            assertThat(setting("log.level"))
                    .containsEntry("value", "warn")
                    .containsEntry("origin", "default")
                    .containsEntry("changeable", true);
            assertThat(setting("limits.outbox")).containsEntry("kind", "size").containsEntry("changeable", true);

            Bytes tag = whole.etag().orElseThrow();
            assertThat(patched(Map.of("log.level", "info"), null)).isEqualTo("4.12 changed-meanwhile");
            assertThat(patched(Map.of("log.level", "info"), Bytes.fromHex("00")))
                    .isEqualTo("4.12 changed-meanwhile");
            assertThat(patched(Map.of("log.level", "loud"), tag)).isEqualTo("4.22 bad-setting");
            assertThat(patched(Map.of("log.level", "info, listen = 7"), tag)).isEqualTo("4.22 bad-setting");
            assertThat(patched(Map.of("limits.directory", "1 MiB"), tag)).isEqualTo("4.09 not-changeable");
            assertThat(patched(Map.of("limits.outbx", "1 MiB"), tag)).isEqualTo("4.04 unknown-setting");
            assertThat(patched(Map.of("chains", "[]"), tag)).isEqualTo("4.22 bad-setting");
            assertThat(directory.resolve("data/settings-changed.conf")).doesNotExist();

            assertThat(patched(Map.of("log.level", "info"), tag)).isEqualTo("2.04");
            assertThat(setting("log.level")).containsEntry("value", "info").containsEntry("origin", "changed");
            assertThat(patched(Map.of("log.level", "debug"), tag)).isEqualTo("4.12 changed-meanwhile");
            assertThat(Files.readString(directory.resolve("data/settings-changed.conf")))
                    .contains("log.level = \"info\"");
            harness.restartGateway();
            admin = harness.connectTo(harness.gateway().adminAddress(), "admin", harness.network.admin);
            assertThat(setting("log.level")).containsEntry("value", "info");
            Bytes again = admin.get("/a/cf").etag().orElseThrow();
            assertThat(patched(Collections.singletonMap("log.level", null), again))
                    .isEqualTo("2.04");
            assertThat(setting("log.level")).containsEntry("value", "warn").containsEntry("origin", "default");
        }
    }

    @Test
    void ofTwoChangesAtOnceTheSecondHasNotSeenTheFirst() throws Exception {
        try (GatewayHarness harness = new GatewayHarness(directory)) {
            admin = harness.connectTo(harness.gateway().adminAddress(), "admin", harness.network.admin);
            TestDevice other = harness.connectTo(harness.gateway().adminAddress(), "admin", harness.network.admin);
            for (int round = 0; round < 10; round++) {
                List<String> rates = new ArrayList<>(List.of("1001", "1002", "1003"));
                rates.remove(String.valueOf(setting(OF_ONE_GATEWAY).get("value")));
                Bytes tag = admin.get("/a/cf").etag().orElseThrow();
                CompletableFuture<Code> first =
                        CompletableFuture.supplyAsync(() -> code(admin, patch(rates.get(0), tag)));
                CompletableFuture<Code> second =
                        CompletableFuture.supplyAsync(() -> code(other, patch(rates.get(1), tag)));
                assertThat(List.of(first.join(), second.join()))
                        .as("round %s", round)
                        .containsOnlyOnce(Code.CHANGED);
            }
        }
    }

    @Test
    void ratesAndRoomAreTakenAtOnceByOpenConnections() throws Exception {
        try (GatewayHarness harness = new GatewayHarness(directory)) {
            TestDevice device = harness.served("d-1");
            TestDevice reader = harness.served("d-2");
            SendingSession session = device.session(reader);
            admin = harness.connectTo(harness.gateway().adminAddress(), "admin", harness.network.admin);
            harness.cloud.stop();

            changed(Map.of("limits.outbox", "64 KiB"));
            CoapResponse answer = device.post("/m", ContentFormat.COSE_ENCRYPT0, reading(session));
            for (int i = 0; i < 400 && answer.code().isSuccess(); i++) {
                answer = device.post("/m", ContentFormat.COSE_ENCRYPT0, reading(session));
            }
            assertThat(answer.code()).isEqualTo(Code.SERVICE_UNAVAILABLE);
            changed(Map.of("limits.outbox", "1 MiB"));
            assertThat(device.post("/m", ContentFormat.COSE_ENCRYPT0, reading(session))
                            .code())
                    .isEqualTo(Code.CHANGED);

            changed(Map.of("coap.request-burst", "60", "coap.requests-per-second", "5"));
            answer = device.get("/p");
            for (int i = 0; i < 400 && answer.code().isSuccess(); i++) {
                answer = device.get("/p");
            }
            assertThat(answer.code()).isEqualTo(Code.TOO_MANY_REQUESTS);
            changed(Map.of("coap.request-burst", "2000"));
            assertThat(device.get("/p").code()).isEqualTo(Code.CONTENT);
        }
    }

    private static Bytes reading(SendingSession session) throws Exception {
        return TestDevice.sealed(session, "x".repeat(400));
    }

    private void changed(Map<String, String> changes) throws Exception {
        assertThat(patched(changes, admin.get("/a/cf").etag().orElseThrow())).isEqualTo("2.04");
    }

    private static ClientRequest patch(String rate, Bytes tag) {
        return ClientRequest.of(Method.IPATCH, "/a/cf")
                .withPayload(ContentFormat.CBOR, Values.encode(Map.of(OF_ONE_GATEWAY, rate)))
                .withIfMatch(tag);
    }

    private static Code code(TestDevice device, ClientRequest request) {
        try {
            return device.send(request).code();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private Map<?, ?> asMap(Object value) {
        return (Map<?, ?>) value;
    }

    private Map<String, Object> setting(String key) throws Exception {
        CoapResponse some = admin.send(
                ClientRequest.of(Method.FETCH, "/a/cf").withPayload(ContentFormat.CBOR, Values.encode(List.of(key))));
        Map<String, Object> found = Values.decodeMap(some.payload());
        assertThat(found).containsOnlyKeys(key);
        Map<String, Object> one = new HashMap<>();
        asMap(found.get(key)).forEach((name, value) -> one.put((String) name, value));
        return one;
    }

    private String patched(Map<String, ?> changes, Bytes ifMatch) throws Exception {
        ClientRequest patch =
                ClientRequest.of(Method.IPATCH, "/a/cf").withPayload(ContentFormat.CBOR, Values.encode(changes));
        CoapResponse answer = admin.send(ifMatch == null ? patch : patch.withIfMatch(ifMatch));
        return answer.code().equals(Code.CHANGED) ? "2.04" : answer.code() + " " + TestDevice.code(answer);
    }
}
