package dev.latchkey.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.coap.ClientRequest;
import dev.latchkey.coap.CoapResponse;
import dev.latchkey.coap.Code;
import dev.latchkey.coap.Method;
import dev.latchkey.coap.ServedRoute;
import dev.latchkey.gateway.harness.GatewayHarness;
import dev.latchkey.gateway.harness.TestDevice;
import dev.latchkey.ledger.Outcome;
import dev.latchkey.proof.KeysProof;
import dev.latchkey.proof.VerifiedCheckpoint;
import dev.latchkey.protocol.ContentFormat;
import dev.latchkey.transaction.Identity;
import dev.latchkey.transaction.Role;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** How answers are named, kept, cut into blocks and told again. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AnswersTest {
    /** Routes whose answers have no ETag, each with the reason. */
    private static final Map<String, String> UNNAMED = Map.of("/p", "the time is another one at every moment");

    private GatewayHarness harness;
    private TestDevice device;
    private TestDevice auditor;
    private String transaction;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        harness = new GatewayHarness(directory);
        device = harness.served("d-1");
        Identity identity = Identity.generate(harness.network.random);
        Outcome joined = harness.cloud.order(harness.network.join("d-2", identity, harness.network.voucher("d-2", 1)));
        transaction = ((Outcome.Applied) joined).transactionId().toHex();
        Identity reader = harness.network.joinedAs(Role.AUDITOR, "auditor");
        harness.cloud.announce();
        harness.awaitHeight(harness.network);
        auditor = harness.connect("auditor", reader);
    }

    @AfterAll
    void stop() throws Exception {
        harness.close();
    }

    @Test
    void whatIsAskedForAgainWithItsETagIsNotSentAgain() throws Exception {
        Map<String, ClientRequest> samples = Map.of(
                "/k/{name}", ClientRequest.get("/k/d-1").withQuery("p", 1),
                "/k",
                        ClientRequest.of(Method.FETCH, "/k")
                                .withPayload(ContentFormat.CBOR, Cbor.encode(Cbor.array(Cbor.text("d-1")))),
                "/c", ClientRequest.get("/c").withQuery("a", 0),
                "/b/{height}", ClientRequest.get("/b/1"),
                "/t/{id}", ClientRequest.get("/t/" + transaction));
        Map<String, String> wrong = new TreeMap<>();
        for (ServedRoute route : harness.gateway().deviceRoutes()) {
            if (route.method() == Method.GET || route.method() == Method.FETCH) {
                ClientRequest sample = samples.getOrDefault(route.path(), ClientRequest.get(route.path()));
                String found = twice(sample);
                if (!found.equals(UNNAMED.containsKey(route.path()) ? "no ETag" : "2.03")) {
                    wrong.put(route.path(), found);
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    private String twice(ClientRequest request) throws Exception {
        CoapResponse first = auditor.send(request);
        if (!first.code().equals(Code.CONTENT)) {
            return first.code().toString();
        }
        if (first.maxAgeSeconds().isEmpty()) {
            return "no Max-Age";
        }
        if (first.etag().isEmpty()) {
            return "no ETag";
        }
        CoapResponse second = auditor.send(request.withEtag(first.etag().get()));
        return second.code().equals(Code.VALID) && !second.payload().isEmpty()
                ? "2.03 with a body"
                : second.code().toString();
    }

    @Test
    void observersOfTheCheckpointHearAtTheirOwnPace() throws Exception {
        BlockingQueue<CoapResponse> fast =
                device.observe(ClientRequest.get("/h").withQuery("pmin", 1));
        BlockingQueue<CoapResponse> slow = auditor.observe(ClientRequest.get("/h"));
        CoapResponse first = fast.poll(30, TimeUnit.SECONDS);
        assertThat(slow.poll(30, TimeUnit.SECONDS).maxAgeSeconds()).hasValue(60);
        long began = System.nanoTime();
        for (int i = 0; i < 3; i++) {
            harness.network.joined("paced-" + i);
            harness.cloud.announce();
        }
        harness.awaitHeight(harness.network);
        CoapResponse second = fast.poll(30, TimeUnit.SECONDS);
        assertThat(System.nanoTime() - began).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(500));
        assertThat(second.payload()).isNotEqualTo(first.payload());
        assertThat(device.get("/h").payload()).isEqualTo(second.payload());
        assertThat(slow).isEmpty();
        for (String pace : List.of("0", "86401", "-1", "01", "x", "")) {
            CoapResponse refused = device.observe(ClientRequest.get("/h").withQuery("pmin", pace))
                    .poll(30, TimeUnit.SECONDS);
            assertThat(refused.code()).as(pace).isEqualTo(Code.BAD_REQUEST);
            assertThat(TestDevice.code(refused)).isEqualTo("malformed");
        }
        assertThat(device.observe(ClientRequest.get("/h").withQuery("pmin", 86_400))
                        .poll(30, TimeUnit.SECONDS)
                        .maxAgeSeconds())
                .hasValue(86_400);
    }

    @Test
    void sixteenNamesAreAskedForAndAnsweredInBlocks() throws Exception {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < KeysProof.MAX_NAMES; i++) {
            String name = "a-member-with-quite-a-long-name-".substring(0, 30) + (char) ('a' + i);
            names.add(name);
            harness.network.joined(name);
        }
        harness.cloud.announce();
        harness.awaitHeight(harness.network);
        VerifiedCheckpoint head = device.checkpoint();
        Item[] items = names.stream().map(Cbor::text).toArray(Item[]::new);
        CoapResponse answer = device.send(ClientRequest.of(Method.FETCH, "/k")
                .withQuery("h", head.checkpoint().height())
                .withPayload(ContentFormat.CBOR, Cbor.encode(Cbor.array(items))));
        assertThat(answer.payload().size()).isGreaterThan(3_000);
        assertThat(KeysProof.verify(head, names, answer.payload())).hasSize(names.size());
    }

    @Test
    void theTimeIsAShortAnswer() throws Exception {
        CoapResponse answer = device.get("/p");
        assertThat(answer.maxAgeSeconds()).hasValue(0);
        assertThat(answer.payload().size()).isLessThan(32);
    }

    @Test
    void everyLinkSaysWhatItIsAndTheFiltersFindIt() throws Exception {
        Set<String> links = links(ClientRequest.get("/.well-known/core"));
        assertThat(links).isNotEmpty().allMatch(link -> link.contains(";rt=\"") && link.contains(";if=\""));
        assertThat(links(core("href", "/k"))).hasSize(1).allMatch(link -> link.startsWith("</k>"));
        assertThat(links(core("rt", "latchkey.*"))).isSubsetOf(links).hasSizeGreaterThan(8);
        assertThat(links(core("ct", "98")))
                .anyMatch(link -> link.startsWith("</h>"))
                .noneMatch(link -> link.startsWith("</i>"));
        assertThat(links(core("obs", "")))
                .anyMatch(link -> link.startsWith("</i>"))
                .noneMatch(link -> link.startsWith("</k>"));
        assertThat(links(core("if", "core.b").withQuery("obs", ""))).isSubsetOf(links);
        assertThat(links(core("rt", "nothing"))).isEmpty();
    }

    private static ClientRequest core(String filter, String value) {
        return ClientRequest.get("/.well-known/core").withQuery(filter, value);
    }

    private Set<String> links(ClientRequest request) throws Exception {
        Bytes body = device.send(request).payload();
        return body.isEmpty()
                ? Set.of()
                : List.of(body.toUtf8().split(",(?=<)")).stream().collect(Collectors.toSet());
    }
}
