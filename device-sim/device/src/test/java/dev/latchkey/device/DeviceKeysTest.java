package dev.latchkey.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.latchkey.coap.Code;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.ledger.Outcome;
import dev.latchkey.protocol.HandOver;
import dev.latchkey.protocol.PartTransaction;
import dev.latchkey.transaction.Identity;
import dev.latchkey.transaction.MemberKeys;
import dev.latchkey.transaction.MemberRecord;
import dev.latchkey.transaction.RecoverByOperators;
import dev.latchkey.transaction.TransactionSigning;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A device changes its keys and never loses itself over it. */
class DeviceKeysTest extends DeviceFixture {
    private static final Set<KeyPurpose> ALL = EnumSet.allOf(KeyPurpose.class);

    private MemberKeys rotate(Device device, Set<KeyPurpose> which) throws Exception {
        return Device.await(device.rotate(which), LONGEST).record().keys();
    }

    private KeyFiles keyFiles(String name) {
        return new KeyFiles(temp.resolve(name));
    }

    /** A rotation of all keys on the disk of a device that is closed, as before it was sent. */
    private KeyChange prepared(String name) throws Exception {
        KeyFiles keys = keyFiles(name);
        KeyChange change = KeyChange.rotation(
                gateway.member(name).orElseThrow(),
                gateway.chain.id(),
                keys.current(),
                keys.next(),
                ALL,
                gateway.random);
        keys.prepare(change);
        return change;
    }

    private void isWholeWith(String name, KeyChange change, Identity before) throws Exception {
        KeyFiles keys = keyFiles(name);
        assertThat(keys.pending()).isEmpty();
        assertThat(keys.current().keys()).isEqualTo(change.over(before).keys());
        assertThat(KeyChange.commitment(keys.next()))
                .isEqualTo(gateway.member(name).orElseThrow().nextKey());
        try (var files = Files.list(temp.resolve(name))) {
            assertThat(files.map(file -> file.getFileName().toString())).noneMatch(file -> file.contains("new"));
        }
    }

    @Test
    void aJoinCommitsToTheKeyThatComesNextAndKeepsItForItsOwnerAlone() throws Exception {
        join("ann").close();
        Path next = temp.resolve("ann/next.pem");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(next)))
                .isEqualTo("rw-------");
        assertThat(gateway.member("ann").orElseThrow().nextKey())
                .isPresent()
                .isEqualTo(KeyChange.commitment(keyFiles("ann").next()));
    }

    @Test
    void newKeysDoNotMeetTheNoteOfAChangeThatWasDecided() throws Exception {
        join("ann").close();
        KeyChange change = prepared("ann");
        Identity before = keyFiles("ann").current();
        Files.createFile(temp.resolve("ann/change.done"));
        assertThatThrownBy(() -> keyFiles("ann").prepare(change)).hasMessageContaining("open it again");
        assertThatThrownBy(() -> keyFiles("ann").drop()).hasMessageContaining("open it again");
        keyFiles("ann").finish(Instant.now());
        assertThat(keyFiles("ann").current().keys())
                .isEqualTo(change.over(before).keys());
    }

    @Test
    void keysChangeWhileReadingsAreSentAndEachArrivesOnce() throws Exception {
        Device ann = join("ann");
        Device bob = join("bob");
        Listening heard = listen(bob);
        send(ann, "bob", 1);
        MemberRecord before = gateway.member("bob").orElseThrow();
        assertThat(rotate(bob, Set.of(KeyPurpose.KEX)).kex())
                .isNotEqualTo(before.keys().kex());
        send(ann, "bob", 2);
        for (KeyPurpose purpose : KeyPurpose.values()) {
            var sent = ann.send("bob", pack(3));
            rotate(ann, Set.of(purpose));
            Device.await(sent, LONGEST);
        }
        rotate(ann, ALL);
        send(ann, "bob", 4);
        await().untilAsserted(() -> assertThat(heard.values).containsExactly(1.0, 2.0, 3.0, 3.0, 3.0, 4.0));
        assertThat(heard.dropped).isEmpty();
        assertThat(gateway.member("ann").orElseThrow().sequence()).isEqualTo(6);
        ann.close();
        send(reopen("ann"), "bob", 5);
        await().untilAsserted(() -> assertThat(heard.values).endsWith(5.0));
    }

    @Test
    void whatWasSealedToTheOldKeyIsOpenedAfterTheChange() throws Exception {
        Device ann = join("ann");
        Device bob = join("bob");
        send(ann, "bob", 1);
        rotate(bob, ALL);
        bob.close();
        Listening heard = listen(reopen("bob"));
        await().untilAsserted(() -> assertThat(heard.values).containsExactly(1.0));
        assertThat(keyFiles("bob").formerKex()).hasSize(1);
    }

    @Test
    void whatWasSignedWithTheOldKeyIsOpenedAfterTheChange() throws Exception {
        Device ann = join("ann");
        Device bob = join("bob");
        send(ann, "bob", 1);
        rotate(ann, ALL);
        send(ann, "bob", 2);
        Listening heard = listen(bob);
        await().untilAsserted(() -> assertThat(heard.values).containsExactly(1.0, 2.0));
        assertThat(heard.dropped).isEmpty();
    }

    @Test
    void whatWasSignedWithAKeyThatTheNextKeyShutOutIsNotOpened() throws Exception {
        Device ann = join("ann");
        Device bob = join("bob");
        send(ann, "bob", 1);
        Device.await(ann.recover(), LONGEST);
        send(ann, "bob", 2);
        Listening heard = listen(bob);
        await().untilAsserted(() -> assertThat(heard.values).containsExactly(2.0));
        assertThat(heard.dropped).containsExactly("sender-not-current", "unknown-session");
    }

    @Test
    void aChangeThatWasNotSentYetIsSentAfterTheCrash() throws Exception {
        join("ann").close();
        Identity before = keyFiles("ann").current();
        KeyChange change = prepared("ann");
        reopen("ann");
        isWholeWith("ann", change, before);
    }

    @Test
    void aChangeThatTheChainTookBeforeTheCrashIsFoundThere() throws Exception {
        join("ann").close();
        Identity before = keyFiles("ann").current();
        KeyChange change = prepared("ann");
        assertThat(gateway.apply(change.transaction())).isInstanceOf(Outcome.Applied.class);
        reopen("ann").close();
        isWholeWith("ann", change, before);
        reopen("ann");
    }

    @Test
    void aCrashBetweenTheFilesOfAChangeMixesNothing() throws Exception {
        join("ann").close();
        Identity before = keyFiles("ann").current();
        KeyChange change = prepared("ann");
        gateway.apply(change.transaction());
        Files.createFile(
                temp.resolve("ann/change.done"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.move(temp.resolve("ann/sig.new.pem"), temp.resolve("ann/sig.pem"), StandardCopyOption.REPLACE_EXISTING);
        reopen("ann").close();
        isWholeWith("ann", change, before);
    }

    @Test
    void aJoinThatIsRepeatedAfterACrashBetweenTheFilesOfAChangeFinishesIt() throws Exception {
        join("ann").close();
        Identity before = keyFiles("ann").current();
        KeyChange change = prepared("ann");
        gateway.apply(change.transaction());
        Files.createFile(
                temp.resolve("ann/change.done"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        // The old key has gone to its place, the new one has not come yet.
        Path former = Files.createDirectory(temp.resolve("ann/former"));
        Files.move(
                temp.resolve("ann/kex.pem"),
                former.resolve(before.kex().publicKey().kid() + ".pem"));
        join("ann").close();
        isWholeWith("ann", change, before);
    }

    @Test
    void aChangeThatIsRefusedLeavesTheOldKeysInUseAndMayBeRepeated() throws Exception {
        Device ann = join("ann");
        join("bob");
        gateway.fault("t", TestGateway.problem(Code.FORBIDDEN, "not-allowed"));
        fails(DeviceException.Kind.REFUSED, () -> rotate(ann, ALL));
        send(ann, "bob", 1);
        MemberKeys keys = rotate(ann, Set.of(KeyPurpose.DTLS));
        assertThat(keys).isEqualTo(keyFiles("ann").current().keys());
        send(ann, "bob", 2);
    }

    @Test
    void aGatewayThatRefusesAndPassesTheChangeOnIsFoundOut() throws Exception {
        Device ann = join("ann");
        gateway.lie("t", TestGateway.problem(Code.FORBIDDEN, "not-allowed"));
        MemberKeys keys = rotate(ann, ALL);
        assertThat(keys).isEqualTo(gateway.member("ann").orElseThrow().keys());
        assertThat(keyFiles("ann").pending()).isEmpty();
    }

    @Test
    void aChangeWhoseNumberAnotherTookIsDropped() throws Exception {
        Device ann = join("ann");
        gateway.fault("t", TestGateway.problem(Code.FORBIDDEN, "not-allowed"));
        fails(DeviceException.Kind.REFUSED, () -> rotate(ann, ALL));
        KeyFiles keys = keyFiles("ann");
        KeyChange other = KeyChange.rotation(
                gateway.member("ann").orElseThrow(),
                gateway.chain.id(),
                keys.current(),
                keys.next(),
                Set.of(KeyPurpose.KEX),
                gateway.random);
        gateway.apply(other.transaction());
        fails(DeviceException.Kind.REFUSED, () -> rotate(ann, ALL));
        assertThat(keys.pending()).isEmpty();
    }

    @Test
    void theNextKeyTakesTheMemberBackFromWhoeverHasItsKeys() throws Exception {
        Device ann = join("ann");
        KeyPair next = keyFiles("ann").next().orElseThrow();
        Path thief = temp.resolve("thief");
        Files.createDirectory(thief);
        for (String file : new String[] {"sig.pem", "kex.pem", "dtls.pem", "membership"}) {
            Files.copy(temp.resolve("ann").resolve(file), thief.resolve(file), StandardCopyOption.COPY_ATTRIBUTES);
        }
        MemberRecord after = Device.await(ann.recover(), LONGEST).record();
        assertThat(after.keys().sig()).isEqualTo(next.publicKey());
        assertThat(after.nextKey())
                .isEqualTo(KeyChange.commitment(keyFiles("ann").next()));
        fails(DeviceException.Kind.NOT_ACTIVE, () -> reopen("thief"));
        join("bob");
        send(ann, "bob", 1);
    }

    @Test
    void newKeysThatOperatorsPutInThePlaceOfLostOnesAreTakenUp() throws Exception {
        join("bob");
        join("ann").close();
        HandOver handOver = gateway.handOver("*");
        Path place = temp.resolve("new");
        PartTransaction request = RecoveryRequest.sign(place, handOver, "ann", 2, gateway.random);
        gateway.apply(request.signedBy(gateway.chain.operator).finish().encode());
        fails(
                DeviceException.Kind.NOT_ACTIVE,
                () -> Device.await(Device.adopt(place, handOver, "ann", settings, threads), LONGEST));
        gateway.chain.aheadMillis = Duration.ofHours(73).toMillis();
        happen("d-later");
        Device ann = keep(Device.await(Device.adopt(place, handOver, "ann", settings, threads), LONGEST));
        assertThat(gateway.member("ann").orElseThrow().keys())
                .isEqualTo(keyFiles("new").current().keys());
        send(ann, "bob", 1);
        ann.close();
        reopen("new");
        fails(DeviceException.Kind.NOT_ACTIVE, () -> reopen("ann"));
    }

    @Test
    void aDeviceObjectsToARecoveryThatItDidNotAskFor() throws Exception {
        Device ann = join("ann");
        fails(DeviceException.Kind.REFUSED, () -> Device.await(ann.veto(), LONGEST));
        Identity other = Identity.generate(gateway.random);
        RecoverByOperators recover = new RecoverByOperators("ann", 2, other.keys(), Optional.empty());
        gateway.apply(TransactionSigning.of(recover, gateway.chain.id())
                .by(other.sig())
                .possessedBy(other.dtls())
                .by(gateway.chain.operator)
                .finish()
                .encode());
        assertThat(Device.await(ann.veto(), LONGEST).record().sequence()).isEqualTo(2);
    }
}
