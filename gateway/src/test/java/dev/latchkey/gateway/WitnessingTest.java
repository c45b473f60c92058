package dev.latchkey.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.checkpoint.SignedCheckpoint;
import dev.latchkey.coap.CoapResponse;
import dev.latchkey.coap.Code;
import dev.latchkey.cose.StrictEcVerifier;
import dev.latchkey.gateway.harness.GatewayHarness;
import dev.latchkey.gateway.harness.TestDevice;
import dev.latchkey.gateway.harness.TestNetwork;
import dev.latchkey.gateway.witness.WitnessRequest;
import dev.latchkey.host.AtomicFile;
import dev.latchkey.proof.EvidenceFile;
import dev.latchkey.proof.VerifiedCheckpoint;
import dev.latchkey.protocol.ContentFormat;
import dev.latchkey.protocol.Problem;
import dev.latchkey.transaction.Identity;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WitnessingTest {
    private static final Duration FRESH = Duration.ofMinutes(10);

    @TempDir
    Path directory;

    private GatewayHarness harness;
    private TestNetwork network;

    @BeforeEach
    void start() throws Exception {
        harness = new GatewayHarness(directory);
        network = harness.network;
    }

    @AfterEach
    void stop() throws Exception {
        harness.close();
    }

    @Test
    void devicesGetTheNewestHeadWithTheCosignaturesThatThePolicyAsksFor() throws Exception {
        TestDevice device = harness.member("d-1");
        Identity second = network.gatewayJoined("gateway-2");
        network.witnessedBy(2, "gateway", "gateway-2");
        harness.cloud.announce();
        harness.awaitHeight(network.state().height());
        SignedCheckpoint honest = network.checkpoint();
        await().until(() -> cosignatures(device) == 1);
        await().until(() -> network.witnesses.cosignatures().stream()
                .anyMatch(own -> own.checkpoint().equals(honest.checkpoint())));
        assertThat(harness.chain().cosigned()).hasValue(honest.checkpoint().height());

        network.witnesses.offer(SignedCheckpoint.sign(honest.checkpoint(), second.sig(), Instant.now())
                .with(honest));
        harness.cloud.announce();

        await().until(() -> cosignatures(device) == 2);
        network.joined("d-2");
        harness.cloud.announce();
        await().until(() -> harness.chain().signedHeight() == network.state().height());
        assertThat(device.checkpoint().checkpoint()).isEqualTo(honest.checkpoint());
        assertThat(harness.chain().checkpoint()).hasValue(network.state().height() - 1);
    }

    @Test
    void witnessesMeetAtAHeadThatIsNoLongerTheNewest() throws Exception {
        TestDevice device = harness.member("d-1");
        Identity second = network.gatewayJoined("gateway-2");
        network.witnessedBy(2, "gateway", "gateway-2");
        harness.cloud.announce();
        harness.awaitHeight(network.state().height());
        network.joined("d-2");
        SignedCheckpoint met = network.checkpoint();
        harness.cloud.announce();
        await().until(() -> harness.chain().signedHeight() == met.checkpoint().height());
        network.joined("d-3");
        harness.cloud.announce();
        await().until(() -> harness.chain().signedHeight() == network.state().height());

        network.witnesses.hasCosigned(SignedCheckpoint.sign(met.checkpoint(), second.sig(), Instant.now())
                .with(met));

        await().until(() -> cosignatures(device) == 2);
        assertThat(device.checkpoint().checkpoint()).isEqualTo(met.checkpoint());
    }

    @Test
    void whoBringsACheckpointGetsACosignatureOrTheReasonWhyNot() throws Exception {
        TestDevice device = harness.member("d-1");
        network.witnessedBy(1, "gateway");
        harness.cloud.announce();
        await().until(() ->
                harness.chain().cosigned().orElse(-1) == network.state().height());
        SignedCheckpoint good = network.checkpoint();
        long height = good.checkpoint().height();

        CoapResponse given = bring(device, OptionalLong.of(height), good);

        assertThat(given.code()).isEqualTo(Code.CHANGED);
        assertThat(given.contentFormat()).hasValue(ContentFormat.COSE_SIGN);
        SignedCheckpoint cosignature = SignedCheckpoint.decode(given.payload());
        assertThat(cosignature.parts()).hasSize(1);
        assertThat(cosignature.verifiedBy(
                        cosignature.parts().get(0), network.gateway.sig().publicKey(), StrictEcVerifier.bouncy()))
                .isTrue();

        CoapResponse other = bring(device, OptionalLong.of(0), good);
        assertThat(other.code()).isEqualTo(Code.CONFLICT);
        assertThat(Problem.decode(other.payload())).isEqualTo(new Problem("other-height", Long.toString(height)));
        SignedCheckpoint unsigned = SignedCheckpoint.sign(good.checkpoint(), network.admin.sig(), Instant.now());
        assertThat(code(device, unsigned)).isEqualTo("4.03 not-signed");
        assertThat(code(device, new TestNetwork().checkpoint())).isEqualTo("4.04 unknown-chain");
        assertThat(TestDevice.code(device.post("/w", ContentFormat.CBOR, Bytes.of((byte) 0x80))))
                .isEqualTo("malformed");
        assertThat(code(device, network.secondHead())).isEqualTo("4.22 inconsistent");
        await().until(() -> harness.chain().liars() == 1);
    }

    @Test
    void aCloudThatShowsAnotherHistoryIsProvedALiarAndTheGatewayStays() throws Exception {
        TestDevice device = harness.member("d-1");
        network.joined("d-2");
        harness.cloud.announce();
        harness.awaitHeight(2);
        VerifiedCheckpoint before = device.checkpoint();

        network.rollBackTo(1);
        network.joined("d-3");
        network.joined("d-4");
        network.joined("d-5");
        harness.cloud.announce();

        await().until(() -> harness.chain().liars() == 1);
        Path file = evidence();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        Bytes proof = AtomicFile.read(file, EvidenceFile.MAX_BYTES);
        assertThat(EvidenceFile.verify(network.chain, proof, StrictEcVerifier.bouncy())
                        .liars())
                .containsExactly(network.replica.publicKey());
        await().until(() -> network.witnesses.evidence().equals(List.of(proof)));
        await().until(() ->
                network.state().struck().contains(network.replica.publicKey().kid()));
        assertThat(harness.chain().height()).isEqualTo(2);
        assertThat(SignedCheckpoint.decode(device.get("/h").payload()).checkpoint())
                .isEqualTo(before.checkpoint());
        assertThat(device.get("/k/d-2").code()).isEqualTo(Code.CONTENT);
    }

    @Test
    void twoHeadsOfOneHeightEndTheTrustInTheirSignerForGood() throws Exception {
        TestDevice device = harness.member("d-1");
        network.witnesses.offer(network.secondHead());
        harness.cloud.announce();
        await().until(() -> harness.chain().liars() == 1);
        evidence();

        network.joined("d-2");
        harness.cloud.announce();

        await().until(() -> harness.chain().height() >= 2);
        harness.restartGateway();
        assertThat(harness.chain().liars()).isEqualTo(1);
        assertThat(harness.chain().checkpoint()).hasValue(1);
        assertThat(harness.chain().height()).isGreaterThan(1);
        assertThat(harness.reconnect(device).get("/k/d-2").code()).isEqualTo(Code.CONTENT);
    }

    private int cosignatures(TestDevice device) throws Exception {
        VerifiedCheckpoint head = device.checkpoint();
        return head.freshWitnesses(Instant.now(), FRESH);
    }

    private String code(TestDevice device, SignedCheckpoint checkpoint) throws Exception {
        CoapResponse response = bring(device, OptionalLong.of(1), checkpoint);
        return response.code() + " " + TestDevice.code(response);
    }

    private static CoapResponse bring(TestDevice device, OptionalLong oldHeight, SignedCheckpoint checkpoint)
            throws Exception {
        return device.post("/w", ContentFormat.CBOR, new WitnessRequest(oldHeight, List.of(), checkpoint).encode());
    }

    private Path evidence() throws Exception {
        try (Stream<Path> files = Files.list(directory.resolve("data/evidence"))) {
            List<Path> found = files.toList();
            assertThat(found).hasSize(1);
            return found.get(0);
        }
    }
}
