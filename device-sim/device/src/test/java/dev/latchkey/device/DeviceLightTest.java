package dev.latchkey.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.checkpoint.Checkpoint;
import dev.latchkey.checkpoint.SignedCheckpoint;
import dev.latchkey.coap.CoapResponse;
import dev.latchkey.cose.EcVerifier;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.proof.EvidenceFile;
import dev.latchkey.proof.KeyProof;
import dev.latchkey.protocol.ContentFormat;
import dev.latchkey.protocol.HandOver;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a device checks with little, and what it no longer believes. */
class DeviceLightTest extends DeviceFixture {
    private Bytes evidence(String name) throws Exception {
        try (Stream<Path> files = Files.list(temp.resolve(name))) {
            Path file = files.filter(each -> each.getFileName().toString().startsWith("evidence"))
                    .findFirst()
                    .orElseThrow();
            return Bytes.wrap(Files.readAllBytes(file));
        }
    }

    @Test
    void aSleeperResynchronisesWithOneProofAndOneSignature() throws Exception {
        AtomicInteger checks = new AtomicInteger();
        EcVerifier counting = (key, message, signature) -> {
            checks.incrementAndGet();
            return TestGateway.VERIFIER.verify(key, message, signature);
        };
        DeviceSettings counted = DeviceSettings.standard(counting).withOptions(settings.options());
        Device ann = keep(Device.await(
                Device.join(temp.resolve("ann"), gateway.handOver("*"), "ann", counted, threads), LONGEST));
        Device.await(ann.checkpoint(), LONGEST);
        for (int i = 0; i < 20; i++) {
            happen("d-" + i);
        }
        checks.set(0);
        long policies = gateway.count("g");
        assertThat(Device.await(ann.checkpoint(), LONGEST).checkpoint().height())
                .isEqualTo(21);
        assertThat(checks).hasValue(1);
        assertThat(gateway.count("c")).isEqualTo(1);
        ann.close();
        happen("d-last");
        Device again = keep(Device.await(Device.open(temp.resolve("ann"), counted, threads), LONGEST));
        Device.await(again.checkpoint(), LONGEST);
        assertThat(gateway.count("c")).isEqualTo(2);
        assertThat(gateway.count("g")).isEqualTo(policies);
    }

    @Test
    void whatIsShownToBeContinuedLateDoesNotTakeTheDeviceBack() throws Exception {
        Device ann = join("ann");
        Device.await(ann.checkpoint(), LONGEST);
        happen("bob");
        gateway.loseAnswer("c");
        var slow = ann.checkpoint();
        await().until(() -> gateway.count("c") > 0);
        happen("carl");
        assertThat(Device.await(ann.checkpoint(), LONGEST).checkpoint().height())
                .isEqualTo(3);
        assertThat(Device.await(slow, LONGEST).checkpoint().height()).isEqualTo(3);
    }

    @Test
    void twoHistoriesAreKeptAsEvidenceAndTheGatewayIsTrustedNoMore() throws Exception {
        Device ann = join("ann");
        happen("bob");
        Device.await(ann.checkpoint(), LONGEST);
        synchronized (gateway) {
            gateway.chain.rewind(1);
        }
        happen("mal");
        fails(DeviceException.Kind.CONTRADICTED, () -> Device.await(ann.checkpoint(), LONGEST));
        assertThat(EvidenceFile.verify(gateway.chain.id(), evidence("ann"), TestGateway.VERIFIER)
                        .liars())
                .containsExactly(gateway.chain.replica.publicKey());
        fails(DeviceException.Kind.CONTRADICTED, () -> send(ann, "mal", 1));
        happen("higher");
        fails(DeviceException.Kind.CONTRADICTED, () -> Device.await(ann.key("mal"), LONGEST));
        ann.close();
        Device again = reopen("ann");
        fails(DeviceException.Kind.CONTRADICTED, () -> send(again, "mal", 1));
        synchronized (gateway) {
            assertThat(gateway.chain.offers).isNotEmpty();
        }
    }

    @Test
    void aReplicaThatEvidenceStruckIsBelievedNoLongerThanAnHour() throws Exception {
        Device ann = join("ann");
        happen("bob");
        Device.await(ann.checkpoint(), LONGEST);
        ann.close();
        synchronized (gateway) {
            gateway.chain.strikeReplica();
        }
        Path policy = temp.resolve("ann/chains/" + gateway.chain.id().toHex() + ".policy");
        Files.setLastModifiedTime(policy, FileTime.from(Instant.now().minus(Duration.ofMinutes(61))));
        Device again = reopen("ann");
        fails(DeviceException.Kind.UNPROVED, () -> Device.await(again.checkpoint(), LONGEST));
    }

    @Test
    void evidenceThatWasWalkedOverIsNotForgottenWhenTheGatewayLeavesItOut() throws Exception {
        Device ann = join("ann");
        happen("bob");
        Device.await(ann.checkpoint(), LONGEST);
        ann.close();
        List<Bytes> without;
        synchronized (gateway) {
            without = List.copyOf(gateway.chain.policyTransactions);
            gateway.chain.strikeReplica();
        }
        Path policy = temp.resolve("ann/chains/" + gateway.chain.id().toHex() + ".policy");
        Files.setLastModifiedTime(policy, FileTime.from(Instant.now().minus(Duration.ofMinutes(61))));
        Device again = reopen("ann");
        fails(DeviceException.Kind.UNPROVED, () -> Device.await(again.checkpoint(), LONGEST));
        synchronized (gateway) {
            gateway.chain.policyTransactions.clear();
            gateway.chain.policyTransactions.addAll(without);
        }
        // A policy number that the device does not know makes it ask for the whole walk.
        Checkpoint honest = gateway.chain.state.checkpoint();
        Checkpoint ahead = new Checkpoint(
                honest.chain(),
                honest.height(),
                honest.blockHash(),
                honest.historyRoot(),
                honest.directoryRoot(),
                honest.policyNumber() + 1,
                honest.timeMillis());
        gateway.lie(
                "h",
                CoapResponse.content(
                        ContentFormat.COSE_SIGN,
                        SignedCheckpoint.sign(ahead, gateway.chain.replica, Instant.now())
                                .encode()));
        fails(DeviceException.Kind.UNPROVED, () -> Device.await(again.checkpoint(), LONGEST));
        fails(DeviceException.Kind.UNPROVED, () -> Device.await(again.checkpoint(), LONGEST));
        again.close();
        Device third = reopen("ann");
        fails(DeviceException.Kind.UNPROVED, () -> Device.await(third.checkpoint(), LONGEST));
    }

    @Test
    void policiesThatAreDeletedWhileTheDeviceRunsAreNotMissed() throws Exception {
        AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
        Device ann = keep(Device.await(
                Device.join(
                        temp.resolve("ann"),
                        gateway.handOver("*"),
                        "ann",
                        settings.withClock(new SetClock(now)),
                        threads),
                LONGEST));
        Device.await(ann.checkpoint(), LONGEST);
        try (var files = Files.walk(temp.resolve("ann/chains"))) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
        now.updateAndGet(then -> then.plus(Duration.ofMinutes(61)));
        assertThat(Device.await(ann.checkpoint(), LONGEST).checkpoint().height())
                .isEqualTo(1);
    }

    @Test
    void aGatewayThatGoesBackIsNotFollowed() throws Exception {
        Device ann = join("ann");
        happen("bob");
        assertThat(Device.await(ann.checkpoint(), LONGEST).checkpoint().height())
                .isEqualTo(2);
        ann.close();
        synchronized (gateway) {
            gateway.chain.rewind(1);
        }
        DeviceSettings hasty = settings.withPatience(
                java.time.Duration.ofMillis(20), java.time.Duration.ofMillis(50), java.time.Duration.ofMillis(200));
        Device again = keep(Device.await(Device.open(temp.resolve("ann"), hasty, threads), LONGEST));
        fails(DeviceException.Kind.UNREACHABLE, () -> Device.await(again.checkpoint(), LONGEST));
    }

    @Test
    void anOldRecordIsNotProvedUnderANewerCheckpoint() throws Exception {
        Device ann = join("ann");
        Device bob = join("bob");
        Bytes old = KeyProof.answer(gateway.chain.state, "bob");
        Device.await(bob.rotate(Set.of(KeyPurpose.KEX)), LONGEST);
        gateway.forgedKeyAnswer = Optional.of(old);
        fails(DeviceException.Kind.UNPROVED, () -> Device.await(ann.key("bob"), LONGEST));
        fails(DeviceException.Kind.UNPROVED, () -> send(ann, "bob", 1));
    }

    @Test
    void nobodyOfANameIsProved() throws Exception {
        Device ann = join("ann");
        assertThatThrownBy(() -> Device.await(ann.key("nobody"), LONGEST))
                .isInstanceOfSatisfying(DeviceException.class, e -> {
                    assertThat(e.kind()).isEqualTo(DeviceException.Kind.UNKNOWN_MEMBER);
                    assertThat(e.height()).hasValue(1);
                });
    }

    @Test
    void aCheckpointThatTooFewWitnessesCosignedIsNotSealedUnder() throws Exception {
        join("bob");
        Device ann = keep(Device.await(
                Device.join(temp.resolve("ann"), gateway.handOver("*"), "ann", settings.withWitnesses(1), threads),
                LONGEST));
        fails(DeviceException.Kind.UNWITNESSED, () -> send(ann, "bob", 1));
    }

    @Test
    void whoKnowsOnlyTheChainIdFindsTodaysReplicasAndItsGateway() throws Exception {
        gateway.chain.replaceReplica();
        HandOver old = gateway.handOver(
                "*", KeyPair.generate(gateway.random).publicKey(), Instant.now().plusSeconds(60));
        join("bob");
        gateway.chain.replaceReplica();
        Device ann = keep(Device.await(Device.join(temp.resolve("ann"), old, "ann", settings, threads), LONGEST));
        send(ann, "bob", 1);
    }
}
