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
import dev.latchkey.protocol.ContentFormat;
import dev.latchkey.transaction.MemberRecord;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A device that takes its gateway's word, and the lies that it notices all the same. */
class DeviceDelegatedTest extends DeviceFixture {
    private final AtomicInteger checks = new AtomicInteger();

    private DeviceSettings delegated() {
        EcVerifier counting = (key, message, signature) -> {
            checks.incrementAndGet();
            return TestGateway.VERIFIER.verify(key, message, signature);
        };
        return DeviceSettings.standard(counting)
                .withOptions(settings.options())
                .withPatience(Duration.ofMillis(20), Duration.ofMillis(50), Duration.ofSeconds(2))
                .withMode(Verification.DELEGATED);
    }

    private Device trusting(String name) throws Exception {
        return keep(Device.await(
                Device.join(temp.resolve(name), gateway.handOver("*"), name, delegated(), threads), LONGEST));
    }

    private MemberKey key(Device device) throws Exception {
        return Device.await(device.key("bob", Duration.ZERO), LONGEST);
    }

    private MemberRecord bob() {
        return gateway.member("bob").orElseThrow();
    }

    private void tellOnce(MemberRecord record) {
        gateway.lie("k", CoapResponse.content(ContentFormat.CBOR, record.encode()));
    }

    @Test
    void itSealsOnTheGatewaysWordWithoutCheckingASignature() throws Exception {
        Listening heard = listen(join("bob"));
        Device ann = trusting("ann");
        checks.set(0);
        assertThat(send(ann, "bob", 1).openerBytes()).isPositive();
        assertThat(checks).hasValue(0);
        assertThat(gateway.count("c")).isZero();
        await().untilAsserted(() -> assertThat(heard.values).containsExactly(1.0));
    }

    @Test
    void itOpensWhatWasSentToItWithTheSignatureOfTheOpenerAlone() throws Exception {
        Device bob = trusting("bob");
        Device ann = join("ann");
        Listening heard = listen(bob);
        checks.set(0);
        send(ann, "bob", 1);
        send(ann, "bob", 2);
        await().untilAsserted(() -> assertThat(heard.values).containsExactly(1.0, 2.0));
        assertThat(checks).hasValue(1);
        Device.await(ann.rotate(Set.of(KeyPurpose.SIG)), LONGEST);
        send(ann, "bob", 3);
        await().untilAsserted(() -> assertThat(heard.values).containsExactly(1.0, 2.0, 3.0));
    }

    @Test
    void whatIsToldIsNeverTakenForProved() throws Exception {
        join("bob");
        Device ann = trusting("ann");
        assertThat(key(ann)).isInstanceOf(ToldKey.class);
        assertThat(key(ann).isProved()).isFalse();
        assertThat(Device.await(ann.key("bob"), LONGEST).record()).isEqualTo(bob());
        fails(DeviceException.Kind.UNKNOWN_MEMBER, () -> Device.await(ann.key("nobody", Duration.ZERO), LONGEST));
        ann.close();
        // What was told while it took the gateway's word does not count when it no longer does.
        join("carl");
        Device again = keep(Device.await(Device.open(temp.resolve("ann"), delegated(), threads), LONGEST));
        Device.await(again.key("carl", Duration.ZERO), LONGEST);
        again.close();
        Device proving = reopen("ann");
        assertThat(Device.await(proving.key("carl", Duration.ofHours(1)), LONGEST)
                        .isProved())
                .isTrue();
    }

    @Test
    void aWrongKeyIsNotNoticed() throws Exception {
        join("bob");
        MemberRecord mallory = new MemberRecord(
                "bob",
                bob().id(),
                bob().sequence(),
                bob().state(),
                bob().role(),
                dev.latchkey.transaction.Identity.generate(gateway.random).keys(),
                bob().height(),
                Optional.empty(),
                Optional.empty());
        Device ann = trusting("ann");
        tellOnce(mallory);
        assertThat(key(ann).record().keys()).isEqualTo(mallory.keys());
        // It is when the gateway tells the truth once.
        fails(DeviceException.Kind.DECEIVED, () -> key(ann));
        assertThat(key(ann).record()).isEqualTo(bob());
    }

    @Test
    void aKeyThatIsOlderThanOneSeenIsNoticedAlsoAfterARestart() throws Exception {
        Device bob = join("bob");
        MemberRecord old = bob();
        Device ann = trusting("ann");
        Device.await(bob.rotate(Set.of(KeyPurpose.KEX)), LONGEST);
        key(ann);
        tellOnce(old);
        fails(DeviceException.Kind.DECEIVED, () -> key(ann));
        assertThat(key(ann).record()).isEqualTo(bob());
        ann.close();
        Device again = keep(Device.await(Device.open(temp.resolve("ann"), delegated(), threads), LONGEST));
        gateway.forgedKeyAnswer = Optional.of(old.encode());
        for (int i = 0; i < 3; i++) {
            fails(DeviceException.Kind.UNPROVED, () -> key(again));
        }
    }

    @Test
    void aRecordThatWasMadeUpDoesNotShutTheMemberOutForEver() throws Exception {
        join("bob");
        Device ann = trusting("ann");
        MemberRecord high = bob();
        for (int i = 0; i < 50; i++) {
            high = high.next(1_000_000);
        }
        tellOnce(high);
        assertThat(key(ann).record()).isEqualTo(high);
        fails(DeviceException.Kind.DECEIVED, () -> key(ann));
        assertThat(key(ann).record()).isEqualTo(bob());
        send(ann, "bob", 1);
    }

    @Test
    void aGatewayThatIsOnlyBehindIsWaitedForAndNoLiar() throws Exception {
        Device bob = join("bob");
        Device ann = trusting("ann");
        Device.await(bob.rotate(Set.of(KeyPurpose.KEX)), LONGEST);
        assertThat(key(ann).record().sequence()).isEqualTo(2);
        MemberRecord newer = bob();
        Bytes rotation;
        synchronized (gateway) {
            rotation = gateway.chain.applied.get(gateway.chain.applied.size() - 1);
            gateway.chain.rewind(newer.height() - 1);
        }
        var asked = ann.key("bob", Duration.ZERO);
        long before = gateway.count("h");
        await().until(() -> gateway.count("h") > before + 1 || asked.isDone());
        gateway.apply(rotation);
        assertThat(Device.await(asked, LONGEST).record()).isEqualTo(newer);
    }

    @Test
    void aHeadThatWasMadeUpDoesNotStopTheDeviceForEver() throws Exception {
        join("bob");
        Device ann = trusting("ann");
        Checkpoint honest = gateway.chain.state.checkpoint();
        Checkpoint high = new Checkpoint(
                honest.chain(),
                1_000_000,
                honest.blockHash(),
                honest.historyRoot(),
                honest.directoryRoot(),
                honest.policyNumber(),
                honest.timeMillis());
        gateway.lie(
                "h",
                CoapResponse.content(
                        ContentFormat.COSE_SIGN,
                        SignedCheckpoint.sign(high, KeyPair.generate(gateway.random), Instant.now())
                                .encode()));
        assertThatThrownBy(() -> send(ann, "bob", 1)).isInstanceOf(DeviceException.class);
        ann.close();
        Device again = keep(Device.await(
                Device.open(temp.resolve("ann"), delegated().withKeyAge(Duration.ZERO), threads), LONGEST));
        fails(DeviceException.Kind.DECEIVED, () -> send(again, "bob", 2));
        send(again, "bob", 3);
    }

    @Test
    void aTruncatedChainIsNotSealedUnder() throws Exception {
        Device ann = trusting("ann");
        join("bob");
        happen("carl");
        send(ann, "bob", 1);
        ann.close();
        synchronized (gateway) {
            gateway.chain.rewind(2);
            gateway.sessions.clear();
        }
        Device again = keep(Device.await(Device.open(temp.resolve("ann"), delegated(), threads), LONGEST));
        fails(DeviceException.Kind.UNREACHABLE, () -> send(again, "bob", 2));
    }

    @Test
    void aForkedChainIsNoticedAtTheSameHeightAndConvictsTheReplicas() throws Exception {
        Device ann = trusting("ann");
        join("bob");
        happen("carl");
        send(ann, "bob", 1);
        ann.close();
        synchronized (gateway) {
            gateway.chain.rewind(2);
            gateway.sessions.clear();
        }
        happen("mal");
        Device again = keep(Device.await(Device.open(temp.resolve("ann"), delegated(), threads), LONGEST));
        fails(DeviceException.Kind.CONTRADICTED, () -> send(again, "bob", 2));
        try (var files = Files.list(temp.resolve("ann"))) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .anyMatch(name -> name.startsWith("evidence-") && name.endsWith(".cbor"));
        }
    }

    @Test
    void aForkedChainConvictsTheReplicasAlsoWhereSomethingLowerWasProved() throws Exception {
        Device ann = trusting("ann");
        join("bob");
        Device.await(ann.checkpoint(), LONGEST);
        happen("carl");
        send(ann, "bob", 1);
        synchronized (gateway) {
            gateway.chain.rewind(2);
            gateway.sessions.clear();
        }
        happen("mal");
        fails(DeviceException.Kind.CONTRADICTED, () -> send(ann, "bob", 2));
    }

    @Test
    void whatIsNoAnswerIsNotTaken() throws Exception {
        join("bob");
        join("carl");
        Device ann = trusting("ann");
        gateway.lie("k", CoapResponse.content(ContentFormat.CBOR, Bytes.of(new byte[] {1, 2, 3})));
        fails(DeviceException.Kind.UNPROVED, () -> key(ann));
        tellOnce(gateway.member("carl").orElseThrow());
        fails(DeviceException.Kind.UNPROVED, () -> key(ann));
        gateway.lie("h", CoapResponse.content(ContentFormat.COSE_SIGN, Bytes.of(new byte[500])));
        fails(DeviceException.Kind.UNPROVED, () -> send(ann, "bob", 1));
    }

    @Test
    void aServerThatIsNotItsGatewayIsNotTakenAtItsWord() throws Exception {
        trusting("ann").close();
        gateway.restart(KeyPair.generate(gateway.random));
        fails(
                DeviceException.Kind.UNPROVED,
                () -> Device.await(Device.open(temp.resolve("ann"), delegated(), threads), LONGEST));
    }
}
