package dev.latchkey.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.latchkey.cose.KeyPair;
import dev.latchkey.proof.KeyProof;
import dev.latchkey.proof.VerifiedKey;
import dev.latchkey.protocol.HandOver;
import dev.latchkey.protocol.JoinTicket;
import dev.latchkey.transaction.Join;
import dev.latchkey.transaction.Role;
import dev.latchkey.transaction.Rotate;
import dev.latchkey.transaction.TransactionSigning;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How a device becomes a member, and whom and what it believes. */
class DeviceTrustTest extends DeviceFixture {
    @Test
    void aDeviceJoinsAndItsDirectoryIsItsOwnersAlone() throws Exception {
        Device ann = join("ann");
        assertThat(gateway.member("ann").orElseThrow().isActive()).isTrue();
        assertThat(ann.recordHeight()).isEqualTo(1);
        assertThat(ann.chain()).isEqualTo(gateway.chain.id());
        join("bob");
        send(ann, "bob", 1);
        try (Stream<Path> files = Files.walk(temp.resolve("ann"))) {
            for (Path file : (Iterable<Path>) files::iterator) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                        .as(file.toString())
                        .isEqualTo(Files.isDirectory(file) ? "rwx------" : "rw-------");
            }
        }
    }

    @Test
    void aJoinWhoseAnswerWasLostIsNotMadeTwice() throws Exception {
        gateway.loseAnswer("t");
        Device ann = join("ann");
        assertThat(gateway.count("t")).isGreaterThan(1);
        assertThat(gateway.member("ann").orElseThrow().sequence()).isEqualTo(1);
        assertThat(ann.recordHeight()).isEqualTo(1);
    }

    @Test
    void aJoinThatACrashCutShortIsFinishedWithTheSameKeys() throws Exception {
        HandOver handOver = gateway.handOver("*");
        Device first =
                keep(Device.await(Device.join(temp.resolve("ann"), handOver, "ann", settings, threads), LONGEST));
        first.close();
        // As if the process had died between the gateway's answer and the membership.
        Files.delete(temp.resolve("ann/membership"));
        Device again =
                keep(Device.await(Device.join(temp.resolve("ann"), handOver, "ann", settings, threads), LONGEST));
        assertThat(again.recordHeight()).isEqualTo(1);
        assertThat(Files.exists(temp.resolve("ann/join.cose"))).isFalse();
        long posted = gateway.count("t");
        again.close();
        keep(Device.await(Device.join(temp.resolve("ann"), handOver, "ann", settings, threads), LONGEST));
        assertThat(gateway.count("t")).isEqualTo(posted);
    }

    @Test
    void aDeviceWhoseKeysAnAdministratorEndorsedJoinsByATicketForThemAlone() throws Exception {
        NewKeys made = NewKeys.in(temp.resolve("ann"), gateway.random);
        Join join = new Join("ann", 1, Role.MEMBER, made.keys(), Optional.of(made.nextKey()), Optional.empty());
        JoinTicket ticket = gateway.ticket(join);
        Device ann = keep(Device.await(Device.join(temp.resolve("ann"), ticket, settings, threads), LONGEST));
        assertThat(gateway.member("ann").orElseThrow().keys()).isEqualTo(made.keys());
        NewKeys.in(temp.resolve("mal"), gateway.random);
        fails(
                DeviceException.Kind.STORE,
                () -> Device.await(Device.join(temp.resolve("mal"), ticket, settings, threads), LONGEST));
        Device.await(ann.rotate(Set.of(KeyPurpose.SIG)), LONGEST);
    }

    @Test
    void aNameThatIsTakenIsRefusedWithTheGatewaysWord() throws Exception {
        join("ann");
        CompletableFuture<Device> second =
                Device.join(temp.resolve("other"), gateway.handOver("*"), "ann", settings, threads);
        assertThatThrownBy(() -> Device.await(second, LONGEST)).isInstanceOfSatisfying(DeviceException.class, e -> {
            assertThat(e.kind()).isEqualTo(DeviceException.Kind.REFUSED);
            assertThat(e.problemCode()).contains("name-taken");
        });
        fails(
                DeviceException.Kind.STORE,
                () -> Device.await(
                        Device.join(temp.resolve("ann"), gateway.handOver("*"), "bob", settings, threads), LONGEST));
    }

    @Test
    void aKeyIsProvedAndAForgedAnswerIsNotBelieved() throws Exception {
        Device ann = join("ann");
        Device bob = join("bob");
        VerifiedKey proved = Device.await(ann.key("bob"), LONGEST);
        assertThat(proved.record().keys())
                .isEqualTo(gateway.member("bob").orElseThrow().keys());
        fails(DeviceException.Kind.UNKNOWN_MEMBER, () -> Device.await(ann.key("nobody"), LONGEST));
        join("mal");
        gateway.forgedKeyAnswer = Optional.of(KeyProof.answer(gateway.chain.state, "mal"));
        fails(DeviceException.Kind.UNPROVED, () -> Device.await(ann.key("bob"), LONGEST));
        join("carl");
        fails(DeviceException.Kind.UNPROVED, () -> send(ann, "carl", 1));
        assertThat(bob.name()).isEqualTo("bob");
    }

    @Test
    void aCheckpointThatIsForgedOrTooOldIsNotReliedOn() throws Exception {
        Device ann = join("ann");
        join("bob");
        gateway.chain.checkpointAge = Duration.ofMinutes(11);
        fails(DeviceException.Kind.STALE, () -> send(ann, "bob", 1));
        gateway.chain.checkpointAge = Duration.ZERO;
        gateway.chain.checkpointSigner = KeyPair.generate(gateway.random);
        fails(DeviceException.Kind.UNPROVED, () -> Device.await(ann.checkpoint(), LONGEST));
    }

    @Test
    void aServerWithAKeyThatTheChainDoesNotNameIsRefused() throws Exception {
        join("ann").close();
        gateway.restart(KeyPair.generate(gateway.random));
        fails(
                DeviceException.Kind.UNPROVED,
                () -> Device.await(Device.open(temp.resolve("ann"), settings, threads), LONGEST));
    }

    @Test
    void aGatewayKeyThatTheDeviceDidNotKnowIsTakenWhenTheChainProvesIt() throws Exception {
        join("bob");
        HandOver old = gateway.handOver(
                "*", KeyPair.generate(gateway.random).publicKey(), Instant.now().plusSeconds(60));
        Device ann = keep(Device.await(Device.join(temp.resolve("ann"), old, "ann", settings, threads), LONGEST));
        send(ann, "bob", 1);
        ann.close();
        long asked = gateway.count("h");
        reopen("ann");
        assertThat(gateway.count("h")).isEqualTo(asked);
    }

    /** Nobody opens it anew: it is the same device before and after, whatever it does first. */
    @ParameterizedTest
    @EnumSource(Delivery.class)
    void aDeviceThatRunsGoesOnWithAGatewayThatChangedItsKey(Delivery delivery) throws Exception {
        Device ann = join("ann");
        Device bob = join("bob");
        Listening heard = listen(bob);
        send(ann, "bob", 1);
        await().until(() -> heard.values.equals(List.of(1.0)));
        KeyPair dtls = KeyPair.generate(gateway.random);
        Rotate rotate = new Rotate(
                TestGateway.NAME,
                2,
                Optional.empty(),
                Optional.empty(),
                Optional.of(dtls.publicKey()),
                Optional.empty());
        gateway.apply(TransactionSigning.of(rotate, gateway.chain.id())
                .by(gateway.gateway.sig())
                .possessedBy(dtls)
                .finish()
                .encode());

        gateway.restart(dtls);

        Device.await(ann.send("bob", pack(2), delivery), LONGEST);
        send(ann, "bob", 3);
        await().until(() -> heard.values.contains(3.0));
        assertThat(heard.dropped).isEmpty();
        assertThat(heard.shutOut).isEmpty();
        ann.close();
        send(reopen("ann"), "bob", 4);
    }

    @Test
    void aDeviceThatRunsTellsNothingToAServerWhoseKeyIsNotProved() throws Exception {
        Device ann = join("ann");
        join("bob");
        send(ann, "bob", 1);
        long sent = gateway.count("m");

        gateway.restart(KeyPair.generate(gateway.random));

        fails(DeviceException.Kind.UNPROVED, () -> send(ann, "bob", 2));
        assertThat(gateway.count("m")).isEqualTo(sent);
    }

    @Test
    void whoLeftIsNotSentToAndDoesNotConnect() throws Exception {
        Device ann = join("ann");
        Device bob = join("bob");
        Device.await(bob.leave(), LONGEST);
        fails(DeviceException.Kind.NOT_ACTIVE, () -> send(ann, "bob", 1));
        fails(
                DeviceException.Kind.CLOSED,
                () -> Device.await(Device.open(temp.resolve("bob"), settings, threads), LONGEST));
        fails(DeviceException.Kind.CLOSED, () -> send(bob, "ann", 1));
    }

    @Test
    void aDirectoryHasOneUserAtATime() throws Exception {
        Device ann = join("ann");
        fails(
                DeviceException.Kind.STORE,
                () -> Device.await(Device.open(temp.resolve("ann"), settings, threads), LONGEST));
        ann.close();
        assertThat(reopen("ann").name()).isEqualTo("ann");
    }

    @Test
    void aDirectoryWithoutAMemberIsToldSo() {
        fails(
                DeviceException.Kind.STORE,
                () -> Device.await(Device.open(temp.resolve("none"), settings, threads), LONGEST));
    }

    @Test
    void aGatewayThatIsNotThereIsUnreachable() throws Exception {
        HandOver handOver = gateway.handOver("*");
        gateway.close();
        DeviceSettings hasty =
                settings.withPatience(Duration.ofMillis(20), Duration.ofMillis(50), Duration.ofMillis(100));
        fails(
                DeviceException.Kind.UNREACHABLE,
                () -> Device.await(Device.join(temp.resolve("ann"), handOver, "ann", hasty, threads), LONGEST));
    }
}
