package dev.latchkey.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.latchkey.cose.EcVerifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Keys that a device has looked up before, and what it costs to look them up again. */
class DeviceKeyAgeTest extends DeviceFixture {
    private final AtomicInteger checks = new AtomicInteger();
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.now());

    private DeviceSettings counted() {
        EcVerifier counting = (key, message, signature) -> {
            checks.incrementAndGet();
            return TestGateway.VERIFIER.verify(key, message, signature);
        };
        return DeviceSettings.standard(counting)
                .withOptions(settings.options())
                .withPatience(settings.firstWait(), settings.longestWait(), settings.giveUpAfter())
                .withClock(new SetClock(now));
    }

    private Device ann(DeviceSettings with) throws Exception {
        return keep(
                Device.await(Device.join(temp.resolve("ann"), gateway.handOver("*"), "ann", with, threads), LONGEST));
    }

    private Device again(DeviceSettings with) throws Exception {
        return keep(Device.await(Device.open(temp.resolve("ann"), with, threads), LONGEST));
    }

    private Path kept(String name) {
        return temp.resolve("ann/chains/" + gateway.chain.id().toHex() + ".keys/" + name);
    }

    private MemberKey key(Device device, Duration maxAge) throws Exception {
        return Device.await(device.key("bob", maxAge), LONGEST);
    }

    @Test
    void aKeyKnowsItsAgeAndIsNotAskedForWhileItIsYoungEnough() throws Exception {
        join("bob");
        Device ann = ann(counted());
        MemberKey first = key(ann, Duration.ZERO);
        assertThat(first).isInstanceOf(ProvedKey.class);
        assertThat(first.isProved()).isTrue();
        assertThat(first.age(now.get())).isZero();
        happen("somebody");
        now.updateAndGet(then -> then.plusSeconds(300));
        long asked = gateway.count("k") + gateway.count("h");
        assertThat(key(ann, Duration.ofMinutes(5)).age(now.get())).isEqualTo(Duration.ofMinutes(5));
        assertThat(gateway.count("k") + gateway.count("h")).isEqualTo(asked);
        assertThat(key(ann, Duration.ofMinutes(4)).age(now.get())).isZero();
        assertThat(gateway.count("c")).isEqualTo(1);
    }

    @Test
    void afterARestartAYoungKeyIsSealedToWithoutAskingAndWithoutCheckingASignature() throws Exception {
        join("bob");
        Device ann = ann(counted());
        key(ann, Duration.ZERO);
        ann.close();
        Device again = again(counted());
        checks.set(0);
        long asked = gateway.count("k") + gateway.count("h") + gateway.count("g") + gateway.count("c");
        assertThat(send(again, "bob", 1).openerBytes()).isPositive();
        assertThat(gateway.count("k") + gateway.count("h") + gateway.count("g") + gateway.count("c"))
                .isEqualTo(asked);
        assertThat(checks).hasValue(0);
    }

    @Test
    void afterARestartAnOldKeyIsProvedAgainWithOneSignatureAndNoWalk() throws Exception {
        join("bob");
        Device ann = ann(counted().withKeyAge(Duration.ZERO));
        key(ann, Duration.ZERO);
        ann.close();
        now.updateAndGet(then -> then.plusSeconds(120));
        Device again = again(counted());
        checks.set(0);
        long walks = gateway.count("g");
        long proofs = gateway.count("k");
        assertThat(key(again, Duration.ofMinutes(1)).age(now.get())).isZero();
        // The same head: the checkpoint alone tells that the record is still the one.
        assertThat(checks).hasValue(1);
        assertThat(gateway.count("k")).isEqualTo(proofs);
        happen("somebody");
        assertThat(key(again, Duration.ZERO).isProved()).isTrue();
        assertThat(checks).hasValue(2);
        assertThat(gateway.count("k")).isEqualTo(proofs + 1);
        assertThat(gateway.count("g")).isEqualTo(walks);
    }

    @Test
    void aKeyIsAsOldAsTheCheckpointUnderWhichItIsProved() throws Exception {
        join("bob");
        Device ann = ann(counted());
        Device.await(ann.checkpoint(), LONGEST);
        now.updateAndGet(then -> then.plus(Duration.ofMinutes(9)));
        gateway.loseAnswer("k");
        var slow = ann.key("bob", Duration.ofMinutes(10));
        await().until(() -> gateway.count("k") > 0);
        // While that is under way the gateway is asked for a newer checkpoint.
        happen("somebody");
        Device.await(ann.checkpoint(), LONGEST);
        assertThat(Device.await(slow, LONGEST).age(now.get())).isEqualTo(Duration.ofMinutes(9));
        assertThat(key(ann, Duration.ofMinutes(8)).age(now.get())).isZero();
    }

    @Test
    void aKeyOlderThanTheSettingsAllowIsAskedForBeforeItIsSealedTo() throws Exception {
        Device bob = join("bob");
        Device ann = ann(counted().withKeyAge(Duration.ofMinutes(2)));
        key(ann, Duration.ZERO);
        Device.await(bob.rotate(Set.of(KeyPurpose.KEX)), LONGEST);
        now.updateAndGet(then -> then.plusSeconds(121));
        long sent = gateway.count("m");
        send(ann, "bob", 1);
        assertThat(gateway.count("m")).isEqualTo(sent + 2);
    }

    @Test
    void damagedFilesOfKeysAreAskedForAnew() throws Exception {
        join("bob");
        Device ann = ann(counted());
        key(ann, Duration.ZERO);
        ann.close();
        byte[] whole = Files.readAllBytes(kept("bob"));
        for (int cut : new int[] {0, 1, whole.length / 2, whole.length - 1}) {
            Files.write(kept("bob"), java.util.Arrays.copyOf(whole, cut));
            Device again = again(counted());
            assertThat(key(again, Duration.ofDays(1)).isProved()).isTrue();
            again.close();
            assertThat(Files.readAllBytes(kept("bob"))).hasSize(whole.length);
        }
        Files.delete(kept("bob"));
        Files.createDirectory(kept("bob"));
        Device again = again(counted());
        fails(DeviceException.Kind.STORE, () -> key(again, Duration.ofDays(1)));
    }

    @Test
    void damagedPoliciesAndCheckpointsAreAskedForAnew() throws Exception {
        join("bob");
        Device ann = ann(counted());
        key(ann, Duration.ZERO);
        ann.close();
        for (String what : new String[] {"policy", "checkpoint", "walked"}) {
            Path file = temp.resolve("ann/chains/" + gateway.chain.id().toHex() + "." + what);
            Files.write(file, new byte[] {1, 2, 3});
            Device again = again(counted());
            assertThat(key(again, Duration.ZERO).isProved()).isTrue();
            again.close();
        }
    }

    @Test
    void filesWithAWrongBitAreAskedForAnew() throws Exception {
        join("bob");
        Device ann = ann(counted());
        MemberKey honest = key(ann, Duration.ZERO);
        ann.close();
        Path checkpoint = temp.resolve("ann/chains/" + gateway.chain.id().toHex() + ".checkpoint");
        for (Path file : new Path[] {kept("bob"), checkpoint}) {
            byte[] whole = Files.readAllBytes(file);
            // Everything that is more than numbers: digests and keys among it.
            for (int at = 60; at < Math.min(whole.length, 400); at += 24) {
                byte[] damaged = Files.readAllBytes(file);
                damaged[at] ^= 1;
                Files.write(file, damaged);
                Device again = again(counted());
                assertThat(key(again, Duration.ofDays(1)).record())
                        .as(file + " at " + at)
                        .isEqualTo(honest.record());
                Device.await(again.checkpoint(), LONGEST);
                again.close();
            }
        }
        send(again(counted()), "bob", 1);
        try (var files = Files.list(temp.resolve("ann"))) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .noneMatch(name -> name.startsWith("evidence-") || name.startsWith("rollback-"));
        }
    }

    @Test
    void recordsThatGoBackUnderTheReplicasSignaturesAreNotTakenAndShown() throws Exception {
        Device bob = join("bob");
        Device ann = ann(counted());
        Device.await(bob.rotate(Set.of(KeyPurpose.KEX)), LONGEST);
        key(ann, Duration.ZERO);
        ann.close();
        // As if the device had seen one record more than the replicas now vouch for.
        KeptFiles keptFiles = new KeptFiles(temp.resolve("ann"), gateway.chain.id());
        KeptKey honest = keptFiles
                .key("bob")
                .flatMap(encoded -> KeptKey.decode("bob", encoded))
                .orElseThrow();
        KeptKey newer = new KeptKey(honest.record().next(honest.record().height()), honest.asked(), honest.proof());
        keptFiles.keepKey("bob", newer.encode());
        happen("somebody");
        Device again = again(counted());
        fails(DeviceException.Kind.CONTRADICTED, () -> key(again, Duration.ZERO));
        fails(DeviceException.Kind.CONTRADICTED, () -> Device.await(again.key("bob"), LONGEST));
        try (var files = Files.list(temp.resolve("ann"))) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .anyMatch(name -> name.startsWith("rollback-") && name.endsWith("-bob.cbor"));
        }
    }

    @Test
    void noMoreKeysAreKeptThanThereIsRoomFor() throws Exception {
        KeptFiles files = new KeptFiles(temp, gateway.chain.id());
        for (int i = 0; i < KeptFiles.MAX_KEYS + 3; i++) {
            files.keepKey("d-" + i, dev.latchkey.bytes.Bytes.utf8("x"));
        }
        try (var kept = Files.list(temp.resolve("chains/" + gateway.chain.id().toHex() + ".keys"))) {
            assertThat(kept).hasSize(KeptFiles.MAX_KEYS);
        }
        assertThatThrownBy(() -> counted().withKeyAge(Duration.ofSeconds(-1)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
