package dev.latchkey.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.latchkey.envelope.Confirmation;
import dev.latchkey.envelope.Confirmation.Verdict;
import dev.latchkey.protocol.ContentFormat;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One session for several members, and what senders sign about their readings. */
class DeviceGroupTest extends DeviceFixture {
    /** What a device hears of others' digests. */
    private static final class Digests implements InboxListener {
        final Listening listening = new Listening();
        final List<Confirmation> heard = new CopyOnWriteArrayList<>();

        @Override
        public void received(Received pack) {
            listening.received(pack);
        }

        @Override
        public void unopened(Unopened message) {
            listening.unopened(message);
        }

        @Override
        public void digest(DigestReport report) {
            heard.add(report.confirmation());
        }
    }

    @BeforeEach
    void digestsSoon() {
        settings = settings.withDigests(3, 3);
    }

    private static Acknowledged send(Device from, Set<String> to, double value) throws Exception {
        return Device.await(from.send(to, pack(value), Delivery.CONFIRMED), LONGEST);
    }

    private long openers() {
        synchronized (gateway) {
            return gateway.sessions.size();
        }
    }

    @Test
    void aGroupTalksInOneSessionThatOneOfThemOpened() throws Exception {
        Device ann = join("ann");
        Device bob = join("bob");
        Device cyd = join("cyd");
        Listening atAnn = listen(ann);
        Listening atBob = listen(bob);
        Listening atCyd = listen(cyd);
        Acknowledged first = send(ann, Set.of("bob", "cyd"), 1);
        assertThat(first.recipient()).isEqualTo("bob,cyd");
        await().untilAsserted(() -> assertThat(atBob.values).containsExactly(1.0));
        await().untilAsserted(() -> assertThat(atCyd.values).containsExactly(1.0));

        assertThat(send(bob, Set.of("ann", "cyd"), 2).session()).isEqualTo(first.session());
        assertThat(send(cyd, Set.of("bob", "ann"), 3).session()).isEqualTo(first.session());

        await().untilAsserted(() -> assertThat(atAnn.values).containsExactly(2.0, 3.0));
        await().untilAsserted(() -> assertThat(atBob.values).containsExactly(1.0, 3.0));
        await().untilAsserted(() -> assertThat(atCyd.values).containsExactly(1.0, 2.0));
        assertThat(atCyd.senders).containsExactly("ann@seattle", "bob@seattle");
        assertThat(openers()).isEqualTo(1);
        assertThat(Stream.of(atAnn, atBob, atCyd).flatMap(heard -> heard.dropped.stream()))
                .isEmpty();
    }

    @Test
    void theGroupGoesOnAfterEveryMembersRestart() throws Exception {
        Device ann = join("ann");
        Device bob = join("bob");
        Device cyd = join("cyd");
        Listening atBob = listen(bob);
        var session = send(ann, Set.of("bob", "cyd"), 1).session();
        await().untilAsserted(() -> assertThat(atBob.values).containsExactly(1.0));
        await().until(() -> gateway.waiting("bob") == 0);
        ann.close();
        bob.close();
        cyd.close();
        Device annAgain = reopen("ann");
        Device bobAgain = reopen("bob");
        Listening atAnn = listen(annAgain);
        assertThat(send(bobAgain, Set.of("ann", "cyd"), 2).session()).isEqualTo(session);
        assertThat(send(annAgain, Set.of("bob", "cyd"), 3).session()).isEqualTo(session);
        await().untilAsserted(() -> assertThat(atAnn.values).containsExactly(2.0));
        Listening atCyd = listen(reopen("cyd"));
        await().untilAsserted(() -> assertThat(atCyd.values).containsExactly(1.0, 2.0, 3.0));
    }

    @Test
    void whenAMembersKeysChangeTheGroupGetsANewSession() throws Exception {
        Device ann = join("ann");
        Device bob = join("bob");
        join("cyd");
        Listening atBob = listen(bob);
        var before = send(ann, Set.of("bob", "cyd"), 1).session();
        await().untilAsserted(() -> assertThat(atBob.values).containsExactly(1.0));
        Device.await(bob.rotate(Set.of(KeyPurpose.KEX)), LONGEST);
        var after = send(ann, Set.of("bob", "cyd"), 2).session();
        assertThat(after).isNotEqualTo(before);
        await().untilAsserted(() -> assertThat(atBob.values).containsExactly(1.0, 2.0));
        assertThat(send(bob, Set.of("ann", "cyd"), 3).session()).isNotEqualTo(before);
    }

    @Test
    void anOpenerThatIsShownAgainAfterTheStateIsLostIsNotSentUnderAgain() throws Exception {
        Device ann = join("ann");
        Device bob = join("bob");
        join("cyd");
        Listening atBob = listen(bob);
        var session = send(ann, Set.of("bob", "cyd"), 1).session();
        await().untilAsserted(() -> assertThat(atBob.values).containsExactly(1.0));
        assertThat(send(bob, Set.of("ann", "cyd"), 2).session()).isEqualTo(session);
        await().until(() -> gateway.waiting("bob") == 0);
        bob.close();
        for (String folder : List.of("in", "out", "marks")) {
            try (Stream<Path> files = Files.list(temp.resolve("bob").resolve(folder))) {
                for (Path file : (Iterable<Path>) files::iterator) {
                    Files.delete(file);
                }
            }
        }
        synchronized (gateway) {
            gateway.put("bob", "ann", session, ContentFormat.COSE_SIGN1, gateway.messages.get(0));
            gateway.put("bob", "ann", session, ContentFormat.COSE_ENCRYPT0, gateway.messages.get(1));
        }
        Device again = reopen("bob");
        Listening heard = listen(again);
        await().untilAsserted(() -> assertThat(heard.values).containsExactly(1.0));
        assertThat(send(again, Set.of("ann", "cyd"), 3).session()).isNotEqualTo(session);
    }

    @Test
    void digestsConfirmWhatArrived() throws Exception {
        Device ann = join("ann");
        Device bob = join("bob");
        join("cyd");
        Digests atBob = new Digests();
        bob.receive(atBob);
        for (int i = 0; i < 6; i++) {
            send(ann, Set.of("bob", "cyd"), i);
        }
        await().untilAsserted(() -> assertThat(atBob.heard)
                .extracting(Confirmation::verdict)
                .containsExactly(Verdict.CONFIRMED, Verdict.CONFIRMED));
        assertThat(atBob.listening.dropped).isEmpty();
    }

    @Test
    void aGatewayThatDropsWhatItAcknowledgedIsNoticedAndTheEvidenceKept() throws Exception {
        Device ann = join("ann");
        Device bob = join("bob");
        Digests atBob = new Digests();
        bob.receive(atBob);
        send(ann, "bob", 0);
        synchronized (gateway) {
            gateway.dropping = 1;
        }
        send(ann, "bob", 1);
        send(ann, "bob", 2);
        await().untilAsserted(() -> assertThat(atBob.heard).hasSize(1));
        assertThat(atBob.heard.get(0).verdict()).isEqualTo(Verdict.MISSING);
        assertThat(atBob.heard.get(0).missing()).containsExactly(1);
        Path evidence = temp.resolve("bob").resolve("missing");
        try (Stream<Path> files = Files.list(evidence)) {
            assertThat(files).hasSize(1);
        }

        // It turns up after all.
        synchronized (gateway) {
            var session = gateway.sessions.keySet().iterator().next();
            gateway.put("bob", "ann", session, ContentFormat.COSE_ENCRYPT0, gateway.messages.get(2));
        }
        await().untilAsserted(() -> assertThat(atBob.listening.values).containsExactly(0.0, 2.0, 1.0));
        await().untilAsserted(() -> assertThat(atBob.heard)
                .extracting(Confirmation::verdict)
                .containsExactly(Verdict.MISSING, Verdict.CONFIRMED));
        try (Stream<Path> files = Files.list(evidence)) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void aDigestThatTheGatewayRefusesCostsNoReading() throws Exception {
        Device ann = join("ann");
        Device bob = join("bob");
        Listening atBob = listen(bob);
        gateway.fault("md", TestGateway.problem(dev.latchkey.coap.Code.FORBIDDEN, "not-allowed"));
        for (int i = 0; i < 4; i++) {
            send(ann, "bob", i);
        }
        await().untilAsserted(() -> assertThat(atBob.values).containsExactly(0.0, 1.0, 2.0, 3.0));
    }

    @Test
    void whoIsNoMemberOrTooManyIsRefused() throws Exception {
        Device ann = join("ann");
        join("bob");
        fails(DeviceException.Kind.NO_RECIPIENT, () -> send(ann, Set.of("ann", "bob"), 1));
        fails(DeviceException.Kind.UNKNOWN_MEMBER, () -> send(ann, Set.of(), 1));
        fails(DeviceException.Kind.UNKNOWN_MEMBER, () -> send(ann, Set.of("bob", "nobody"), 1));
        fails(DeviceException.Kind.NO_RECIPIENT, () -> send(ann, Set.of("bob", "bob@seattle"), 1));
        Set<String> many = new java.util.HashSet<>();
        for (int i = 0; i < 17; i++) {
            many.add("m" + i);
        }
        fails(DeviceException.Kind.UNKNOWN_MEMBER, () -> send(ann, many, 1));
    }
}
