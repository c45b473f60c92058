package dev.latchkey.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.latchkey.coap.Code;
import dev.latchkey.cose.EcVerifier;
import dev.latchkey.proof.VerifiedKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** What becomes of a device whose changes fail half-way, are overtaken by its closing, or never come. */
class DeviceSuccessionTest extends DeviceFixture {
    private static final Set<KeyPurpose> KEX = Set.of(KeyPurpose.KEX);

    @Test
    void aChangeOfKeysAfterWhichTheGatewayIsAwayLeavesADeviceThatGoesOn() throws Exception {
        Device ann = join("ann");
        Device bob = join("bob");
        Listening heard = listen(bob);
        gateway.fault("p", TestGateway.problem(Code.FORBIDDEN, "not-now"));
        fails(DeviceException.Kind.REFUSED, () -> Device.await(bob.rotate(KEX), LONGEST));
        send(ann, "bob", 1);
        await().untilAsserted(() -> assertThat(heard.values).containsExactly(1.0));
        Device.await(bob.rotate(Set.of(KeyPurpose.DTLS)), LONGEST);
        send(bob, "ann", 2);
        assertThat(gateway.member("bob").orElseThrow().sequence()).isEqualTo(3);
    }

    @Test
    void whatIsSealedToANewKeyBeforeItsOwnerKnowsThatItIsCurrentArrives() throws Exception {
        Device ann = join("ann");
        Device bob = join("bob");
        Listening heard = listen(bob);
        gateway.loseAnswer("t");
        CompletableFuture<VerifiedKey> change = bob.rotate(KEX);
        await().until(() -> gateway.member("bob").orElseThrow().sequence() == 2);
        send(ann, "bob", 1);
        Device.await(change, LONGEST);
        await().untilAsserted(() -> assertThat(heard.values).containsExactly(1.0));
        assertThat(heard.dropped).isEmpty();
    }

    @Test
    void aChangeThatIsRefusedLeavesTheInboxRead() throws Exception {
        Device ann = join("ann");
        Device bob = join("bob");
        Listening heard = listen(bob);
        gateway.fault("t", TestGateway.problem(Code.FORBIDDEN, "not-allowed"));
        fails(DeviceException.Kind.REFUSED, () -> Device.await(bob.rotate(KEX), LONGEST));
        send(ann, "bob", 1);
        await().untilAsserted(() -> assertThat(heard.values).containsExactly(1.0));
    }

    @Test
    void aMoveAfterWhichTheGatewayIsAwayLeavesADeviceThatGoesOn() throws Exception {
        TestChain tacoma = new TestChain("tacoma", gateway.gateway);
        synchronized (gateway) {
            gateway.chains.add(tacoma);
            gateway.chain.siblingOf(tacoma, true);
            tacoma.siblingOf(gateway.chain, true);
        }
        Device ann = join("ann");
        Device bob = join("bob");
        Listening heard = listen(bob);
        gateway.fault("p", TestGateway.problem(Code.FORBIDDEN, "not-now"));
        fails(
                DeviceException.Kind.REFUSED,
                () -> Device.await(bob.relocate("tacoma", "bob", Duration.ofMinutes(15)), LONGEST));
        assertThat(bob.chainName()).isEqualTo("tacoma");
        send(ann, "bob@tacoma", 1);
        await().untilAsserted(() -> assertThat(heard.values).containsExactly(1.0));
        send(bob, "ann@seattle", 2);
    }

    @Test
    void whatTheClosingOvertookWritesNothingAndConnectsNoMore() throws Exception {
        AtomicReference<Runnable> atCheck = new AtomicReference<>(() -> {});
        EcVerifier closing = (key, message, signature) -> {
            atCheck.getAndSet(() -> {}).run();
            return TestGateway.VERIFIER.verify(key, message, signature);
        };
        DeviceSettings watched = DeviceSettings.standard(closing)
                .withOptions(settings.options())
                .withPatience(settings.firstWait(), settings.longestWait(), settings.giveUpAfter());
        Device ann = keep(Device.await(
                Device.join(temp.resolve("ann"), gateway.handOver("*"), "ann", watched, threads), LONGEST));
        // The own record is proved under the checkpoint at hand: the next signature is that of the receipt.
        Device.await(ann.key("ann"), LONGEST);
        long sent = gateway.count("t");
        long greeted = gateway.count("p");
        atCheck.set(() -> atCheck.set(ann::close));
        CompletableFuture<VerifiedKey> change = ann.rotate(KEX);
        fails(DeviceException.Kind.CLOSED, () -> Device.await(change, LONGEST));
        assertThat(gateway.count("t")).isEqualTo(sent + 1);
        assertThat(gateway.count("p")).isEqualTo(greeted);
        assertThat(temp.resolve("ann/change.cose")).exists();
        Device again = reopen("ann");
        assertThat(gateway.member("ann").orElseThrow().sequence()).isEqualTo(2);
        assertThat(temp.resolve("ann/change.cose")).doesNotExist();
        again.close();
    }

    @Test
    void toReceiveMayBeTriedAgainWhenItCouldNotBegin() throws Exception {
        Device ann = join("ann");
        Device bob = join("bob");
        Path damaged = Files.createDirectory(temp.resolve("bob/former")).resolve("0.pem");
        Files.createFile(damaged, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Listening heard = new Listening();
        fails(DeviceException.Kind.STORE, () -> Device.await(bob.receive(heard), LONGEST));
        Files.delete(damaged);
        bob.receive(heard);
        send(ann, "bob", 1);
        await().untilAsserted(() -> assertThat(heard.values).containsExactly(1.0));
        bob.close();
        fails(DeviceException.Kind.CLOSED, () -> Device.await(bob.receive(heard), LONGEST));
    }

    @Test
    void aDeviceThatStaysConnectedErasesItsFormerKeys() throws Exception {
        join("ann").close();
        AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
        Means means = Means.of(DeviceFiles.at(temp.resolve("ann")), settings.withClock(new SetClock(now)), threads);
        Opening opening = new Opening(means);
        Succession course = new Succession(
                means, opening.member().thenCompose(opening::open).get(LONGEST.toSeconds(), TimeUnit.SECONDS));
        Device.await(course.rotate(KEX), LONGEST);
        assertThat(means.keys().formerKex()).hasSize(1);
        now.updateAndGet(then -> then.plus(Duration.ofDays(400)));
        Device.await(CompletableFuture.supplyAsync(course::tick, means.lane()).thenCompose(swept -> swept), LONGEST);
        assertThat(means.keys().formerKex()).isEmpty();
        course.close();
    }

    @Test
    void anAgeMayBeLongerThanTime() throws Exception {
        Device ann = keep(Device.await(
                Device.join(
                        temp.resolve("ann"),
                        gateway.handOver("*"),
                        "ann",
                        settings.withKeyAge(Duration.ofSeconds(Long.MAX_VALUE)),
                        threads),
                LONGEST));
        join("bob");
        Device.await(ann.key("bob"), LONGEST);
        send(ann, "bob", 1);
    }

    @Test
    void aDeviceWhoseThreadsHaveEndedIsClosedAllTheSame() throws Exception {
        DeviceThreads own = new DeviceThreads(1, 1);
        Device ann =
                Device.await(Device.join(temp.resolve("ann"), gateway.handOver("*"), "ann", settings, own), LONGEST);
        own.close();
        fails(DeviceException.Kind.CLOSED, () -> Device.await(ann.checkpoint(), LONGEST));
        ann.close();
        ann.close();
        assertThat(reopen("ann").name()).isEqualTo("ann");
    }

    @Test
    void aNameThatNobodyCanHaveIsNotAskedFor() throws Exception {
        Device ann = join("ann");
        long asked = gateway.count("k");
        for (String name : new String[] {"", "Ann", "../membership", "a/b?c", "nul\0", "a@B"}) {
            fails(DeviceException.Kind.UNKNOWN_MEMBER, () -> Device.await(ann.key(name), LONGEST));
            fails(DeviceException.Kind.UNKNOWN_MEMBER, () -> Device.await(ann.key(name, LONGEST), LONGEST));
            fails(
                    DeviceException.Kind.MOVING,
                    () -> Device.await(ann.relocate("tacoma", name, Duration.ofMinutes(15)), LONGEST));
        }
        assertThat(gateway.count("k")).isEqualTo(asked);
    }
}
