package dev.latchkey.envelope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.envelope.RefusedMessageException.Reason;
import dev.latchkey.senml.Pack;
import dev.latchkey.senml.Record;
import dev.latchkey.senml.Value;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class SessionTest {
    private final Town town = new Town();

    static void refused(Reason reason, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOf(RefusedMessageException.class)
                .hasMessage("message refused")
                .extracting(e -> ((RefusedMessageException) e).reason())
                .isEqualTo(reason);
    }

    @Test
    void theRecipientReadsWhatTheAuthorSealed() throws Exception {
        Opened opened = town.open(town.toBob);
        ReceivingSession session = town.accept(town.bob, opened.opener());
        Sealed sealed = opened.session().seal(Town.reading(21.5));
        Opening opening = session.open("ann", sealed.message(), Town.NOW);
        assertThat(opening.partialIv()).isZero();
        assertThat(opening.contents().pack()).isEqualTo(Town.pack(21.5));
        assertThat(opening.contents().measurements().get(0).name()).isEqualTo("urn:latchkey:seattle:ann:temp");
        assertThat(opening.contents().late()).isFalse();
        assertThat(session.sessionId()).isEqualTo(opened.session().sessionId());
    }

    @Test
    void aReadingOf23BytesBecomes45And46Bytes() throws Exception {
        SendingSession session = town.open(town.toBob).session();
        assertThat(Town.reading(21.5).size()).isEqualTo(23);
        for (int partialIv = 0; partialIv < 300; partialIv++) {
            assertThat(session.seal(Town.reading(21.5)).message().size()).isEqualTo(partialIv < 256 ? 45 : 46);
        }
    }

    @Test
    void openersHaveTheSizesThatTheDesignNames() {
        assertThat(town.open(town.toBob).opener().size()).isBetween(220, 230);
        assertThat(town.open(town.toBob, town.toCyd).opener().size()).isBetween(305, 316);
    }

    @Test
    void thePackInAnOpenerComesWithTheSession() throws Exception {
        Opened opened = town.ann.open(Town.CONTEXT, List.of(town.toBob), Town.reading(7.25), Town.NOW, town.store);
        Accepted accepted = town.bob.accept(town.verified(opened.opener()), Town.NOW, Town.NOW, town.store);
        assertThat(accepted.first().orElseThrow().pack()).isEqualTo(Town.pack(7.25));
    }

    @Test
    void everyRecipientOfSeveralOpensTheSameReading() throws Exception {
        Opened opened = town.open(town.toCyd, town.toBob);
        Bytes message = opened.session().seal(Town.reading(1)).message();
        assertThat(town.accept(town.bob, opened.opener())
                        .open("ann", message, Town.NOW)
                        .contents()
                        .pack())
                .isEqualTo(town.accept(town.cyd, opened.opener())
                        .open("ann", message, Town.NOW)
                        .contents()
                        .pack());
    }

    @Test
    void readingsOpenInAnyOrderAndEachOnce() throws Exception {
        Opened opened = town.open(town.toBob);
        ReceivingSession session = town.accept(town.bob, opened.opener());
        List<Sealed> sent = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            sent.add(opened.session().seal(Town.reading(i)));
        }
        long seed = System.nanoTime();
        Collections.shuffle(sent, new Random(seed));
        for (Sealed sealed : sent) {
            assertThat(session.open("ann", sealed.message(), Town.NOW)
                            .contents()
                            .pack())
                    .as("seed %d", seed)
                    .isEqualTo(Town.pack(sealed.partialIv()));
        }
        for (Sealed sealed : sent) {
            refused(Reason.SEEN, () -> session.open("ann", sealed.message(), Town.NOW));
        }
    }

    @Test
    void aReplayIsRefusedAfterTheRecipientRestarted() throws Exception {
        Opened opened = town.open(town.toBob);
        ReceivingSession before = town.accept(town.bob, opened.opener());
        Bytes first = opened.session().seal(Town.reading(1)).message();
        Bytes second = opened.session().seal(Town.reading(2)).message();
        before.open("ann", second, Town.NOW);
        ReceivingSession after = ReceivingSession.resume(before.state());
        refused(Reason.SEEN, () -> after.open("ann", second, Town.NOW));
        assertThat(after.open("ann", first, Town.NOW).partialIv()).isZero();
        assertThat(after.authorName()).isEqualTo("ann");
        assertThat(after.height()).isEqualTo(1_000_000);
    }

    @Test
    void aReadingThatComesWeeksLateOpensAndIsMarkedLate() throws Exception {
        Opened opened = town.open(town.toBob);
        ReceivingSession session = town.accept(town.bob, opened.opener());
        Bytes late = opened.session().seal(Town.reading(1)).message();
        for (int i = 0; i < 600; i++) {
            session.open("ann", opened.session().seal(Town.reading(2)).message(), Town.NOW);
        }
        ReceivingSession resumed = ReceivingSession.resume(session.state());
        Opening opening = resumed.open("ann", late, Town.NOW.plus(Duration.ofDays(30)));
        assertThat(opening.partialIv()).isZero();
        assertThat(opening.contents().late()).isTrue();
    }

    @Test
    void aCompleteEpochLeavesNoKeyBehind() throws Exception {
        Opened opened = town.open(town.toBob);
        ReceivingSession session = town.accept(town.bob, opened.opener());
        for (int i = 0; i < 255; i++) {
            session.open("ann", opened.session().seal(Town.reading(i)).message(), Town.NOW);
        }
        int withKey = session.state().size();
        session.open("ann", opened.session().seal(Town.reading(255)).message(), Town.NOW);
        assertThat(session.state().size()).isLessThan(withKey - AesCcm.KEY_SIZE - EpochWindow.BITMAP_SIZE);
    }

    @Test
    void aForgedReadingNeitherMovesTheChainNorMarksAnythingSeen() throws Exception {
        Opened opened = town.open(town.toBob);
        ReceivingSession session = town.accept(town.bob, opened.opener());
        Bytes genuine = opened.session().seal(Town.reading(1)).message();
        Bytes tag = ReadingHead.tag(session.sessionId());
        Bytes forgedAhead = new ReadingHead(tag, 65_535, Bytes.wrap(new byte[31])).encode();
        Bytes forgedNow = new ReadingHead(tag, 0, Bytes.wrap(new byte[31])).encode();
        int before = session.state().size();
        refused(Reason.NOT_OPENED, () -> session.open("ann", forgedAhead, Town.NOW));
        refused(Reason.NOT_OPENED, () -> session.open("ann", forgedNow, Town.NOW));
        assertThat(session.state().size()).isEqualTo(before);
        assertThat(session.open("ann", genuine, Town.NOW).partialIv()).isZero();
    }

    @Test
    void theSessionIsDroppedAfter1024ReadingsThatDoNotOpen() throws Exception {
        Opened opened = town.open(town.toBob);
        ReceivingSession session = town.accept(town.bob, opened.opener());
        Bytes genuine = opened.session().seal(Town.reading(1)).message();
        Bytes forged = new ReadingHead(ReadingHead.tag(session.sessionId()), 3, Bytes.wrap(new byte[31])).encode();
        for (int i = 0; i < ReceivingSession.MAX_FAILURES; i++) {
            assertThat(session.isDropped("ann")).isFalse();
            refused(Reason.NOT_OPENED, () -> session.open("ann", forged, Town.NOW));
        }
        assertThat(session.isDropped("ann")).isTrue();
        refused(Reason.SESSION_DROPPED, () -> session.open("ann", genuine, Town.NOW));
        ReceivingSession resumed = ReceivingSession.resume(session.state());
        refused(Reason.SESSION_DROPPED, () -> resumed.open("ann", genuine, Town.NOW));
    }

    @Test
    void aMeasurementFromTheFutureIsRefusedAndMayComeAgain() throws Exception {
        Opened opened = town.open(town.toBob);
        ReceivingSession session = town.accept(town.bob, opened.opener());
        Bytes ahead = opened.session().seal(Town.reading(1)).message();
        refused(Reason.FUTURE, () -> session.open("ann", ahead, Town.NOW.minusSeconds(301)));
        assertThat(session.open("ann", ahead, Town.NOW.minusSeconds(300)).partialIv())
                .isZero();
    }

    @Test
    void aPackInAnothersNameIsRefused() throws Exception {
        Opened opened = town.open(town.toBob);
        ReceivingSession session = town.accept(town.bob, opened.opener());
        Record foreign = Record.of("temp", Value.of(BigDecimal.ONE))
                .with(dev.latchkey.senml.Label.BASE_NAME, Value.of(SenderUrn.of("seattle", "mal")));
        Bytes message =
                opened.session().seal(Pack.at(Town.NOW, foreign).toCbor()).message();
        refused(Reason.PACK, () -> session.open("ann", message, Town.NOW));
        Bytes noPack = opened.session().seal(Bytes.fromHex("00")).message();
        refused(Reason.PACK, () -> session.open("ann", noPack, Town.NOW));
    }

    @Test
    void aSessionWithTheSameFourByteTagDoesNotOpenAnothersReadings() throws Exception {
        Opened one = town.open(town.toBob);
        Opened other = town.open(town.toBob);
        ReceivingSession session = town.accept(town.bob, one.opener());
        ReadingHead foreign =
                ReadingHead.read(other.session().seal(Town.reading(1)).message());
        Bytes sameTag = new ReadingHead(ReadingHead.tag(session.sessionId()), 0, foreign.ciphertext()).encode();
        refused(Reason.NOT_OPENED, () -> session.open("ann", sameTag, Town.NOW));
        refused(Reason.OTHER_SESSION, () -> session.open("ann", foreign.encode(), Town.NOW));
    }

    @Test
    void damagedStateIsNotResumed() throws Exception {
        Opened opened = town.open(town.toBob);
        opened.session().seal(Town.reading(1));
        Bytes sending = town.store.kept().orElseThrow();
        Bytes receiving = town.accept(town.bob, opened.opener()).state();
        for (int cut = 0; cut < sending.size(); cut++) {
            Bytes part = sending.slice(0, cut);
            assertThatThrownBy(() -> SendingSession.resume(part, town.store))
                    .isInstanceOf(MalformedStateException.class);
        }
        for (int cut = 0; cut < receiving.size(); cut++) {
            Bytes part = receiving.slice(0, cut);
            assertThatThrownBy(() -> ReceivingSession.resume(part)).isInstanceOf(MalformedStateException.class);
        }
    }

    @Test
    void textsShowNoSecret() throws Exception {
        Opened opened = town.open(town.toBob);
        assertThat(opened.session().toString()).matches("SendingSession\\[[0-9a-f]{8}]");
        assertThat(town.accept(town.bob, opened.opener()).toString()).matches("ReceivingSession\\[[0-9a-f]{8}]");
        assertThat(town.ann.toString()).isEqualTo("Author[ann]");
        assertThat(town.bob.toString()).isEqualTo("Receiver[bob]");
        assertThat(Secret.owning(new byte[] {1, 2}).toString()).isEqualTo("Secret");
    }
}
