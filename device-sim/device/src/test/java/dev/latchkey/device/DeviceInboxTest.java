package dev.latchkey.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.coap.Code;
import dev.latchkey.protocol.ContentFormat;
import dev.latchkey.transaction.Standing;
import dev.latchkey.transaction.TransactionSigning;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** What a device promises to who receives. */
class DeviceInboxTest extends DeviceFixture {
    @Test
    void whatWaitedBeforeTheRecipientConnectedArrives() throws Exception {
        Device ann = join("ann");
        join("bob").close();
        for (int i = 0; i < 40; i++) {
            send(ann, "bob", i);
        }
        Listening heard = listen(reopen("bob"));
        await().untilAsserted(() -> assertThat(heard.values).hasSize(40));
    }

    @Test
    void whatWasDeliveredButNotAcknowledgedIsNotDeliveredAgain() throws Exception {
        Device ann = join("ann");
        Device bob = join("bob");
        gateway.fault("d", TestGateway.problem(Code.FORBIDDEN, "not-allowed"));
        Listening before = listen(bob);
        send(ann, "bob", 1);
        await().untilAsserted(() -> assertThat(before.values).containsExactly(1.0));
        bob.close();
        // The gateway was restored from a backup: everything waits again, under numbers that begin anew.
        synchronized (gateway) {
            Bytes opener = gateway.messages.get(0);
            Bytes reading = gateway.messages.get(1);
            Digest session = gateway.sessions.keySet().iterator().next();
            gateway.inboxes.clear();
            gateway.put("bob", "ann", session, ContentFormat.COSE_SIGN1, opener);
            gateway.put("bob", "ann", session, ContentFormat.COSE_ENCRYPT0, reading);
        }
        Listening after = listen(reopen("bob"));
        await().until(() -> gateway.waiting("bob") == 0);
        assertThat(after.values).isEmpty();
        assertThat(after.dropped).isEmpty();
    }

    @Test
    void whoIsRefusedAgainAndAgainComesLessAndLessOften() throws Exception {
        Device bob = keep(Device.await(
                Device.join(
                        temp.resolve("bob"),
                        gateway.handOver("*"),
                        "bob",
                        settings.withPatience(Duration.ofMillis(20), Duration.ofSeconds(10), Duration.ofSeconds(15)),
                        threads),
                LONGEST));
        Device ann = join("ann");
        send(ann, "bob", 1);
        for (int i = 0; i < 8; i++) {
            gateway.fault("i", TestGateway.problem(Code.FORBIDDEN, "not-a-member"));
        }
        long began = System.nanoTime();
        Listening heard = listen(bob);
        await().untilAsserted(() -> assertThat(heard.values).containsExactly(1.0));
        // Half of 40, 80, 160, 320, 640 and 1280 ms at least; with equal waits it would be 0.3 s at most.
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(Duration.ofSeconds(1));
    }

    @Test
    void whoIsSetAsideWhileItReceivesIsToldAndGoesOnAfterwards() throws Exception {
        Device ann = join("ann");
        Device bob = join("bob");
        Listening heard = listen(bob);
        send(ann, "bob", 1);
        await().untilAsserted(() -> assertThat(heard.values).containsExactly(1.0));
        assertThat(heard.shutOut).isEmpty();
        stand(Standing.Act.SUSPEND, "bob", 2);
        gateway.server.close(peer -> ((TestMember) peer.handle()).name().equals("bob"));
        await().untilAsserted(() -> assertThat(heard.shutOut).contains(DeviceException.Kind.NOT_ACTIVE));
        stand(Standing.Act.RESUME, "bob", 3);
        send(ann, "bob", 2);
        await().untilAsserted(() -> assertThat(heard.values).containsExactly(1.0, 2.0));
    }

    private void stand(Standing.Act act, String name, long sequence) {
        gateway.apply(TransactionSigning.of(new Standing(act, name, sequence), gateway.chain.id())
                .by(gateway.chain.operator)
                .finish()
                .encode());
    }

    @Test
    void asManyAsAskedForAreDeliveredAndAcknowledgedAndTheOthersStay() throws Exception {
        Device ann = join("ann");
        join("bob").close();
        for (int i = 1; i <= 3; i++) {
            send(ann, "bob", i);
        }
        for (int i = 1; i <= 3; i++) {
            Device bob = reopen("bob");
            Listening heard = new Listening();
            Device.await(bob.receive(heard, 1), LONGEST);
            assertThat(gateway.waiting("bob")).isEqualTo(3 - i);
            bob.close();
            assertThat(heard.values).containsExactly((double) i);
            assertThat(heard.dropped).isEmpty();
        }
    }

    @Test
    void anAcknowledgementThatFailsIsRepeatedBeforeReceivingIsDone() throws Exception {
        Device ann = join("ann");
        Device bob = join("bob");
        send(ann, "bob", 1);
        send(ann, "bob", 2);
        gateway.fault("d", TestGateway.problem(Code.FORBIDDEN, "not-allowed"));
        Listening heard = new Listening();
        Device.await(bob.receive(heard, 1), LONGEST);
        assertThat(gateway.waiting("bob")).isEqualTo(1);
        assertThat(heard.values).containsExactly(1.0);
        Device.await(bob.receive(heard, 1), LONGEST);
        assertThat(gateway.waiting("bob")).isZero();
        assertThat(heard.values).containsExactly(1.0, 2.0);
    }

    @Test
    void receivingFailsWhenTheDeviceIsClosedBefore() throws Exception {
        Device ann = join("ann");
        CompletableFuture<Void> one = ann.receive(new Listening(), 1);
        ann.close();
        fails(DeviceException.Kind.CLOSED, () -> Device.await(one, LONGEST));
    }

    @Test
    void theInboxIsObservedAnewAfterARequestThatWasNotAnswered() throws Exception {
        Device ann = join("ann");
        Device bob = join("bob");
        Listening heard = listen(bob);
        send(ann, "bob", 1);
        await().untilAsserted(() -> assertThat(heard.values).containsExactly(1.0));
        await().until(() -> gateway.waiting("bob") == 0);
        long asked = gateway.count("i");
        gateway.loseAnswer("h");
        Device.await(bob.checkpoint(), LONGEST);
        await().until(() -> gateway.count("i") > asked);
        send(ann, "bob", 2);
        await().untilAsserted(() -> assertThat(heard.values).containsExactly(1.0, 2.0));
    }

    @Test
    void aGatewayThatAnswersNothingForLongCostsNoSession() throws Exception {
        Device ann = join("ann");
        settings = settings.withPatience(Duration.ofMillis(20), Duration.ofMillis(100), Duration.ofMillis(100));
        Device bob = join("bob");
        send(ann, "bob", 1);
        for (int i = 0; i < 7; i++) {
            gateway.loseAnswer("k");
        }
        Listening heard = listen(bob);
        await().untilAsserted(() -> assertThat(heard.values).containsExactly(1.0));
        assertThat(heard.dropped).isEmpty();
        assertThat(gateway.count("k")).isGreaterThan(7);
    }

    @Test
    void aGatewayThatRestartedIsFoundAgain() throws Exception {
        Device ann = join("ann");
        Device bob = join("bob");
        Listening heard = listen(bob);
        send(ann, "bob", 1);
        await().untilAsserted(() -> assertThat(heard.values).containsExactly(1.0));
        gateway.restart(gateway.gateway.dtls());
        send(ann, "bob", 2);
        assertThat(Device.await(bob.checkpoint(), LONGEST).checkpoint().height())
                .isEqualTo(2);
        await().untilAsserted(() -> assertThat(heard.values).containsExactly(1.0, 2.0));
    }

    @Test
    void whatAnybodyPutsIntoTheInboxIsDroppedAndTheRestArrives() throws Exception {
        Device ann = join("ann");
        Listening heard = listen(join("bob"));
        join("mal");
        Digest nowhere = Digest.sha256(Bytes.utf8("nowhere"));
        gateway.put("bob", "ann", nowhere, ContentFormat.COSE_ENCRYPT0, Bytes.fromHex("00"));
        gateway.put("bob", "ann", nowhere, ContentFormat.COSE_SIGN1, Bytes.fromHex("00"));
        send(ann, "bob", 1);
        await().untilAsserted(() -> assertThat(heard.values).containsExactly(1.0));
        synchronized (gateway) {
            Digest session = gateway.sessions.keySet().iterator().next();
            Bytes reading = gateway.messages.get(1);
            gateway.put("bob", "mal", session, ContentFormat.COSE_ENCRYPT0, reading);
            gateway.put("bob", "ann", session, ContentFormat.COSE_ENCRYPT0, reading);
            gateway.put("bob", "mal", nowhere, ContentFormat.COSE_SIGN1, gateway.messages.get(0));
        }
        send(ann, "bob", 2);
        await().untilAsserted(() -> assertThat(heard.values).containsExactly(1.0, 2.0));
        assertThat(heard.dropped).containsExactly("unknown-session", "malformed", "wrong-sender", "sender-not-current");
    }

    @Test
    void whatCannotBeNotedAsOpenedIsNeitherDeliveredNorLost() throws Exception {
        Device ann = join("ann");
        Device bob = join("bob");
        Files.createFile(temp.resolve("bob/in"));
        Listening heard = listen(bob);
        send(ann, "bob", 1);
        await().until(() -> gateway.count("i") > 12);
        assertThat(heard.values).isEmpty();
        assertThat(gateway.waiting("bob")).isEqualTo(2);
        Files.delete(temp.resolve("bob/in"));
        await().untilAsserted(() -> assertThat(heard.values).containsExactly(1.0));
        await().until(() -> gateway.waiting("bob") == 0);
        assertThat(heard.dropped).isEmpty();
    }

    @Test
    void readingsOfASessionWhoseStateIsDamagedAreDroppedAndOthersArrive() throws Exception {
        Device ann = join("ann");
        Device bob = join("bob");
        Listening before = listen(bob);
        Digest damaged = send(ann, "bob", 1).session();
        await().untilAsserted(() -> assertThat(before.values).containsExactly(1.0));
        await().until(() -> gateway.waiting("bob") == 0);
        bob.close();
        Files.write(temp.resolve("bob/in").resolve(damaged.toHex()), new byte[] {1, 2, 3});
        Listening after = listen(reopen("bob"));
        send(ann, "bob", 2);
        gateway.fault("m", TestGateway.problem(Code.CONFLICT, "session-ended"));
        send(ann, "bob", 3);
        await().untilAsserted(() -> assertThat(after.values).containsExactly(3.0));
        assertThat(after.dropped).containsExactly("damaged-session");
    }

    @Test
    void aListenerThatFailsKeepsNothingFromTheOthers() throws Exception {
        Device ann = join("ann");
        Device bob = join("bob");
        List<Double> values = new CopyOnWriteArrayList<>();
        bob.receive(pack -> {
            double value =
                    pack.contents().measurements().get(0).number().orElseThrow().doubleValue();
            values.add(value);
            if (value == 1.0) {
                throw new IllegalStateException("on purpose");
            }
        });
        send(ann, "bob", 1);
        send(ann, "bob", 2);
        await().untilAsserted(() -> assertThat(values).containsExactly(1.0, 2.0));
        await().until(() -> gateway.waiting("bob") == 0);
    }
}
