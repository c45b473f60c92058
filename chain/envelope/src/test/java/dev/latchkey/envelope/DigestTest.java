package dev.latchkey.envelope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.envelope.Confirmation.Verdict;
import dev.latchkey.envelope.RefusedMessageException.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What a sender signs about its readings: gaps are noticed, and in a shared session who sealed what. */
class DigestTest {
    private final Town town = new Town();
    private final Opened ann = town.open(town.toBob, town.toCyd);
    private final DigestLog log = new DigestLog(ann.session().sessionId());

    private List<Bytes> sent(int count) throws SessionEndedException {
        List<Bytes> messages = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Sealed sealed = ann.session().seal(Town.reading(i));
            log.acknowledged(sealed.partialIv(), sealed.message());
            messages.add(sealed.message());
        }
        return messages;
    }

    private VerifiedDigest digest() throws RefusedMessageException {
        return SignedDigest.read(log.sign(town.annSig)).verifiedBy(town.annSig.publicKey(), Town.VERIFIER);
    }

    private static void open(ReceivingSession session, List<Bytes> messages) throws RefusedMessageException {
        for (Bytes message : messages) {
            session.open("ann", message, Town.NOW);
        }
    }

    @Test
    void aDigestOfEverythingThatArrivedConfirmsIt() throws Exception {
        ReceivingSession bob = town.accept(town.bob, ann.opener());
        open(bob, sent(64));
        Bytes signed = log.sign(town.annSig);
        assertThat(signed.size()).isLessThan(175);
        VerifiedDigest digest = SignedDigest.read(signed).verifiedBy(town.annSig.publicKey(), Town.VERIFIER);
        assertThat(digest.ranges()).containsExactly(new PartialIvRange(0, 63));
        assertThat(bob.confirm("ann", digest).verdict()).isEqualTo(Verdict.CONFIRMED);
        assertThat(log.size()).isZero();
        open(bob, sent(3));
        assertThat(bob.confirm("ann", digest()).ranges()).containsExactly(new PartialIvRange(64, 66));
    }

    /** What is not acknowledged in time is delivered again, and a gateway may do so whenever it likes. */
    @Test
    void aDigestThatComesAgainIsJudgedAsBefore() throws Exception {
        ReceivingSession bob = town.accept(town.bob, ann.opener());
        open(bob, sent(3));
        VerifiedDigest digest = digest();
        assertThat(bob.confirm("ann", digest).verdict()).isEqualTo(Verdict.CONFIRMED);
        assertThat(bob.confirm("ann", digest).verdict()).isEqualTo(Verdict.CONFIRMED);
        assertThat(ReceivingSession.resume(bob.state()).confirm("ann", digest).verdict())
                .isEqualTo(Verdict.CONFIRMED);
    }

    /** Who carries the readings may end their sender's stream by forged ones, and then keep back the rest. */
    @Test
    void whatIsMissingIsNamedAlsoWhenNothingMoreOfItsSenderIsOpened() throws Exception {
        for (List<Addressee> to : List.of(List.of(town.toBob), List.of(town.toBob, town.toCyd))) {
            Opened opened = town.open(to.toArray(Addressee[]::new));
            DigestLog acknowledged = new DigestLog(opened.session().sessionId());
            List<Bytes> messages = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                Sealed sealed = opened.session().seal(Town.reading(i));
                acknowledged.acknowledged(sealed.partialIv(), sealed.message());
                messages.add(sealed.message());
            }
            ReceivingSession bob = town.accept(town.bob, opened.opener());
            bob.open("ann", messages.get(0), Town.NOW);
            byte[] forged = messages.get(1).toArray();
            forged[forged.length - 1] ^= 1;
            for (int i = 0; i < ReceivingSession.MAX_FAILURES; i++) {
                SessionTest.refused(Reason.NOT_OPENED, () -> bob.open("ann", Bytes.of(forged), Town.NOW));
            }
            assertThat(bob.isDropped("ann")).isTrue();
            VerifiedDigest digest = SignedDigest.read(acknowledged.sign(town.annSig))
                    .verifiedBy(town.annSig.publicKey(), Town.VERIFIER);

            ReceivingSession resumed = ReceivingSession.resume(bob.state());
            assertThat(resumed.confirm("ann", digest).missing()).containsExactly(1, 2);
            assertThat(bob.confirm("ann", digest).missing()).containsExactly(1, 2);
            SessionTest.refused(Reason.SESSION_DROPPED, () -> resumed.open("ann", messages.get(1), Town.NOW));
        }
    }

    @Test
    void readingsThatWereAcknowledgedAndDroppedOnTheWayAreNamed() throws Exception {
        ReceivingSession bob = town.accept(town.bob, ann.opener());
        List<Bytes> messages = sent(10);
        open(bob, messages.subList(0, 4));
        open(bob, messages.subList(6, 10));
        Confirmation found = bob.confirm("ann", digest());
        assertThat(found.verdict()).isEqualTo(Verdict.MISSING);
        assertThat(found.missing()).containsExactly(4, 5);

        ReceivingSession later = ReceivingSession.resume(bob.state());
        assertThat(later.open("ann", messages.get(5), Town.NOW).settled()).isEmpty();
        assertThat(later.open("ann", messages.get(4), Town.NOW).settled())
                .extracting(Confirmation::verdict)
                .containsExactly(Verdict.CONFIRMED);
    }

    @Test
    void readingsThatWereNotAcknowledgedAreNotMissed() throws Exception {
        ReceivingSession bob = town.accept(town.bob, ann.opener());
        open(bob, sent(3));
        ann.session().seal(Town.reading(9));
        open(bob, sent(3));
        Confirmation found = bob.confirm("ann", digest());
        assertThat(found.verdict()).isEqualTo(Verdict.CONFIRMED);
        assertThat(found.ranges()).containsExactly(new PartialIvRange(0, 2), new PartialIvRange(4, 6));
    }

    @Test
    void aReadingThatAnotherMemberSealedInTheSendersNameIsDisputed() throws Exception {
        ReceivingSession bob = town.accept(town.bob, ann.opener());
        // Whoever holds the session secret has ann's keys too: so does cyd.
        Opened again = new Town().open(town.toBob, town.toCyd);
        assertThat(again.session().sessionId()).isEqualTo(ann.session().sessionId());
        bob.open("ann", again.session().seal(Town.reading(99)).message(), Town.NOW);
        Bytes genuine = sent(1).get(0);
        SessionTest.refused(Reason.SEEN, () -> bob.open("ann", genuine, Town.NOW));
        assertThat(bob.confirm("ann", digest()).verdict()).isEqualTo(Verdict.DISPUTED);
    }

    @Test
    void aDigestWhoseReadingsAreTooLongAgoStaysUnchecked() throws Exception {
        ReceivingSession bob = town.accept(town.bob, ann.opener());
        open(bob, sent(2));
        VerifiedDigest old = digest();
        open(bob, sent(DigestLog.MAX_READINGS));
        assertThat(bob.confirm("ann", old).verdict()).isEqualTo(Verdict.UNCHECKED);
        assertThat(bob.confirm("ann", digest()).verdict()).isEqualTo(Verdict.CONFIRMED);
    }

    @Test
    void inASessionOfTwoOnlyGapsMatter() throws Exception {
        Opened two = town.open(town.toBob);
        ReceivingSession bob = town.accept(town.bob, two.opener());
        DigestLog own = new DigestLog(two.session().sessionId());
        Sealed first = two.session().seal(Town.reading(1));
        own.acknowledged(first.partialIv(), first.message());
        Bytes lost = two.session().seal(Town.reading(2)).message();
        own.acknowledged(1, lost);
        bob.open("ann", first.message(), Town.NOW);
        int before = bob.state().size();
        VerifiedDigest digest =
                SignedDigest.read(own.sign(town.annSig)).verifiedBy(town.annSig.publicKey(), Town.VERIFIER);
        assertThat(bob.confirm("ann", digest).missing()).containsExactly(1);
        assertThat(bob.state().size()).isLessThan(before + 64);
        assertThat(bob.open("ann", lost, Town.NOW).settled()).hasSize(1);
    }

    @Test
    void aDigestOfAnotherSessionSenderOrKeyIsRefused() throws Exception {
        ReceivingSession bob = town.accept(town.bob, ann.opener());
        sent(1);
        Bytes signed = log.sign(town.annSig);
        SessionTest.refused(
                Reason.OTHER_SENDER,
                () -> SignedDigest.read(signed).verifiedBy(town.malSig.publicKey(), Town.VERIFIER));
        VerifiedDigest digest = SignedDigest.read(signed).verifiedBy(town.annSig.publicKey(), Town.VERIFIER);
        SessionTest.refused(Reason.OTHER_SENDER, () -> bob.confirm("cyd", digest));
        ReceivingSession other = town.accept(town.bob, town.open(town.toBob).opener());
        SessionTest.refused(Reason.OTHER_SESSION, () -> other.confirm("ann", digest));
    }

    @Test
    void scatteredReadingsTakeSeveralDigests() throws Exception {
        for (int i = 0; i < 80; i++) {
            Sealed sealed = ann.session().seal(Town.reading(i));
            if (i % 2 == 0) {
                log.acknowledged(sealed.partialIv(), sealed.message());
            }
        }
        VerifiedDigest first = digest();
        assertThat(first.ranges()).hasSize(32);
        assertThat(log.size()).isEqualTo(8);
        assertThat(digest().ranges()).hasSize(8);
        assertThatThrownBy(() -> log.sign(town.annSig)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void damagedDigestsAreMalformedOrRefusedAndNeverFail() throws Exception {
        sent(5);
        Bytes signed = log.sign(town.annSig);
        byte[] whole = signed.toArray();
        for (int cut = 0; cut < whole.length; cut++) {
            Bytes part = signed.slice(0, cut);
            assertThatThrownBy(() -> SignedDigest.read(part)).isInstanceOf(MalformedMessageException.class);
        }
        for (int bit = 0; bit < whole.length * 8; bit++) {
            byte[] flipped = whole.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            assertThatThrownBy(() ->
                            SignedDigest.read(Bytes.of(flipped)).verifiedBy(town.annSig.publicKey(), Town.VERIFIER))
                    .isInstanceOf(RefusedMessageException.class);
        }
        Random random = new Random(7);
        for (int i = 0; i < 5_000; i++) {
            byte[] bytes = new byte[random.nextInt(200)];
            random.nextBytes(bytes);
            assertThatThrownBy(() -> SignedDigest.read(Bytes.of(bytes))).isInstanceOf(MalformedMessageException.class);
        }
    }

    @Test
    void rangesThatTouchOverlapOrGoDownAreMalformed() {
        for (List<PartialIvRange> wrong : List.of(
                List.of(new PartialIvRange(0, 1), new PartialIvRange(2, 3)),
                List.of(new PartialIvRange(0, 5), new PartialIvRange(4, 9)),
                List.of(new PartialIvRange(7, 8), new PartialIvRange(1, 2)),
                List.of(new PartialIvRange(0, DigestLog.MAX_READINGS)))) {
            Bytes signed = SignedDigest.sign(Digest.ZERO, wrong, Digest.ZERO, town.annSig);
            assertThatThrownBy(() -> SignedDigest.read(signed)).isInstanceOf(MalformedMessageException.class);
        }
    }

    @Test
    void anOpenerIsNoDigestAndADigestIsNoOpener() throws Exception {
        sent(1);
        Bytes signed = log.sign(town.annSig);
        assertThatThrownBy(() -> SignedDigest.read(ann.opener())).isInstanceOf(MalformedMessageException.class);
        assertThatThrownBy(() -> OpenerHead.read(signed)).isInstanceOf(MalformedMessageException.class);
    }
}
