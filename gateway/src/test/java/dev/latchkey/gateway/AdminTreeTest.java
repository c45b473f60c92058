package dev.latchkey.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.latchkey.coap.ClientRequest;
import dev.latchkey.coap.CoapResponse;
import dev.latchkey.coap.Code;
import dev.latchkey.coap.Method;
import dev.latchkey.envelope.SendingSession;
import dev.latchkey.gateway.admin.Values;
import dev.latchkey.gateway.harness.GatewayHarness;
import dev.latchkey.gateway.harness.TestDevice;
import dev.latchkey.protocol.ContentFormat;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What administrators can look at beside the status, as it is after a message went from one member to another. */
class AdminTreeTest {
    private static final Pattern LINK = Pattern.compile("<([^>]*)>");

    @TempDir
    Path directory;

    private GatewayHarness harness;
    private TestDevice sender;
    private TestDevice receiver;
    private TestDevice admin;

    @BeforeEach
    void start() throws Exception {
        harness = new GatewayHarness(directory);
        receiver = harness.served("receiver");
        sender = harness.served("sender");
        SendingSession session = sender.session(receiver);
        assertThat(sender.post("/m", ContentFormat.COSE_ENCRYPT0, TestDevice.sealed(session, "21.5"))
                        .code())
                .isEqualTo(Code.CHANGED);
        assertThat(sender.post(
                                "/m",
                                ContentFormat.COSE_ENCRYPT0,
                                session.sessionId().bytes())
                        .code()
                        .isSuccess())
                .isFalse();
        receiver.acknowledge(1);
        admin = harness.connectTo(harness.gateway().adminAddress(), "admin", harness.network.admin);
    }

    @AfterEach
    void stop() throws Exception {
        harness.close();
    }

    @Test
    void theIndexLinksAllAndNobodyElseReadsIt() throws Exception {
        String index = admin.get("/a").payload().toUtf8();
        List<String> paths =
                LINK.matcher(index).results().map(link -> link.group(1)).toList();
        assertThat(paths).contains("/a/st", "/a/mx", "/a/s", "/a/d", "/a/q", "/a/n", "/a/w");
        assertThat(index).contains("</a/st>;rt=\"latchkey.status\";ct=\"60 50\";obs");
        TestDevice other = harness.connectTo(harness.gateway().adminAddress(), "sender", sender.identity);
        for (String path : paths) {
            for (String below : List.of(path, path + "/1")) {
                for (Method method : List.of(Method.GET, Method.DELETE)) {
                    CoapResponse answer = other.send(ClientRequest.of(method, below));
                    assertThat(answer.code().isSuccess())
                            .as(method + " " + below)
                            .isFalse();
                    assertThat(TestDevice.code(answer)).isIn("not-allowed", "method-not-allowed", "not-found");
                }
            }
        }
        assertThat(TestDevice.code(other.send(ClientRequest.delete("/a/s/1")))).isEqualTo("not-allowed");
    }

    @Test
    void connectionsAreListedAndOneIsClosed() throws Exception {
        Map<String, Object> row = rows("/a/s", "sessions").stream()
                .filter(one -> "sender".equals(one.get("member")))
                .findFirst()
                .orElseThrow();
        assertThat(row)
                .containsEntry("endpoint", "devices")
                .containsEntry("chain", "seattle")
                .containsEntry("role", "member");
        assertThat((String) row.get("address")).startsWith("127.0.0.1:");
        assertThat((String) row.get("cid")).isNotEmpty();
        assertThat((Long) row.get("requests")).isGreaterThanOrEqualTo(4);
        String one = "/a/s/" + row.get("id");
        assertThat(values(one)).containsEntry("member", "sender");

        assertThat(admin.send(ClientRequest.delete(one)).code()).isEqualTo(Code.DELETED);
        await().until(() -> TestDevice.code(admin.get(one)).equals("unknown-connection"));
        assertThat(TestDevice.code(admin.send(ClientRequest.delete(one)))).isEqualTo("unknown-connection");
        assertThat(admin.get("/a/s/zero").code()).isEqualTo(Code.NOT_FOUND);
        assertThat(rows("/a/s", "sessions"))
                .extracting(each -> each.get("member"))
                .contains("receiver", "admin")
                .doesNotContain("sender");
    }

    @Test
    void membersThatWereSeenAreListedWithWhatTheyBrought() throws Exception {
        assertThat(rows("/a/d", "devices")).extracting(row -> row.get("name")).contains("sender", "receiver", "admin");
        Map<String, Object> of = values("/a/d/sender");
        assertThat(of)
                .containsEntry("state", "active")
                .containsEntry("connected", true)
                .containsEntry("accepted", 2L)
                .containsEntry("refused", 1L)
                .containsEntry("sessions-opened", 1L)
                .containsEntry("served", true);
        assertThat((Long) of.get("ticket-until-ms")).isGreaterThan(System.currentTimeMillis());
        assertThat(values("/a/d/receiver"))
                .containsEntry("delivered", 2L)
                .containsEntry("acknowledged", 1L)
                .containsEntry("inbox-messages", 1L);
        assertThat(values("/a/d/gateway"))
                .containsEntry("role", "gateway")
                .containsEntry("last-request-ms", null)
                .containsEntry("connected", false);
        assertThat(TestDevice.code(admin.get("/a/d/nobody"))).isEqualTo("unknown-name");
        ClientRequest elsewhere = ClientRequest.get("/a/d").withQuery("n", "elsewhere");
        assertThat(TestDevice.code(admin.send(elsewhere))).isEqualTo("unknown-chain");
    }

    @Test
    void queueChainAndWitnessesAreShownForEachChain() throws Exception {
        await().until(() -> values("/a/q").get("messages").equals(0L));
        Map<String, Object> queue = values("/a/q/seattle");
        assertThat(queue)
                .containsEntry("acknowledged-sequence", 2L)
                .containsEntry("next-sequence", 3L)
                .containsEntry("oldest-ms", null)
                .containsEntry("refused-messages", List.of());
        Map<String, Object> chain = values("/a/n/seattle");
        assertThat(chain)
                .containsEntry("id", harness.network.chain.toHex())
                .containsEntry("height", harness.network.state().height())
                .containsEntry("fault", null)
                .containsEntry("liars", List.of());
        assertThat((Long) chain.get("verified-last-minute")).isBetween(1L, (Long) chain.get("blocks-verified"));
        assertThat(rows("/a/n", "chains")).hasSize(1);
        Map<String, Object> witnesses = values("/a/w");
        assertThat(witnesses)
                .containsEntry(
                        "key",
                        harness.network.gateway.sig().publicKey().encode().toHex());
        assertThat(witnesses).containsEntry("evidence", List.of());
        assertThat(TestDevice.code(admin.get("/a/n/elsewhere"))).isEqualTo("unknown-chain");
        assertThat(TestDevice.code(admin.get("/a/q/elsewhere"))).isEqualTo("unknown-chain");
        ClientRequest text = ClientRequest.get("/a/q").withAccept(ContentFormat.JSON);
        assertThat(admin.send(text).payload().toUtf8()).startsWith("{\"messages\":0");
    }

    @Test
    void evidenceIsListedWithItsFile() throws Exception {
        harness.network.witnesses.offer(harness.network.secondHead());
        harness.cloud.announce();
        await().until(() -> rows("/a/w", "evidence").stream()
                .map(row -> row.get("kind"))
                .toList()
                .containsAll(List.of("two-histories", "not-verified")));
        assertThat(rows("/a/w", "evidence").get(0))
                .containsEntry("chain", "seattle")
                .containsKey("file");
        await().until(() -> ((List<?>) values("/a/n/seattle").get("liars")).size() == 1);
        assertThat(values("/a/n/seattle").get("fault")).isInstanceOf(Map.class);
    }

    private Map<String, Object> values(String path) throws Exception {
        CoapResponse answer = admin.get(path);
        assertThat(answer.code()).as(path).isEqualTo(Code.CONTENT);
        return Values.decodeMap(answer.payload());
    }

    @SuppressWarnings("unchecked")
    private List<Map<String, Object>> rows(String path, String name) throws Exception {
        return (List<Map<String, Object>>) values(path).get(name);
    }
}
