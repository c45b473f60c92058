package dev.latchkey.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.coap.ClientRequest;
import dev.latchkey.coap.CoapResponse;
import dev.latchkey.coap.Code;
import dev.latchkey.gateway.admin.Values;
import dev.latchkey.gateway.harness.CommandRun;
import dev.latchkey.gateway.harness.GatewayHarness;
import dev.latchkey.gateway.harness.TestDevice;
import dev.latchkey.host.IdentityDirectory;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

class AdminLogTest {
    private static final Logger LOG = LoggerFactory.getLogger("dev.latchkey.gateway.OfThisTest");

    @TempDir
    Path directory;

    @Test
    void anAdminReadsAndFollowsTheLog() throws Exception {
        try (GatewayHarness harness = new GatewayHarness(directory)) {
            TestDevice admin = harness.connectTo(harness.gateway().adminAddress(), "admin", harness.network.admin);
            long before = (Long) Values.decodeMap(admin.get("/a/lg").payload()).get("last");
            LOG.atWarn().addKeyValue("value", 7).log("first of this test");
            // By number, as tests beside this one log as well and a page has an end.
            Map<?, ?> first = record(after(admin, before, "warn"), "first of this test value=\"7\"");
            assertThat(first.get("level")).isEqualTo("warn");
            assertThat(first.get("logger")).isEqualTo("OfThisTest");

            BlockingQueue<CoapResponse> heard = admin.observe(ClientRequest.get("/a/lg"));
            assertThat(heard.poll(30, TimeUnit.SECONDS)).isNotNull();
            LOG.error("second of this test");
            assertThat(heard.poll(30, TimeUnit.SECONDS)).isNotNull();
            Map<String, Object> later = after(admin, (Long) first.get("number"), "error");
            assertThat(record(later, "second of this test").get("level")).isEqualTo("error");
            assertThat((List<?>) later.get("records"))
                    .noneMatch(each -> "warn".equals(((Map<?, ?>) each).get("level")));

            assertThat(admin.send(ClientRequest.get("/a/lg").withQuery("level", "loud"))
                            .code())
                    .isEqualTo(Code.BAD_REQUEST);
            assertThat(admin.send(ClientRequest.get("/a/lg").withQuery("after", "-1"))
                            .code())
                    .isEqualTo(Code.BAD_REQUEST);

            Path keys = directory.resolve("admin-keys");
            IdentityDirectory.write(keys, harness.network.admin);
            assertThat(printed(harness, keys)).contains(" error OfThisTest: second of this test");
        }
    }

    private static Map<String, Object> after(TestDevice admin, long number, String level) throws Exception {
        return Values.decodeMap(
                admin.send(ClientRequest.get("/a/lg").withQuery("after", number).withQuery("level", level))
                        .payload());
    }

    private static Map<?, ?> record(Map<String, Object> log, String text) {
        return ((List<?>) log.get("records"))
                .stream()
                        .map(each -> (Map<?, ?>) each)
                        .filter(each -> text.equals(each.get("text")))
                        .findFirst()
                        .orElseThrow();
    }

    private static String printed(GatewayHarness harness, Path keys) {
        String address = "127.0.0.1:" + harness.gateway().adminAddress().getPort();
        return CommandRun.adminOutput("log", "--key", keys.toString(), "--gateway", address);
    }
}
