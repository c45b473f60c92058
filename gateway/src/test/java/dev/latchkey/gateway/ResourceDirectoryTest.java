package dev.latchkey.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.coap.ClientRequest;
import dev.latchkey.coap.CoapResponse;
import dev.latchkey.coap.Code;
import dev.latchkey.coap.Method;
import dev.latchkey.gateway.directory.DirectoryUse;
import dev.latchkey.gateway.harness.GatewayHarness;
import dev.latchkey.gateway.harness.TestDevice;
import dev.latchkey.protocol.ContentFormat;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The resource directory (RFC 9176), as its endpoints and those who look for them see it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ResourceDirectoryTest {
    private static final String LINKS = "</sensors/temp>;rt=\"temperature-c\";if=\"sensor\";obs,"
            + "</sensors/light>;rt=\"light-lux\";if=\"sensor\","
            + "<http://www.example.com/t123>;anchor=\"/sensors/temp\";rel=\"describedby\"";

    private GatewayHarness harness;
    private TestDevice sensor;
    private TestDevice reader;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        harness = new GatewayHarness(
                directory,
                "limits.directory = 64 KiB",
                "limits.directory-per-member = 1 KiB",
                "limits.directory-links = 4");
        sensor = harness.member("d-1");
        reader = harness.member("d-2");
    }

    @AfterEach
    void removeWhatIsLeft() throws Exception {
        for (TestDevice device : List.of(sensor, reader)) {
            CoapResponse place = device.send(post(""));
            device.send(ClientRequest.delete("/" + String.join("/", place.locationPath())));
        }
    }

    @AfterAll
    void stop() throws Exception {
        harness.close();
    }

    @Test
    void whatIsRegisteredIsFoundUntilItIsRemoved() throws Exception {
        String place = registered(sensor, post(LINKS).withQuery("base", "coaps://[2001:db8::1]:61616"));

        assertThat(found("res"))
                .isEqualTo("<coaps://[2001:db8::1]:61616/sensors/temp>;rt=\"temperature-c\";if=\"sensor\";obs,"
                        + "<coaps://[2001:db8::1]:61616/sensors/light>;rt=\"light-lux\";if=\"sensor\","
                        + "<http://www.example.com/t123>;anchor=\"coaps://[2001:db8::1]:61616/sensors/temp\""
                        + ";rel=\"describedby\"");
        assertThat(found("ep"))
                .isEqualTo("<" + place + ">;base=\"coaps://[2001:db8::1]:61616\";ep=\"d-1\";d=\""
                        + harness.network.chainName + "\";lt=90000;rt=\"core.rd-ep\"");

        ClientRequest renewal = ClientRequest.of(Method.POST, place)
                .withQuery("lt", 600)
                .withQuery("base", "coaps://other")
                .withQuery("et", "lamp");
        assertThat(sensor.send(renewal).code()).isEqualTo(Code.CHANGED);
        assertThat(found("ep")).contains("base=\"coaps://other\"", "lt=600", "et=\"lamp\"");
        assertThat(found("res", "et", "lamp")).contains("<coaps://other/sensors/temp>");
        assertThat(sensor.send(ClientRequest.of(Method.POST, place).withQuery("floor", 2))
                        .code())
                .isEqualTo(Code.CHANGED);
        assertThat(found("ep")).contains("et=\"lamp\"", "floor=\"2\"", "lt=600");

        assertThat(registered(sensor, post("</one>").withQuery("lt", 60))).isEqualTo(place);
        assertThat(found("res")).matches("<coaps://127\\.0\\.0\\.1:[0-9]+/one>");

        assertThat(sensor.send(ClientRequest.delete(place)).code()).isEqualTo(Code.DELETED);
        assertThat(found("ep")).isEmpty();
        assertThat(TestDevice.code(sensor.send(ClientRequest.delete(place)))).isEqualTo("unknown-registration");
        assertThat(TestDevice.code(sensor.send(renewal))).isEqualTo("unknown-registration");
    }

    @Test
    void lookUpsAreFilteredAndPaged() throws Exception {
        registered(sensor, post(LINKS).withQuery("base", "coaps://one").withQuery("et", "a-type"));
        registered(reader, post("</lamp>;rt=\"lamp light-lux\"").withQuery("base", "coaps://two"));

        assertThat(found("res", "rt", "light-lux").split(",")).hasSize(2);
        assertThat(found("res", "rt", "lamp")).isEqualTo("<coaps://two/lamp>;rt=\"lamp light-lux\"");
        assertThat(found("res", "rt", "temp*")).startsWith("<coaps://one/sensors/temp>");
        assertThat(found("res", "ep", "d-2")).isEqualTo("<coaps://two/lamp>;rt=\"lamp light-lux\"");
        assertThat(found("res", "href", "coaps://one/sensors/*").split(",")).hasSize(2);
        assertThat(found("ep", "et", "a-*")).contains("ep=\"d-1\"").doesNotContain("d-2");
        assertThat(found("ep", "rt", "lamp")).contains("ep=\"d-2\"").doesNotContain("d-1");
        assertThat(found("ep", "rt", "nothing")).isEmpty();
        ClientRequest both =
                ClientRequest.get("/rd-lookup/res").withQuery("rt", "light-lux").withQuery("ep", "d-1");
        assertThat(reader.send(both).payload().toUtf8()).startsWith("<coaps://one/sensors/light>");

        DirectoryUse before = harness.gateway().status().directory();
        assertThat(before.registrations()).isEqualTo(2);
        assertThat(before.bound()).isEqualTo(64 * 1_024);
        Bytes all = reader.get("/rd-lookup/res").payload();
        assertThat(harness.gateway().status().directory().lookups()).isEqualTo(before.lookups() + 1);
        StringBuilder pages = new StringBuilder();
        for (int page = 0; page < 2; page++) {
            pages.append(page == 0 ? "" : ",")
                    .append(reader.send(paged(page, 2)).payload().toUtf8());
        }
        assertThat(pages.toString()).isEqualTo(all.toUtf8());
        assertThat(reader.send(paged(2, 2)).payload()).isEqualTo(Bytes.EMPTY);
        assertThat(TestDevice.code(reader.send(paged(0, 0)))).isEqualTo("malformed");
        assertThat(TestDevice.code(
                        reader.send(ClientRequest.get("/rd-lookup/ep").withQuery("page", 1))))
                .isEqualTo("malformed");
        assertThat(TestDevice.code(
                        reader.send(ClientRequest.get("/rd-lookup/ep").withAccept(ContentFormat.JSON))))
                .isEqualTo("not-acceptable");
    }

    @Test
    void nobodyRegistersForAnotherAndNothingGrowsBeyondItsBounds() throws Exception {
        String place = registered(sensor, post(LINKS));
        assertThat(code(reader, post("</a>").withQuery("ep", "d-1"))).isEqualTo("wrong-sender");
        assertThat(code(reader, post("</a>").withQuery("d", "elsewhere"))).isEqualTo("wrong-sender");
        assertThat(code(reader, ClientRequest.of(Method.POST, place))).isEqualTo("unknown-registration");
        assertThat(code(reader, ClientRequest.delete(place))).isEqualTo("unknown-registration");
        assertThat(code(reader, post("</a>,</b>,</c>,</d>,</e>"))).isEqualTo("malformed");
        assertThat(code(reader, post("</" + "a".repeat(1_100) + ">"))).isEqualTo("too-large");
        assertThat(code(reader, post("nonsense"))).isEqualTo("malformed");
        assertThat(code(reader, ClientRequest.post("/rd", ContentFormat.CBOR, Bytes.utf8("</a>"))))
                .isEqualTo("unsupported-format");
        for (String[] bad : new String[][] {
            {"lt", "0"},
            {"lt", "4294967296"},
            {"lt", "x"},
            {"base", "/a"},
            {"base", "coaps://a/b"},
            {"page", "1"},
            {"a b", "c"},
            {"e", "\u0001"}
        }) {
            assertThat(code(reader, post("</a>").withQuery(bad[0], bad[1])))
                    .as(bad[0] + "=" + bad[1])
                    .isEqualTo("malformed");
        }
        assertThat(code(sensor, ClientRequest.of(Method.POST, place).withQuery("ep", "d-1")))
                .isEqualTo("malformed");
        assertThat(found("ep")).contains("d-1").doesNotContain("d-2");
    }

    @Test
    void itSurvivesARestartAndEndsWithItsLifetimeOrItsMember() throws Exception {
        TestDevice leaver = harness.member("d-3");
        registered(leaver, post(LINKS).withQuery("et", "x"));
        registered(reader, post("</gone>").withQuery("lt", 1));
        String before = found("ep", "ep", "d-3");
        assertThat(before).contains("et=\"x\"");
        await().until(() -> !found("ep").contains("d-2"));

        harness.restartGateway();
        sensor = harness.reconnect(sensor);
        reader = harness.reconnect(reader);
        assertThat(found("ep")).isEqualTo(before);

        harness.cloud.order(harness.network.leave("d-3", leaver.identity));
        harness.awaitHeight(harness.network);
        assertThat(found("ep")).isEmpty();
        assertThat(found("res")).isEmpty();
    }

    private static ClientRequest paged(int page, int count) {
        return ClientRequest.get("/rd-lookup/res").withQuery("page", page).withQuery("count", count);
    }

    private static ClientRequest post(String links) {
        return ClientRequest.post("/rd", ContentFormat.LINK_FORMAT, Bytes.utf8(links));
    }

    private static String registered(TestDevice device, ClientRequest request) throws Exception {
        CoapResponse response = device.send(request);
        assertThat(response.code()).isEqualTo(Code.CREATED);
        return "/" + String.join("/", response.locationPath());
    }

    private static String code(TestDevice device, ClientRequest request) throws Exception {
        return TestDevice.code(device.send(request));
    }

    private String found(String what, String... filter) throws Exception {
        ClientRequest request = ClientRequest.get("/rd-lookup/" + what);
        CoapResponse response = reader.send(filter.length == 0 ? request : request.withQuery(filter[0], filter[1]));
        assertThat(response.code()).isEqualTo(Code.CONTENT);
        assertThat(response.contentFormat()).hasValue(ContentFormat.LINK_FORMAT);
        return response.payload().toUtf8();
    }
}
