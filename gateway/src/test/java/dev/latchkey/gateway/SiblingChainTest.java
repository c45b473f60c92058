package dev.latchkey.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.coap.ClientRequest;
import dev.latchkey.coap.CoapResponse;
import dev.latchkey.coap.Code;
import dev.latchkey.coap.Method;
import dev.latchkey.cose.StrictEcVerifier;
import dev.latchkey.gateway.harness.GatewayHarness;
import dev.latchkey.gateway.harness.TestCloud;
import dev.latchkey.gateway.harness.TestDevice;
import dev.latchkey.gateway.harness.TestNetwork;
import dev.latchkey.proof.CheckpointVerifier;
import dev.latchkey.proof.ConsistencyProof;
import dev.latchkey.proof.EvidenceFile;
import dev.latchkey.proof.HeaderProof;
import dev.latchkey.proof.KeyHistory;
import dev.latchkey.proof.KeyProof;
import dev.latchkey.proof.KeysProof;
import dev.latchkey.proof.PolicyChain;
import dev.latchkey.proof.Receipt;
import dev.latchkey.proof.VerifiedAbsence;
import dev.latchkey.proof.VerifiedCheckpoint;
import dev.latchkey.proof.VerifiedPolicy;
import dev.latchkey.protocol.ContentFormat;
import dev.latchkey.transaction.Identity;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A gateway that serves Seattle is asked about Tacoma. */
class SiblingChainTest {
    @TempDir
    Path directory;

    private TestNetwork tacoma;
    private GatewayHarness harness;
    private TestDevice device;

    @BeforeEach
    void start() throws Exception {
        TestNetwork seattle = new TestNetwork();
        tacoma = new TestNetwork("tacoma", seattle);
        seattle.befriend(tacoma);
        tacoma.befriend(seattle);
        tacoma.joined("d-9");
        harness = new GatewayHarness(directory, List.of(seattle), new TestCloud(seattle, tacoma));
        device = harness.member("d-1");
    }

    @AfterEach
    void stop() throws Exception {
        harness.close();
    }

    @Test
    void everyAnswerLeadsBackToTheSiblingsChainId() throws Exception {
        VerifiedCheckpoint first = checkpoint();
        long height = first.checkpoint().height();
        CoapResponse key = device.send(ask("/k/d-9").withQuery("p", 1).withQuery("h", height));
        assertThat(KeyProof.verify(first, "d-9", key.payload()).record().name()).isEqualTo("d-9");
        CoapResponse absent = device.send(ask("/k/d-8").withQuery("p", 1).withQuery("h", height));
        assertThat(KeyProof.find(first, "d-8", absent.payload())).isInstanceOf(VerifiedAbsence.class);
        assertThat(device.send(ask("/k/d-9")).payload())
                .isEqualTo(tacoma.state().member("d-9").orElseThrow().encode());
        List<String> names = List.of("d-8", "d-9");
        CoapResponse several = device.send(fetch(names).withQuery("h", height));
        assertThat(KeysProof.verify(first, names, several.payload()))
                .extracting(finding -> finding instanceof VerifiedAbsence)
                .containsExactly(true, false);
        assertThat(TestDevice.code(device.send(fetch(names).withQuery("h", height + 1))))
                .isEqualTo("stale-height");
        assertThat(TestDevice.code(device.send(fetch(List.of("d-9", "d-9"))))).isEqualTo("malformed");
        assertThat(TestDevice.code(device.send(fetch(List.of("No name"))))).isEqualTo("bad-name");
        CoapResponse history = device.send(ask("/k/d-9").withQuery("v", 1).withQuery("h", height));
        assertThat(KeyHistory.verify(first, "d-9", history.payload())).isNotNull();
        assertThat(TestDevice.code(device.send(ask("/k/d-8")))).isEqualTo("unknown-name");
        CoapResponse header = device.send(ask("/b/0").withQuery("p", 1).withQuery("h", height));
        assertThat(HeaderProof.verify(first, 0, header.payload()).height()).isZero();
        assertThat(TestDevice.code(device.send(ask("/b/0")))).isEqualTo("not-allowed");
        assertThat(TestDevice.code(device.send(ask("/k/d-9").withQuery("p", 1).withQuery("h", height + 1))))
                .isEqualTo("stale-height");

        Identity identity = Identity.generate(tacoma.random);
        Bytes join = tacoma.join("d-2", identity, tacoma.voucher("*", 1));
        CoapResponse joined = device.send(
                ClientRequest.post("/t", ContentFormat.COSE_SIGN, join).withQuery("n", "tacoma"));
        assertThat(joined.code()).isEqualTo(Code.CREATED);
        assertThat(Receipt.verify(joined.payload(), join, policy(), StrictEcVerifier.bouncy()))
                .isNotNull();
        await().until(() -> checkpoint().checkpoint().height() > height);
        VerifiedCheckpoint second = checkpoint();
        CoapResponse path = device.send(ask("/c").withQuery("a", height));
        assertThat(ConsistencyProof.verify(first, second, path.payload())).isEqualTo(second);
    }

    @Test
    void whatTheCloudMakesUpIsNotPassedOn() throws Exception {
        VerifiedCheckpoint held = checkpoint();
        harness.cloud.tamper(TestBlocks::withOneBitChanged);
        CoapResponse key = device.send(
                ask("/k/d-9").withQuery("p", 1).withQuery("h", held.checkpoint().height()));
        assertThat(key.code()).isEqualTo(Code.BAD_GATEWAY);
        assertThat(TestDevice.code(key)).isEqualTo("cloud-fault");
    }

    @Test
    void aForkOfTheSiblingIsProvedAndItsSignersCountNoLonger() throws Exception {
        long good = checkpoint().checkpoint().height();
        tacoma.rollBackTo(good - 1);
        tacoma.joined("d-7");
        tacoma.joined("d-6");

        await().until(() -> device.send(ask("/h")).code().equals(Code.BAD_GATEWAY));

        await().until(() -> tacoma.witnesses.evidence().size() == 1);
        Bytes proof = tacoma.witnesses.evidence().get(0);
        assertThat(EvidenceFile.verify(tacoma.chain, proof, StrictEcVerifier.bouncy())
                        .liars())
                .containsExactly(tacoma.replica.publicKey());
        assertThat(harness.gateway().status().siblingEvidence()).isOne();
        assertThat(harness.chain().evidence()).isZero();
        assertThat(TestDevice.code(device.send(ask("/h")))).isEqualTo("cloud-fault");
        assertThat(harness.gateway().status().siblingEvidence()).isOne();

        harness.restartGateway();
        device = harness.reconnect(device);
        assertThat(TestDevice.code(device.send(ask("/h")))).isEqualTo("cloud-fault");
        assertThat(tacoma.witnesses.evidence()).containsOnly(proof);
        assertThat(harness.gateway().status().siblingEvidence()).isOne();
    }

    @Test
    void whileTheCloudIsAwayOnlyWhatIsKeptIsAnswered() throws Exception {
        VerifiedCheckpoint held = checkpoint();
        ClientRequest known =
                ask("/k/d-9").withQuery("p", 1).withQuery("h", held.checkpoint().height());
        Bytes before = device.send(known).payload();
        harness.cloud.stop();
        assertThat(device.send(known).payload()).isEqualTo(before);
        CoapResponse other = device.send(
                ask("/k/d-8").withQuery("p", 1).withQuery("h", held.checkpoint().height()));
        assertThat(other.code()).isEqualTo(Code.SERVICE_UNAVAILABLE);
        assertThat(TestDevice.code(other)).isEqualTo("cloud-away");
        CoapResponse stranger = device.send(ClientRequest.get("/h").withQuery("n", "olympia"));
        assertThat(TestDevice.code(stranger)).isEqualTo("unknown-chain");
    }

    private VerifiedCheckpoint checkpoint() throws Exception {
        return CheckpointVerifier.verify(device.send(ask("/h")).payload(), policy(), StrictEcVerifier.bouncy());
    }

    private VerifiedPolicy policy() throws Exception {
        List<Bytes> walk = Cbor.decodeSequence(device.send(ask("/g")).payload(), 1 << 20).stream()
                .map(SiblingChainTest::bytes)
                .toList();
        return PolicyChain.verify(tacoma.chain, walk, StrictEcVerifier.bouncy());
    }

    private static Bytes bytes(Item item) {
        try {
            return item.asBytes();
        } catch (MalformedCborException e) {
            throw new AssertionError(e);
        }
    }

    private static ClientRequest ask(String path) {
        return ClientRequest.get(path).withQuery("n", "tacoma");
    }

    private static ClientRequest fetch(List<String> names) {
        return ClientRequest.of(Method.FETCH, "/k")
                .withPayload(
                        ContentFormat.CBOR,
                        Cbor.encode(Cbor.array(names.stream().map(Cbor::text).toList())))
                .withQuery("n", "tacoma");
    }
}
