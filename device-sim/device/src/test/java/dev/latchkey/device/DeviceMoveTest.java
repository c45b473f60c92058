package dev.latchkey.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.latchkey.coap.Code;
import dev.latchkey.proof.VerifiedKey;
import dev.latchkey.transaction.MemberRecord;
import dev.latchkey.transaction.MemberState;
import dev.latchkey.transaction.RelocateOut;
import dev.latchkey.transaction.TransactionSigning;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A device moves to a sibling chain, whatever happens on the way. */
class DeviceMoveTest extends DeviceFixture {
    private static final Duration QUARTER = Duration.ofMinutes(15);

    private TestChain tacoma;

    @BeforeEach
    void makeSiblings() throws Exception {
        tacoma = new TestChain("tacoma", gateway.gateway);
        synchronized (gateway) {
            gateway.chains.add(tacoma);
            gateway.chain.siblingOf(tacoma, true);
            tacoma.siblingOf(gateway.chain, true);
        }
    }

    private VerifiedKey relocate(Device device, String nameThere) throws Exception {
        return Device.await(device.relocate("tacoma", nameThere, QUARTER), LONGEST);
    }

    private MemberRecord inTacoma(String name) {
        synchronized (gateway) {
            return tacoma.state.member(name).orElseThrow();
        }
    }

    /** A move on the disk of a device that is closed, as before it was sent. */
    private Move prepared(String name, Instant deadline) throws Exception {
        Membership self = DeviceFiles.at(temp.resolve(name)).membership().orElseThrow();
        RelocateOut out = new RelocateOut(name, 2, tacoma.id(), name, deadline.toEpochMilli());
        Move move = new Move(
                self.chain(),
                name,
                tacoma.id(),
                "tacoma",
                name,
                deadline.toEpochMilli(),
                TransactionSigning.of(out, self.chain())
                        .by(new KeyFiles(temp.resolve(name)).current().sig())
                        .finish()
                        .encode());
        DeviceFiles.at(temp.resolve(name)).keepMove(move);
        return move;
    }

    private void hasMoved(String name) {
        assertThat(inTacoma(name).isActive()).isTrue();
        assertThat(gateway.member(name).orElseThrow().state()).isEqualTo(new MemberState.Moved(tacoma.id(), name));
        assertThat(Files.exists(temp.resolve(name).resolve("move"))).isFalse();
    }

    @Test
    void whatIsSentBeforeDuringAndAfterAMoveArrivesOnce() throws Exception {
        Device ann = join("ann");
        Device bob = join("bob");
        Listening heard = new Listening();
        send(ann, "bob", 1);
        bob.close();
        send(ann, "bob", 2);
        bob = reopen("bob");
        bob.receive(heard);
        var during = ann.send("bob", pack(3));
        VerifiedKey there = relocate(bob, "bobby");
        Device.await(during, LONGEST);
        assertThat(there.under().checkpoint().chain()).isEqualTo(tacoma.id());
        assertThat(bob.name()).isEqualTo("bobby");
        assertThat(bob.chainName()).isEqualTo("tacoma");
        send(ann, "bob", 4);
        ann.close();
        ann = reopen("ann");
        send(ann, "bob", 5);
        send(ann, "bobby@tacoma", 6);
        Device.await(bob.rotate(java.util.Set.of(KeyPurpose.KEX)), LONGEST);
        send(ann, "bob", 7);
        await().untilAsserted(
                        () -> assertThat(heard.values).containsExactlyInAnyOrder(1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0));
        assertThat(heard.dropped).isEmpty();
        assertThat(Device.await(ann.key("bob"), LONGEST).record()).isEqualTo(inTacoma("bobby"));

        Listening answers = listen(ann);
        send(bob, "ann@seattle", 8);
        await().untilAsserted(() -> assertThat(answers.values).containsExactly(8.0));
        assertThat(answers.senders).containsExactly("bobby@tacoma");
        fails(DeviceException.Kind.UNKNOWN_MEMBER, () -> send(reopened(bobClosed(), "bob"), "ann@nowhere", 9));
    }

    private Runnable bobClosed() {
        return () ->
                devices.stream().filter(device -> device.name().equals("bobby")).forEach(Device::close);
    }

    private Device reopened(Runnable before, String name) throws Exception {
        before.run();
        return reopen(name);
    }

    @Test
    void aMoveThatACrashCutShortAnywhereIsBroughtToItsEnd() throws Exception {
        for (String name : new String[] {"before", "out", "in"}) {
            join(name).close();
            Move move = prepared(name, Instant.now().plus(QUARTER));
            if (!name.equals("before")) {
                gateway.apply(move.out());
            }
            if (name.equals("in")) {
                // The process died after it sent relocate-in: the answer is lost, the membership is the old one.
                Membership old = DeviceFiles.at(temp.resolve(name)).membership().orElseThrow();
                reopen(name).close();
                DeviceFiles.at(temp.resolve(name)).keep(old);
                DeviceFiles.at(temp.resolve(name)).keepMove(move);
            }
            Device moved = reopen(name);
            assertThat(moved.chainName()).isEqualTo("tacoma");
            hasMoved(name);
        }
    }

    @Test
    void answersThatAreLostAndLiesDelayAMoveAndNothingElse() throws Exception {
        Device ann = join("ann");
        gateway.loseAnswer("t");
        relocate(ann, "ann");
        hasMoved("ann");
        Device bob = join("bob");
        gateway.lie("t", TestGateway.problem(Code.FORBIDDEN, "not-allowed"));
        fails(DeviceException.Kind.REFUSED, () -> relocate(bob, "bob"));
        assertThat(gateway.member("bob").orElseThrow().isActive()).isFalse();
        relocate(bob, "bob");
        hasMoved("bob");
    }

    @Test
    void whoWasNotTakenInBeforeTheDeadlineGoesBack() throws Exception {
        join("bob");
        join("ann").close();
        Instant deadline = Instant.now().plusMillis(1_500);
        Move move = prepared("ann", deadline);
        gateway.apply(move.out());
        await().until(() -> Instant.now().isAfter(deadline));
        fails(DeviceException.Kind.MOVING, () -> reopen("ann"));
        synchronized (gateway) {
            // Something happens there after the deadline, which proves that the member is not there.
            tacoma.siblingOf(gateway.chain, true);
        }
        Device ann = reopen("ann");
        assertThat(ann.chainName()).isEqualTo("seattle");
        assertThat(gateway.member("ann").orElseThrow().isActive()).isTrue();
        assertThat(Files.exists(temp.resolve("ann/move"))).isFalse();
        send(ann, "bob", 1);
    }

    @Test
    void aSiblingThatWasAddedAfterTheLastLookIsFound() throws Exception {
        Device ann = join("ann");
        TestChain spokane = new TestChain("spokane", gateway.gateway);
        synchronized (gateway) {
            gateway.chains.add(spokane);
            gateway.chain.siblingOf(spokane, true);
            spokane.siblingOf(gateway.chain, true);
        }
        Device.await(ann.relocate("spokane", "ann", QUARTER), LONGEST);
        assertThat(ann.chainName()).isEqualTo("spokane");
    }

    @Test
    void aMoveThatCannotSucceedIsNotBegun() throws Exception {
        Device ann = join("ann");
        fails(DeviceException.Kind.MOVING, () -> Device.await(ann.relocate("nowhere", "ann", QUARTER), LONGEST));
        fails(DeviceException.Kind.REFUSED, () -> relocate(ann, "admin"));
        synchronized (gateway) {
            tacoma.siblingOf(gateway.chain, false);
        }
        AtomicReference<Device> again = new AtomicReference<>();
        ann.close();
        Files.walk(temp.resolve("ann/chains"))
                .filter(Files::isRegularFile)
                .forEach(file -> file.toFile().delete());
        again.set(reopen("ann"));
        fails(DeviceException.Kind.MOVING, () -> relocate(again.get(), "ann"));
        assertThat(gateway.member("ann").orElseThrow().sequence()).isEqualTo(1);
        assertThat(Files.exists(temp.resolve("ann/move"))).isFalse();
    }
}
