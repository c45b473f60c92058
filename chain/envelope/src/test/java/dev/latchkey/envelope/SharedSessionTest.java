package dev.latchkey.envelope;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cose.KeyId;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.envelope.RefusedMessageException.Reason;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A session in which every member sends and all others receive. */
class SharedSessionTest {
    private final Town town = new Town();
    private final KeyId bobKid = town.bobKex.publicKey().kid();
    private final KeyId cydKid = town.cydKex.publicKey().kid();

    @Test
    void everyMemberSendsUnderKeysOfItsOwnAndAllOthersReceive() throws Exception {
        Opened ann = town.open(town.toBob, town.toCyd);
        Accepted bob = town.accepted(town.bob, ann.opener());
        Accepted cyd = town.accepted(town.cyd, ann.opener());
        ann.others().admit("bob", bobKid);
        ann.others().admit("cyd", cydKid);
        bob.session().admit("cyd", cydKid);
        cyd.session().admit("bob", bobKid);

        Bytes fromAnn = ann.session().seal(Town.reading(1)).message();
        Bytes fromBob = bob.own().seal(Town.reading(2)).message();
        Bytes fromCyd = cyd.own().seal(Town.reading(3)).message();
        assertThat(fromBob.slice(0, 13)).as("the same session and Partial IV").isEqualTo(fromAnn.slice(0, 13));

        assertThat(value(bob.session(), "ann", fromAnn)).isEqualTo(1);
        assertThat(value(cyd.session(), "ann", fromAnn)).isEqualTo(1);
        assertThat(value(ann.others(), "bob", fromBob)).isEqualTo(2);
        assertThat(value(cyd.session(), "bob", fromBob)).isEqualTo(2);
        assertThat(value(ann.others(), "cyd", fromCyd)).isEqualTo(3);
        assertThat(value(bob.session(), "cyd", fromCyd)).isEqualTo(3);
    }

    private static double value(ReceivingSession in, String sender, Bytes message) throws Exception {
        var measurement =
                in.open(sender, message, Town.NOW).contents().measurements().get(0);
        assertThat(measurement.name()).isEqualTo(SenderUrn.of("seattle", sender) + "temp");
        return measurement.number().orElseThrow().doubleValue();
    }

    @Test
    void aReadingOpensOnlyAsItsSenders() throws Exception {
        Opened ann = town.open(town.toBob, town.toCyd);
        Accepted bob = town.accepted(town.bob, ann.opener());
        ReceivingSession cyd = town.accept(town.cyd, ann.opener());
        Bytes fromBob = bob.own().seal(Town.reading(2)).message();
        SessionTest.refused(Reason.OTHER_SENDER, () -> cyd.open("bob", fromBob, Town.NOW));
        SessionTest.refused(Reason.NOT_OPENED, () -> cyd.open("ann", fromBob, Town.NOW));
        SessionTest.refused(
                Reason.OTHER_SENDER,
                () -> cyd.admit("mal", town.malSig.publicKey().kid()));
        cyd.admit("bob", bobKid);
        cyd.admit("bob", bobKid);
        SessionTest.refused(Reason.OTHER_SENDER, () -> cyd.admit("mal", bobKid));
        SessionTest.refused(
                Reason.OTHER_SENDER,
                () -> cyd.admit("bob", town.annSig.publicKey().kid()));
        assertThat(cyd.open("bob", fromBob, Town.NOW).partialIv()).isZero();
    }

    @Test
    void namesStreamsAndWhatWasSeenSurviveARestart() throws Exception {
        Opened ann = town.open(town.toBob, town.toCyd);
        Accepted bob = town.accepted(town.bob, ann.opener());
        ReceivingSession before = town.accept(town.cyd, ann.opener());
        before.admit("bob", bobKid);
        Bytes first = bob.own().seal(Town.reading(1)).message();
        before.open("bob", first, Town.NOW);
        ReceivingSession after = ReceivingSession.resume(before.state());
        assertThat(after.knows("bob")).isTrue();
        assertThat(after.senders()).isEqualTo(before.senders());
        assertThat(after.state()).isEqualTo(before.state());
        SessionTest.refused(Reason.SEEN, () -> after.open("bob", first, Town.NOW));
        assertThat(value(after, "bob", bob.own().seal(Town.reading(4)).message()))
                .isEqualTo(4);
    }

    @Test
    void aRecipientsPartInASessionIsThereAfterARestartAndNoNonceRepeats() throws Exception {
        Opened ann = town.open(town.toBob, town.toCyd);
        MemoryStore store = new MemoryStore();
        Accepted bob = town.bob.accept(town.verified(ann.opener()), Town.NOW, Town.NOW.minusSeconds(60), store);
        assertThat(store.kept()).isEmpty();
        bob.own().keep();
        ann.others().admit("bob", bobKid);
        Set<Bytes> messages = new HashSet<>();
        SendingSession session = SendingSession.resume(store.kept().orElseThrow(), store);
        assertThat(session.openedMillis()).isEqualTo(Town.NOW.minusSeconds(60).toEpochMilli());
        for (int restart = 0; restart < 5; restart++) {
            for (int i = 0; i < 300; i++) {
                Sealed sealed = session.seal(Town.reading(21.5));
                assertThat(messages.add(sealed.message())).isTrue();
                ann.others().open("bob", sealed.message(), Town.NOW);
                session.keep();
            }
            session = SendingSession.resume(store.kept().orElseThrow(), store);
            session.keep();
        }
    }

    @Test
    void whoSendsRubbishSilencesOnlyItself() throws Exception {
        Opened ann = town.open(town.toBob, town.toCyd);
        ReceivingSession cyd = town.accept(town.cyd, ann.opener());
        cyd.admit("bob", bobKid);
        Bytes forged = new ReadingHead(ReadingHead.tag(cyd.sessionId()), 0, Bytes.wrap(new byte[20])).encode();
        for (int i = 0; i < ReceivingSession.MAX_FAILURES; i++) {
            SessionTest.refused(Reason.NOT_OPENED, () -> cyd.open("bob", forged, Town.NOW));
        }
        assertThat(cyd.isDropped("bob")).isTrue();
        assertThat(cyd.isDropped("ann")).isFalse();
        assertThat(value(cyd, "ann", ann.session().seal(Town.reading(1)).message()))
                .isEqualTo(1);
        assertThat(ReceivingSession.resume(cyd.state()).isDropped("bob")).isTrue();
    }

    @Test
    void sixteenMembersShareASession() throws Exception {
        List<KeyPair> keys = new ArrayList<>();
        List<Addressee> all = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            keys.add(KeyPair.generate(town.random));
            all.add(new Addressee("m" + i, keys.get(i).publicKey()));
        }
        Opened ann = town.open(all.toArray(Addressee[]::new));
        assertThat(ann.opener().size()).isLessThan(1_600);
        Accepted last = town.accepted(new Receiver("m15", keys.get(15)), ann.opener());
        Bytes fromLast = last.own().seal(Town.reading(8)).message();
        for (int i = 0; i < 15; i++) {
            ReceivingSession session = town.accept(new Receiver("m" + i, keys.get(i)), ann.opener());
            session.admit("m15", keys.get(15).publicKey().kid());
            assertThat(value(session, "m15", fromLast)).isEqualTo(8);
            assertThat(session.senders())
                    .hasSize(16)
                    .doesNotContain(keys.get(i).publicKey().kid());
        }
    }
}
