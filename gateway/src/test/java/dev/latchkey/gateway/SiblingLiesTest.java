package dev.latchkey.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.coap.ClientRequest;
import dev.latchkey.coap.CoapResponse;
import dev.latchkey.coap.Code;
import dev.latchkey.coap.Method;
import dev.latchkey.gateway.harness.GatewayHarness;
import dev.latchkey.gateway.harness.TestCloud;
import dev.latchkey.gateway.harness.TestDevice;
import dev.latchkey.gateway.harness.TestNetwork;
import dev.latchkey.protocol.ContentFormat;
import dev.latchkey.transaction.Identity;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * A cloud that lies about a chain that is not served here, resource by resource: with changed answers, and with true
 * answers to other questions. Nothing of it reaches a device.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SiblingLiesTest {
    private TestNetwork tacoma;
    private GatewayHarness harness;
    private TestDevice device;
    private long older;
    private long newer;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        TestNetwork seattle = new TestNetwork();
        tacoma = new TestNetwork("tacoma", seattle);
        seattle.befriend(tacoma);
        tacoma.befriend(seattle);
        tacoma.joined("d-8");
        tacoma.joined("d-9");
        harness = new GatewayHarness(directory, List.of(seattle), new TestCloud(seattle, tacoma));
        device = harness.member("d-1");
        harness.cloud.falsify(TestBlocks::withOneBitChanged);
        refused(ask("/g"));
        harness.cloud.falsify(UnaryOperator.identity());
        assertThat(device.send(ask("/g")).code()).isEqualTo(Code.CONTENT);
        assertThat(device.send(ask("/h")).code()).isEqualTo(Code.CONTENT);
        older = tacoma.state().height();
        tacoma.joined("d-7");
        newer = tacoma.state().height();
        await().until(() ->
                device.send(under("/k/gateway", newer).withQuery("p", 1)).code().equals(Code.CONTENT)
                        || heard(device.send(ask("/h"))));
    }

    @AfterEach
    void honest() {
        harness.cloud.tamper(UnaryOperator.identity());
        harness.cloud.falsify(UnaryOperator.identity());
    }

    @AfterAll
    void stop() throws Exception {
        harness.close();
    }

    @Test
    void aChangedAnswerIsACloudFault() throws Exception {
        harness.cloud.tamper(TestBlocks::withOneBitChanged);
        refused(under("/k/d-9", newer).withQuery("p", 1));
        refused(under("/k/d-nobody", newer).withQuery("p", 1));
        refused(under("/k/d-9", newer).withQuery("v", 1));
        refused(ClientRequest.of(Method.FETCH, "/k")
                .withPayload(ContentFormat.CBOR, Cbor.encode(Cbor.array(Cbor.text("d-8"), Cbor.text("d-9"))))
                .withQuery("n", "tacoma")
                .withQuery("h", newer));
        refused(under("/b/0", newer).withQuery("p", 1));
        refused(ask("/c").withQuery("a", older).withQuery("b", newer));
        tacoma.joined("d-6");
        await().until(() -> isFault(device.send(ask("/h"))));
        refused(ask("/k/d-9"));
    }

    @Test
    void aTrueAnswerToAnotherQuestionIsACloudFault() throws Exception {
        Map<ClientRequest, ClientRequest> wrong = Map.of(
                under("/k/d-8", newer).withQuery("p", 1), under("/k/d-7", newer).withQuery("p", 1),
                under("/k/d-8", older).withQuery("p", 1), under("/k/d-6", newer).withQuery("p", 1),
                under("/k/d-8", newer).withQuery("v", 1), under("/k/d-9", newer).withQuery("v", 1),
                under("/b/1", newer).withQuery("p", 1), under("/b/2", newer).withQuery("p", 1),
                ask("/c").withQuery("a", older).withQuery("b", older),
                        ask("/c").withQuery("a", older).withQuery("b", newer));
        for (Map.Entry<ClientRequest, ClientRequest> pair : wrong.entrySet()) {
            harness.cloud.tamper(UnaryOperator.identity());
            CoapResponse other = device.send(pair.getKey());
            assertThat(other.code()).isEqualTo(Code.CONTENT);
            harness.cloud.tamper(answer -> other.payload());
            refused(pair.getValue());
        }
    }

    @Test
    void aReceiptThatDoesNotVerifyIsACloudFault() throws Exception {
        Bytes join = tacoma.join("d-2", Identity.generate(tacoma.random), tacoma.voucher("*", 1));
        harness.cloud.falsify(TestBlocks::withOneBitChanged);
        refused(ClientRequest.post("/t", ContentFormat.COSE_SIGN, join).withQuery("n", "tacoma"));
    }

    private void refused(ClientRequest request) throws Exception {
        CoapResponse response = device.send(request);
        assertThat(isFault(response)).as("%s: %s", request, response.code()).isTrue();
    }

    private static boolean isFault(CoapResponse response) throws Exception {
        return response.code().equals(Code.BAD_GATEWAY)
                && TestDevice.code(response).equals("cloud-fault");
    }

    private static boolean heard(CoapResponse response) {
        assertThat(response.code()).isEqualTo(Code.CONTENT);
        return false;
    }

    private static ClientRequest under(String path, long height) {
        return ask(path).withQuery("h", height);
    }

    private static ClientRequest ask(String path) {
        return ClientRequest.get(path).withQuery("n", "tacoma");
    }
}
