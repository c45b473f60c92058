package dev.latchkey.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.coap.Code;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a device promises to who sends. */
class DeviceSendingTest extends DeviceFixture {
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
        join("bob");
        Device ann = join("ann");
        send(ann, "bob", 1);
        gateway.fault("m", TestGateway.problem(Code.FORBIDDEN, "wrong-sender"));
        fails(DeviceException.Kind.REFUSED, () -> send(ann, "bob", 2));
        assertThat(send(ann, "bob", 3).openerBytes()).isZero();
    }

    @Test
    void nothingIsSentToOneselfOrToAGateway() throws Exception {
        Device ann = join("ann");
        fails(DeviceException.Kind.NO_RECIPIENT, () -> send(ann, "ann", 1));
        fails(DeviceException.Kind.NO_RECIPIENT, () -> send(ann, TestGateway.NAME, 1));
        assertThat(gateway.count("m")).isZero();
    }

    @Test
    void aLostServeTicketIsGivenAgain() throws Exception {
        join("bob");
        Device ann = join("ann");
        long given = gateway.count("s");
        gateway.fault("m", TestGateway.problem(Code.FORBIDDEN, "no-ticket"));
        send(ann, "bob", 1);
        assertThat(gateway.count("s")).isEqualTo(given + 1);
    }

    @Test
    void aSessionLastsADayAndATicketIsRenewedTwoDaysBeforeItsEnd() throws Exception {
        join("bob");
        AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
        DeviceSettings clocked = settings.withClock(new SetClock(now));
        Device ann = keep(Device.await(
                Device.join(temp.resolve("ann"), gateway.handOver("*"), "ann", clocked, threads), LONGEST));
        Digest first = send(ann, "bob", 1).session();
        long tickets = gateway.count("s");
        advance(now, Duration.ofHours(23));
        assertThat(send(ann, "bob", 2).session()).isEqualTo(first);
        advance(now, Duration.ofHours(1));
        assertThat(send(ann, "bob", 3).session()).isNotEqualTo(first);
        assertThat(gateway.count("s")).isEqualTo(tickets);
        advance(now, Duration.ofDays(4));
        send(ann, "bob", 4);
        assertThat(gateway.count("s")).isEqualTo(tickets + 1);
    }

    private void advance(AtomicReference<Instant> now, Duration by) {
        now.updateAndGet(before -> before.plus(by));
        gateway.chain.checkpointAge = gateway.chain.checkpointAge.minus(by);
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
        join("bob");
        Device ann = join("ann");
        Acknowledged first = send(ann, "bob", 1);
        ann.close();
        Files.write(counter("ann"), new byte[] {1, 2, 3});
        Acknowledged second = send(reopen("ann"), "bob", 2);
        assertThat(second.session()).isNotEqualTo(first.session());
        assertThat(second.openerBytes()).isPositive();
    }

    @Test
    void aDirectoryPutBackFromABackupGoesOnInANewSession() throws Exception {
        Device bob = join("bob");
        Listening heard = listen(bob);
        Device ann = join("ann");
        Acknowledged first = send(ann, "bob", 1);
        ann.close();
        Files.move(temp.resolve("ann"), temp.resolve("original"));
        copy(temp.resolve("original"), temp.resolve("ann"));
        Acknowledged second = send(reopen("ann"), "bob", 2);
        assertThat(second.session()).isNotEqualTo(first.session());
        assertThat(second.partialIv()).isZero();
        await().untilAsserted(() -> assertThat(heard.values).containsExactly(1.0, 2.0));
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path each : (Iterable<Path>) all::iterator) {
                Files.copy(each, to.resolve(from.relativize(each).toString()), StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }

    @Test
    void aCounterThatCannotBeKeptIsNotUsed() throws Exception {
        join("bob");
        Device ann = join("ann");
        Digest before = send(ann, "bob", 0).session();
        Files.move(temp.resolve("ann/out"), temp.resolve("ann/away"));
        Files.createFile(temp.resolve("ann/out"));
        for (int i = 1; i < 256; i++) {
            send(ann, "bob", i);
        }
        long sent = gateway.count("m");
        fails(DeviceException.Kind.STORE, () -> send(ann, "bob", 256));
        assertThat(gateway.count("m")).isEqualTo(sent);
        Files.delete(temp.resolve("ann/out"));
        Acknowledged after = send(ann, "bob", 257);
        assertThat(after.session()).isNotEqualTo(before);
        assertThat(after.partialIv()).isZero();
    }

    /** The file of the session that a device seals to bob with. */
    private Path counter(String name) {
        String file = Digest.sha256(Bytes.utf8("bob")).toHex().substring(0, 32);
        return temp.resolve(name).resolve("out").resolve(file);
    }
}
