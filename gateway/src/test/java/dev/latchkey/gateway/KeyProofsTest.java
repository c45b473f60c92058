package dev.latchkey.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.coap.ClientRequest;
import dev.latchkey.coap.CoapResponse;
import dev.latchkey.coap.Code;
import dev.latchkey.coap.Method;
import dev.latchkey.gateway.harness.GatewayHarness;
import dev.latchkey.gateway.harness.TestDevice;
import dev.latchkey.proof.ConsistencyProof;
import dev.latchkey.proof.KeyFinding;
import dev.latchkey.proof.KeyHistory;
import dev.latchkey.proof.KeyProof;
import dev.latchkey.proof.KeysProof;
import dev.latchkey.proof.VerifiedAbsence;
import dev.latchkey.proof.VerifiedCheckpoint;
import dev.latchkey.proof.VerifiedHistory;
import dev.latchkey.protocol.ContentFormat;
import dev.latchkey.transaction.MemberRecord;
import dev.latchkey.transaction.Standing;
import dev.latchkey.transaction.TransactionSigning;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyProofsTest {
    @TempDir
    static Path directory;

    private static GatewayHarness harness;
    private static TestDevice device;
    private static VerifiedCheckpoint early;
    private static VerifiedCheckpoint head;

    @BeforeAll
    static void start() throws Exception {
        harness = new GatewayHarness(directory);
        device = harness.member("d-asker");
        early = device.checkpoint();
        harness.network.joined("d-2");
        harness.network.order(standing(Standing.Act.SUSPEND, 2));
        harness.network.order(standing(Standing.Act.RESUME, 3));
        harness.cloud.announce();
        harness.awaitHeight(harness.network.state().height());
        head = device.checkpoint();
    }

    @AfterAll
    static void stop() throws Exception {
        harness.close();
    }

    @Test
    void absenceIsProvedLikePresence() throws Exception {
        CoapResponse answer = under(head, ClientRequest.get("/k/d-nobody").withQuery("p", 1));

        assertThat(answer.code()).isEqualTo(Code.CONTENT);
        assertThat(answer.maxAgeSeconds()).hasValue(3_600);
        assertThat(KeyProof.find(head, "d-nobody", answer.payload())).isInstanceOf(VerifiedAbsence.class);
        CoapResponse again = under(
                head,
                ClientRequest.get("/k/d-nobody")
                        .withQuery("p", 1)
                        .withEtag(answer.etag().orElseThrow()));
        assertThat(again.code()).isEqualTo(Code.VALID);
        assertThat(again.payload()).isEqualTo(Bytes.EMPTY);
        assertThat(TestDevice.code(device.get("/k/d-nobody"))).isEqualTo("unknown-name");
    }

    @Test
    void presenceIsProvedUnderEveryHeadThatIsKept() throws Exception {
        CoapResponse then = under(early, ClientRequest.get("/k/d-2").withQuery("p", 1));
        CoapResponse now = under(head, ClientRequest.get("/k/d-2").withQuery("p", 1));

        assertThat(KeyProof.find(early, "d-2", then.payload())).isInstanceOf(VerifiedAbsence.class);
        assertThat(KeyProof.verify(head, "d-2", now.payload()).record().sequence())
                .isEqualTo(3);
    }

    @Test
    void aHistoryHoldsEveryVersionSinceTheFirst() throws Exception {
        CoapResponse answer = under(head, ClientRequest.get("/k/d-2").withQuery("v", 1));

        VerifiedHistory history = KeyHistory.verify(head, "d-2", answer.payload());
        assertThat(history.records()).extracting(MemberRecord::sequence).containsExactly(3L, 2L, 1L);
        assertThat(history.before()).isEmpty();
        assertThat(TestDevice.code(under(head, ClientRequest.get("/k/d-nobody").withQuery("v", 1))))
                .isEqualTo("unknown-name");
        assertThat(TestDevice.code(device.send(
                        ClientRequest.get("/k/d-2").withQuery("v", 1).withQuery("h", 999))))
                .isEqualTo("stale-height");
    }

    @Test
    void severalNamesShareOneProof() throws Exception {
        List<String> names = List.of("d-2", "d-nobody", "gateway");

        CoapResponse answer = fetch(names);

        List<KeyFinding> findings = KeysProof.verify(head, names, answer.payload());
        assertThat(findings.get(1)).isInstanceOf(VerifiedAbsence.class);
        assertThat(answer.etag()).isPresent();
        Bytes single =
                under(head, ClientRequest.get("/k/d-2").withQuery("p", 1)).payload();
        assertThat(answer.payload().size()).isLessThan(2 * single.size());
    }

    @Test
    void aQuestionForKeysIsOneToSixteenDifferentNames() throws Exception {
        String[] seventeen = new String[17];
        Arrays.setAll(seventeen, i -> "d-" + i);

        assertThat(TestDevice.code(fetch(List.of(seventeen)))).isEqualTo("malformed");
        assertThat(TestDevice.code(fetch(List.of()))).isEqualTo("malformed");
        assertThat(TestDevice.code(fetch(List.of("d-2", "d-2")))).isEqualTo("malformed");
        assertThat(TestDevice.code(fetch(List.of("D!")))).isEqualTo("bad-name");
        assertThat(TestDevice.code(device.send(ClientRequest.of(Method.FETCH, "/k")
                        .withPayload(ContentFormat.COSE_SIGN, Cbor.encode(Cbor.array(Cbor.text("d-2")))))))
                .isEqualTo("unsupported-format");
    }

    @Test
    void aSleeperResynchronisesWithOneConsistencyProof() throws Exception {
        CoapResponse answer = device.send(ClientRequest.get("/c")
                .withQuery("a", early.checkpoint().height())
                .withQuery("b", head.checkpoint().height()));

        assertThat(ConsistencyProof.verify(early, head, answer.payload())).isSameAs(head);
        CoapResponse newest = device.send(
                ClientRequest.get("/c").withQuery("a", early.checkpoint().height()));
        assertThat(newest.payload()).isEqualTo(answer.payload());
        assertThat(newest.maxAgeSeconds()).hasValue(1);
        assertThat(consistencyCode("a", 999)).isEqualTo("stale-height");
        assertThat(consistencyCode("b", 1)).isEqualTo("malformed");
        assertThat(TestDevice.code(
                        device.send(ClientRequest.get("/c").withQuery("a", 2).withQuery("b", 1))))
                .isEqualTo("malformed");
    }

    @Test
    void proofsAreForMembers() throws Exception {
        TestDevice holder = harness.holder(harness.network.voucher("*", 1));

        assertThat(TestDevice.code(holder.get("/c"))).isEqualTo("not-a-member");
        assertThat(TestDevice.code(holder.send(ClientRequest.of(Method.FETCH, "/k"))))
                .isEqualTo("not-a-member");
        assertThat(device.get("/.well-known/core").payload().toUtf8())
                .contains(
                        "</k>;rt=\"latchkey.key latchkey.keys\";if=\"latchkey.read\";ct=60",
                        "</c>;rt=\"latchkey.consistency\";");
    }

    private static String consistencyCode(String parameter, long value) throws Exception {
        return TestDevice.code(device.send(ClientRequest.get("/c").withQuery(parameter, value)));
    }

    private static CoapResponse fetch(List<String> names) throws Exception {
        Bytes body = Cbor.encode(Cbor.array(names.stream().map(Cbor::text).toList()));
        return under(head, ClientRequest.of(Method.FETCH, "/k").withPayload(ContentFormat.CBOR, body));
    }

    private static CoapResponse under(VerifiedCheckpoint checkpoint, ClientRequest request) throws Exception {
        return device.send(request.withQuery("h", checkpoint.checkpoint().height()));
    }

    private static Bytes standing(Standing.Act act, long sequence) {
        return TransactionSigning.of(new Standing(act, "d-2", sequence), harness.network.chain)
                .by(harness.network.admin.sig())
                .finish()
                .encode();
    }
}
