package dev.latchkey.coap;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DiscoveryTest {
    private final Lab lab = new Lab();
    private CoapsClient client;

    @BeforeEach
    void serves() throws Exception {
        lab.start(lab.builder()
                .route("/k/{name}", Method.GET, request -> Lab.text(""), LinkAttributes.type("latchkey.key", 60))
                .route("/t", Method.POST, request -> Lab.text(""), LinkAttributes.type("latchkey.tx", 98))
                .observable("/t/{id}", request -> Lab.text(""), LinkAttributes.type("latchkey.tx", 60))
                .observable(
                        "/i",
                        request -> Lab.text(""),
                        LinkAttributes.type("latchkey.inbox", 63).withInterface("core.b"))
                .route("/p", Method.GET, request -> Lab.text("")));
        client = lab.client(lab.member("d-1"));
    }

    @AfterEach
    void stops() {
        lab.close();
    }

    private String links(String name, String value) throws Exception {
        return Lab.text(
                Lab.await(client.send(ClientRequest.get("/.well-known/core").withQuery(name, value))));
    }

    @Test
    void listsEveryShownResourceOnce() throws Exception {
        CoapResponse response = Lab.await(client.send(ClientRequest.get("/.well-known/core")));
        assertThat(response.contentFormat()).hasValue(40);
        assertThat(Lab.text(response))
                .isEqualTo("</i>;rt=\"latchkey.inbox\";if=\"core.b\";ct=63;obs,"
                        + "</k>;rt=\"latchkey.key\";ct=60,"
                        + "</t>;rt=\"latchkey.tx\";ct=\"60 98\";obs");
    }

    @Test
    void filtersByEachAttribute() throws Exception {
        String key = "</k>;rt=\"latchkey.key\";ct=60";
        assertThat(links("rt", "latchkey.key")).isEqualTo(key);
        assertThat(links("href", "/k")).isEqualTo(key);
        assertThat(links("href", "/k*")).isEqualTo(key);
        assertThat(links("rt", "latchkey.*")).contains("</i>", "</k>", "</t>");
        assertThat(links("if", "core.b")).startsWith("</i>").doesNotContain("</k>");
        assertThat(links("ct", "98")).startsWith("</t>").doesNotContain("</k>");
        assertThat(links("obs", "")).contains("</i>", "</t>").doesNotContain("</k>");
        assertThat(links("rt", "nothing")).isEmpty();
        assertThat(links("unknown", "x")).isEmpty();
    }

    @Test
    void severalFiltersMustAllFitAndEachWordCounts() throws Exception {
        assertThat(links(Map.of("ct", "60", "obs", ""))).startsWith("</t>").doesNotContain("</k>");
        assertThat(links(Map.of("ct", "98", "href", "/t*", "rt", "latchkey.*"))).startsWith("</t>");
        assertThat(links(Map.of("rt", "latchkey.key", "if", "core.b"))).isEmpty();
        assertThat(links(Map.of("ct", "9*"))).startsWith("</t>");
    }

    @Test
    void isNamedSoThatWhoHasItIsNotSentItAgain() throws Exception {
        CoapResponse first = Lab.await(client.send(ClientRequest.get("/.well-known/core")));
        assertThat(first.maxAgeSeconds()).isPresent();
        CoapResponse second = Lab.await(client.send(
                ClientRequest.get("/.well-known/core").withEtag(first.etag().orElseThrow())));
        assertThat(second.code()).isEqualTo(Code.VALID);
        CoapResponse other = Lab.await(client.send(ClientRequest.get("/.well-known/core")
                .withQuery("rt", "latchkey.key")
                .withEtag(first.etag().orElseThrow())));
        assertThat(other.code()).isEqualTo(Code.CONTENT);
    }

    @Test
    void refusesOtherFormats() throws Exception {
        CoapResponse json =
                Lab.await(client.send(ClientRequest.get("/.well-known/core").withAccept(50)));
        assertThat(json.code()).isEqualTo(Code.NOT_ACCEPTABLE);
    }

    private String links(Map<String, String> filters) throws Exception {
        ClientRequest request = ClientRequest.get("/.well-known/core");
        for (Map.Entry<String, String> filter : filters.entrySet()) {
            request = request.withQuery(filter.getKey(), filter.getValue());
        }
        return Lab.text(Lab.await(client.send(request)));
    }
}
