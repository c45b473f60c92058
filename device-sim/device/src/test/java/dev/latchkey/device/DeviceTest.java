package dev.latchkey.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.coap.ClientOptions;
import dev.latchkey.coap.Code;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.proof.KeyProof;
import dev.latchkey.proof.VerifiedKey;
import dev.latchkey.protocol.ContentFormat;
import dev.latchkey.protocol.HandOver;
import dev.latchkey.senml.Pack;
import dev.latchkey.senml.Record;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeviceTest {
    private static final Duration LONGEST = Duration.ofSeconds(20);

    @TempDir
    Path temp;

    private final DeviceThreads threads = new DeviceThreads(2, 2);
    private final DeviceSettings settings = DeviceSettings.standard(TestGateway.VERIFIER)
            .withOptions(ClientOptions.DEFAULT
                    .withRetransmission(Duration.ofMillis(200), 2)
                    .withRequestTimeout(Duration.ofMillis(1_500))
                    .withHandshake(Duration.ofMillis(300), 3))
            .withPatience(Duration.ofMillis(20), Duration.ofMillis(100), Duration.ofSeconds(15));
    private final List<Device> devices = new ArrayList<>();
    private TestGateway gateway;

    @BeforeEach
    void startGateway() throws Exception {
        Awaitility.setDefaultTimeout(LONGEST);
        gateway = new TestGateway();
    }

    @AfterEach
    void stopAll() {
        devices.forEach(Device::close);
        gateway.close();
        threads.close();
    }

    private Device join(String name) throws Exception {
        return keep(
                Device.await(Device.join(temp.resolve(name), gateway.handOver("*"), name, settings, threads), LONGEST));
    }

    private Device reopen(String name) throws Exception {
        return keep(Device.await(Device.open(temp.resolve(name), settings, threads), LONGEST));
    }

    private Device keep(Device device) {
        devices.add(device);
        return device;
    }

    private static Pack pack(double value) {
        return Pack.at(Instant.now(), Record.of("temp", "Cel", BigDecimal.valueOf(value)));
    }

    private static Acknowledged send(Device from, String to, double value) throws Exception {
        return Device.await(from.send(to, pack(value)), LONGEST);
    }

    private static void fails(DeviceException.Kind kind, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOf(DeviceException.class)
                .extracting(e -> ((DeviceException) e).kind())
                .isEqualTo(kind);
    }

    /** What a device received, in order. */
    private static final class Listening implements InboxListener {
        final List<Double> values = new CopyOnWriteArrayList<>();
        final List<String> dropped = new CopyOnWriteArrayList<>();

        @Override
        public void received(Received pack) {
            values.add(
                    pack.contents().measurements().get(0).number().orElseThrow().doubleValue());
        }

        @Override
        public void unopened(Unopened message) {
            dropped.add(message.reason());
        }
    }

    /** A clock that stands still until it is set. */
    private static final class SetClock extends Clock {
        private final AtomicReference<Instant> now;

        SetClock(AtomicReference<Instant> now) {
            this.now = now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now.get();
        }
    }

    private static Listening listen(Device device) {
        Listening listening = new Listening();
        device.receive(listening);
        return listening;
    }

    @Test
    void aDeviceJoinsAndItsDirectoryIsItsOwnersAlone() throws Exception {
        Device ann = join("ann");
        assertThat(gateway.member("ann").orElseThrow().isActive()).isTrue();
        assertThat(ann.joinedHeight()).isEqualTo(1);
        assertThat(ann.chain()).isEqualTo(gateway.genesis.chainId());
        send(ann, "ann", 1);
        try (Stream<Path> files = Files.walk(temp.resolve("ann"))) {
            for (Path file : (Iterable<Path>) files::iterator) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                        .as(file.toString())
                        .isEqualTo(Files.isDirectory(file) ? "rwx------" : "rw-------");
            }
        }
    }

    @Test
    void aReadingArrivesAndEqualsWhatWasSent() throws Exception {
        Device ann = join("ann");
        Device bob = join("bob");
        Listening heard = listen(bob);
        Acknowledged first = send(ann, "bob", 21.5);
        Acknowledged second = send(ann, "bob", -3.25);
        assertThat(first.openerBytes()).isBetween(215, 235);
        assertThat(first.messageBytes()).isBetween(45, 55);
        assertThat(second.openerBytes()).isZero();
        assertThat(second.partialIv()).isEqualTo(1);
        await().untilAsserted(() -> assertThat(heard.values).containsExactly(21.5, -3.25));
        await().until(() -> gateway.waiting("bob") == 0);
        assertThat(heard.dropped).isEmpty();
    }

    @Test
    void manyReadingsArriveInOrderAndOnce() throws Exception {
        Device ann = join("ann");
        Device bob = join("bob");
        Listening heard = listen(bob);
        List<CompletableFuture<Acknowledged>> sent = new ArrayList<>();
        List<Double> values = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            values.add((double) i);
            sent.add(ann.send("bob", pack(i)));
        }
        Device.await(CompletableFuture.allOf(sent.toArray(new CompletableFuture<?>[0])), LONGEST);
        await().untilAsserted(() -> assertThat(heard.values).isEqualTo(values));
    }

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
    void aJoinWhoseAnswerWasLostIsNotMadeTwice() throws Exception {
        gateway.loseAnswer("t");
        Device ann = join("ann");
        assertThat(gateway.count("t")).isGreaterThan(1);
        assertThat(gateway.member("ann").orElseThrow().sequence()).isEqualTo(1);
        assertThat(ann.joinedHeight()).isEqualTo(1);
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
        assertThat(again.joinedHeight()).isEqualTo(1);
        assertThat(Files.exists(temp.resolve("ann/join.cose"))).isFalse();
        long posted = gateway.count("t");
        again.close();
        keep(Device.await(Device.join(temp.resolve("ann"), handOver, "ann", settings, threads), LONGEST));
        assertThat(gateway.count("t")).isEqualTo(posted);
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
    void aSessionThatTheGatewayDoesNotKnowIsOpenedAnewAndNothingIsLost() throws Exception {
        Device ann = join("ann");
        Listening heard = listen(join("bob"));
        send(ann, "bob", 1);
        synchronized (gateway) {
            gateway.sessions.clear();
        }
        assertThat(send(ann, "bob", 2).openerBytes()).isPositive();
        await().untilAsserted(() -> assertThat(heard.values).containsExactly(1.0, 2.0));
    }

    @Test
    void aSessionThatHasEndedIsReplaced() throws Exception {
        Device ann = join("ann");
        Listening heard = listen(join("bob"));
        Digest before = send(ann, "bob", 1).session();
        for (String code : List.of("session-ended", "counter-reused")) {
            gateway.fault("m", TestGateway.problem(Code.CONFLICT, code));
            Acknowledged after = send(ann, "bob", 2);
            assertThat(after.session()).isNotEqualTo(before);
            before = after.session();
        }
        gateway.fault("m", TestGateway.problem(Code.NOT_FOUND, "unknown-session"));
        gateway.fault("m", TestGateway.problem(Code.CONFLICT, "session-id-taken"));
        send(ann, "bob", 3);
        await().untilAsserted(() -> assertThat(heard.values).containsExactly(1.0, 2.0, 2.0, 3.0));
    }

    @Test
    void aGatewayThatAsksToComeAgainIsAskedAgainWithTheSameBytes() throws Exception {
        Device ann = join("ann");
        Listening heard = listen(join("bob"));
        send(ann, "bob", 1);
        gateway.fault(
                "m", TestGateway.problem(Code.SERVICE_UNAVAILABLE, "cloud-away").withMaxAge(0));
        gateway.fault(
                "m", TestGateway.problem(Code.TOO_MANY_REQUESTS, "overloaded").withMaxAge(0));
        gateway.loseAnswer("m");
        Acknowledged second = send(ann, "bob", 2);
        assertThat(second.partialIv()).isEqualTo(1);
        assertThat(second.openerBytes()).isZero();
        await().untilAsserted(() -> assertThat(heard.values).containsExactly(1.0, 2.0));
        assertThat(gateway.messages).doesNotHaveDuplicates();
    }

    @Test
    void aRefusalForGoodIsToldAndNotRepeated() throws Exception {
        Device ann = join("ann");
        send(ann, "ann", 1);
        gateway.fault("m", TestGateway.problem(Code.FORBIDDEN, "wrong-sender"));
        fails(DeviceException.Kind.REFUSED, () -> send(ann, "ann", 2));
        assertThat(send(ann, "ann", 3).openerBytes()).isZero();
    }

    @Test
    void aLostServeTicketIsGivenAgain() throws Exception {
        Device ann = join("ann");
        long given = gateway.count("s");
        gateway.fault("m", TestGateway.problem(Code.FORBIDDEN, "no-ticket"));
        send(ann, "ann", 1);
        assertThat(gateway.count("s")).isEqualTo(given + 1);
    }

    @Test
    void aSessionLastsADayAndATicketIsRenewedTwoDaysBeforeItsEnd() throws Exception {
        AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
        DeviceSettings clocked = settings.withClock(new SetClock(now));
        Device ann = keep(Device.await(
                Device.join(temp.resolve("ann"), gateway.handOver("*"), "ann", clocked, threads), LONGEST));
        Digest first = send(ann, "ann", 1).session();
        long tickets = gateway.count("s");
        advance(now, Duration.ofHours(23));
        assertThat(send(ann, "ann", 2).session()).isEqualTo(first);
        advance(now, Duration.ofHours(1));
        assertThat(send(ann, "ann", 3).session()).isNotEqualTo(first);
        assertThat(gateway.count("s")).isEqualTo(tickets);
        advance(now, Duration.ofDays(4));
        send(ann, "ann", 4);
        assertThat(gateway.count("s")).isEqualTo(tickets + 1);
    }

    private void advance(AtomicReference<Instant> now, Duration by) {
        now.updateAndGet(before -> before.plus(by));
        gateway.checkpointAge = gateway.checkpointAge.minus(by);
    }

    @Test
    void afterARestartTheSenderGoesOnBeyondTheBoundAndTheRecipientDropsNothing() throws Exception {
        Device ann = join("ann");
        Device bob = join("bob");
        Listening before = listen(bob);
        Acknowledged first = send(ann, "bob", 1);
        await().untilAsserted(() -> assertThat(before.values).containsExactly(1.0));
        ann.close();
        bob.close();
        Listening after = listen(reopen("bob"));
        Acknowledged second = send(reopen("ann"), "bob", 2);
        assertThat(second.session()).isEqualTo(first.session());
        assertThat(second.partialIv()).isEqualTo(256);
        await().untilAsserted(() -> assertThat(after.values).containsExactly(2.0));
    }

    @Test
    void damagedCountersAreNotTrusted() throws Exception {
        Device ann = join("ann");
        Acknowledged first = send(ann, "ann", 1);
        ann.close();
        Files.write(temp.resolve("ann/out/ann"), new byte[] {1, 2, 3});
        Acknowledged second = send(reopen("ann"), "ann", 2);
        assertThat(second.session()).isNotEqualTo(first.session());
        assertThat(second.openerBytes()).isPositive();
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
        await().untilAsserted(() -> assertThat(after.dropped).containsExactly("seen"));
        await().until(() -> gateway.waiting("bob") == 0);
        assertThat(after.values).isEmpty();
    }

    @Test
    void theInboxIsObservedAnewAfterARequestThatWasNotAnswered() throws Exception {
        Device ann = join("ann");
        Listening heard = listen(ann);
        send(ann, "ann", 1);
        await().untilAsserted(() -> assertThat(heard.values).containsExactly(1.0));
        await().until(() -> gateway.waiting("ann") == 0);
        long asked = gateway.count("i");
        gateway.loseAnswer("h");
        Device.await(ann.checkpoint(), LONGEST);
        await().until(() -> gateway.count("i") > asked);
        send(ann, "ann", 2);
        await().untilAsserted(() -> assertThat(heard.values).containsExactly(1.0, 2.0));
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
        assertThat(heard.dropped)
                .containsExactly("unknown-session", "malformed", "wrong-sender", "seen", "sender-not-current");
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
        gateway.forgedKeyAnswer = KeyProof.answer(gateway.state, "mal");
        fails(DeviceException.Kind.UNPROVED, () -> Device.await(ann.key("bob"), LONGEST));
        fails(DeviceException.Kind.UNPROVED, () -> send(ann, "bob", 1));
        assertThat(bob.name()).isEqualTo("bob");
    }

    @Test
    void aCheckpointThatIsForgedOrTooOldIsNotReliedOn() throws Exception {
        Device ann = join("ann");
        join("bob");
        gateway.checkpointAge = Duration.ofMinutes(11);
        fails(DeviceException.Kind.STALE, () -> send(ann, "bob", 1));
        gateway.checkpointAge = Duration.ZERO;
        gateway.checkpointSigner = KeyPair.generate(gateway.random);
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
        HandOver old = gateway.handOver(
                "*", KeyPair.generate(gateway.random).publicKey(), Instant.now().plusSeconds(60));
        Device ann = keep(Device.await(Device.join(temp.resolve("ann"), old, "ann", settings, threads), LONGEST));
        send(ann, "ann", 1);
        ann.close();
        long asked = gateway.count("h");
        reopen("ann");
        assertThat(gateway.count("h")).isEqualTo(asked);
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
    void aCounterThatCannotBeKeptIsNotUsed() throws Exception {
        Device ann = join("ann");
        Digest before = send(ann, "ann", 0).session();
        Files.delete(temp.resolve("ann/out/ann"));
        Files.delete(temp.resolve("ann/out"));
        Files.createFile(temp.resolve("ann/out"));
        for (int i = 1; i < 256; i++) {
            send(ann, "ann", i);
        }
        long sent = gateway.count("m");
        fails(DeviceException.Kind.STORE, () -> send(ann, "ann", 256));
        assertThat(gateway.count("m")).isEqualTo(sent);
        Files.delete(temp.resolve("ann/out"));
        Acknowledged after = send(ann, "ann", 257);
        assertThat(after.session()).isNotEqualTo(before);
        assertThat(after.partialIv()).isZero();
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
    void aDirectoryHasOneUserAtATime() throws Exception {
        Device ann = join("ann");
        fails(
                DeviceException.Kind.STORE,
                () -> Device.await(Device.open(temp.resolve("ann"), settings, threads), LONGEST));
        ann.close();
        assertThat(reopen("ann").name()).isEqualTo("ann");
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
