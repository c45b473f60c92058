package dev.latchkey.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.transaction.Carried;
import dev.latchkey.transaction.ForeignRevoke;
import dev.latchkey.transaction.Identity;
import dev.latchkey.transaction.MemberRecord;
import dev.latchkey.transaction.MemberState;
import dev.latchkey.transaction.RelocateCancel;
import dev.latchkey.transaction.RelocateDone;
import dev.latchkey.transaction.RelocateIn;
import dev.latchkey.transaction.RelocateOut;
import dev.latchkey.transaction.Rotate;
import dev.latchkey.transaction.Standing;
import dev.latchkey.transaction.Transaction;
import dev.latchkey.transaction.TransactionSigning;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Moves between two chains that name each other as siblings. */
class RelocationRulesTest {
    private static final long MINUTE = 60_000;

    private final TestNetwork a = new TestNetwork("seattle");
    private final TestNetwork b = new TestNetwork("tacoma");
    private final KeyPair stranger = KeyPair.generate(a.random);
    private final Identity device = a.joined("d-1");

    @BeforeEach
    void siblings() {
        a.befriend(b, false);
        b.befriend(a, true);
    }

    @Test
    void aMemberMovesWithIdAndKeysAndIsActiveInOneChainAtATime() {
        MemberRecord home = record(a, "d-1");
        applied(a, out(2));
        assertThat(record(a, "d-1").isActive()).isFalse();
        MemberRecord moving = record(a, "d-1");

        applied(b, in(3, a.carried("d-1")));
        MemberRecord there = record(b, "d-9");
        assertThat(there.isActive()).isTrue();
        assertThat(there.id()).isEqualTo(home.id());
        assertThat(there.keys()).isEqualTo(home.keys());
        assertThat(there.previous()).contains(moving.hash());

        applied(a, done(3, b.carried("d-9")));
        assertThat(record(a, "d-1").state()).isEqualTo(new MemberState.Moved(b.chain, "d-9"));
    }

    @Test
    void onlyASiblingWithinTheHourIsADestination() {
        long soon = a.state.header().timeMillis() + MINUTE;
        refused(a, sign(a, new RelocateOut("d-1", 2, a.chain, "d-9", soon)), Refusal.NOT_SIBLING);
        refused(a, sign(a, new RelocateOut("d-1", 2, b.chain, "d-9", TestNetwork.T0)), Refusal.DEADLINE);
        refused(a, sign(a, new RelocateOut("d-1", 2, b.chain, "d-9", soon + 61 * MINUTE)), Refusal.DEADLINE);
        refused(a, sign(a, new RelocateOut("d-1", 3, b.chain, "d-9", soon)), Refusal.BAD_SEQUENCE);
        Bytes gateway = TransactionSigning.of(new RelocateOut("gateway-1", 2, b.chain, "g-9", soon), a.chain)
                .by(a.gateway.sig())
                .finish()
                .encode();
        refused(a, gateway, Refusal.NOT_ALLOWED);
    }

    @Test
    void anArrivalNeedsTheMovingRecordUnderAFreshCheckpointBeforeTheDeadline() {
        Carried active = a.carried("d-1");
        applied(a, out(2));
        Carried moving = a.carried("d-1");
        refused(b, in(3, active), Refusal.BAD_PROOF);
        refused(b, in(2, moving), Refusal.BAD_SEQUENCE);
        refused(b, in(3, new Carried(active.answer(), moving.checkpoint())), Refusal.BAD_PROOF);
        refused(b, in(3, new Carried(moving.answer(), b.carried("d-1").checkpoint())), Refusal.BAD_PROOF);
        refused(b, in(3, a.carriedSignedBy("d-1", stranger)), Refusal.BAD_PROOF);
        refused(b, inAs("d-8", 3, moving), Refusal.BAD_PROOF);

        b.pass(11 * MINUTE);
        refused(b, in(3, moving), Refusal.STALE_PROOF);
        b.pass(60 * MINUTE);
        refused(b, in(3, moving), Refusal.DEADLINE);
    }

    @Test
    void withoutAStandingPolicyAnAdminOfTheDestinationSignsToo() {
        Identity visitor = b.joined("d-2");
        long soon = b.state.header().timeMillis() + MINUTE;
        RelocateOut out = new RelocateOut("d-2", 2, a.chain, "d-2", soon);
        applied(
                b,
                TransactionSigning.of(out, b.chain).by(visitor.sig()).finish().encode());
        RelocateIn in = new RelocateIn("d-2", 3, b.chain, b.carried("d-2"));
        TransactionSigning alone =
                TransactionSigning.of(in, a.chain).by(visitor.sig()).possessedBy(visitor.dtls());
        refused(a, alone.finish().encode(), Refusal.MISSING_SIGNATURE);
        applied(a, alone.by(a.admin.sig()).finish().encode());
        assertThat(record(a, "d-2").isActive()).isTrue();
    }

    @Test
    void aMemberThatWasNotTakenInStaysAfterTheDeadline() {
        Carried before = b.carried("d-9");
        applied(a, out(2));
        refused(a, cancel(3, b.carried("d-9")), Refusal.DEADLINE);
        b.pass(31 * MINUTE);
        b.joined("d-other");
        refused(a, cancel(3, before), Refusal.DEADLINE);
        applied(a, cancel(3, b.carried("d-9")));
        assertThat(record(a, "d-1").isActive()).isTrue();
        refused(b, in(3, a.carried("d-1")), Refusal.BAD_PROOF);
    }

    @Test
    void whoHasArrivedCannotCancel() {
        applied(a, out(2));
        applied(b, in(3, a.carried("d-1")));
        b.pass(31 * MINUTE);
        b.joined("d-other");
        refused(a, cancel(3, b.carried("d-9")), Refusal.BAD_PROOF);
        assertThat(record(a, "d-1").isActive()).isFalse();
    }

    @Test
    void aMemberComesHomeUnderItsOldNameAndAnOldStayIsNoArrival() {
        applied(a, out(2));
        applied(b, in(3, a.carried("d-1")));
        Carried firstStay = b.carried("d-9");
        refused(a, done(4, firstStay), Refusal.BAD_SEQUENCE);
        applied(a, done(3, firstStay));
        RelocateOut back =
                new RelocateOut("d-9", 4, a.chain, "d-1", b.state.header().timeMillis() + MINUTE);
        applied(
                b,
                TransactionSigning.of(back, b.chain).by(device.sig()).finish().encode());
        RelocateIn in = new RelocateIn("d-1", 5, b.chain, b.carried("d-9"));
        applied(
                a,
                TransactionSigning.of(in, a.chain)
                        .by(device.sig())
                        .possessedBy(device.dtls())
                        .by(a.admin.sig())
                        .finish()
                        .encode());
        assertThat(record(a, "d-1").isActive()).isTrue();
        assertThat(record(a, "d-1").sequence()).isEqualTo(5);

        applied(a, out(6));
        refused(a, done(7, firstStay), Refusal.BAD_PROOF);
    }

    @Test
    void anArrivalIsNotRepeatedByTheSameProof() {
        applied(a, out(2));
        Carried moving = a.carried("d-1");
        applied(b, in(3, moving));
        assertThat(b.apply(in(3, moving)).outcomes().get(0)).isInstanceOf(Outcome.Repeated.class);
        refused(b, in(3, a.carried("d-1", 1)), Refusal.NAME_TAKEN);
    }

    @Test
    void aMemberRevokedOnItsWayIsRevokedWhereItArrived() {
        applied(a, out(2));
        applied(b, in(3, a.carried("d-1")));
        applied(a, revoke("d-1", 3));
        refused(b, foreignRevoke("d-9", 1, a.carried("d-1")), Refusal.BAD_SEQUENCE);
        applied(b, foreignRevoke("d-9", 4, a.carried("d-1")));
        assertThat(record(b, "d-9").state()).isEqualTo(new MemberState.Revoked());
        refused(a, done(4, b.carried("d-9")), Refusal.UNKNOWN_MEMBER);
    }

    @Test
    void aRevokeThatComesFirstWaitsAsATombstone() {
        applied(a, out(2));
        Carried moving = a.carried("d-1");
        refused(b, foreignRevoke("d-9", 1, moving), Refusal.BAD_PROOF);
        applied(a, revoke("d-1", 3));
        applied(b, foreignRevoke("d-9", 1, a.carried("d-1")));
        refused(b, foreignRevoke("d-9", 1, a.carried("d-1", 1)), Refusal.TOMBSTONE);
        refused(b, in(3, moving), Refusal.TOMBSTONE);
        assertThat(b.state.member("d-9")).isEmpty();
    }

    @Test
    void aMovingMemberDoesNothingElse() {
        applied(a, out(2));
        Rotate rotate = new Rotate(
                "d-1", 3, Optional.empty(), Optional.of(stranger.publicKey()), Optional.empty(), Optional.empty());
        refused(a, sign(a, rotate), Refusal.UNKNOWN_MEMBER);
        refused(a, out(3), Refusal.UNKNOWN_MEMBER);
    }

    private Bytes out(long sequence) {
        return sign(
                a,
                new RelocateOut(
                        "d-1", sequence, b.chain, "d-9", a.state.header().timeMillis() + 30 * MINUTE));
    }

    private Bytes in(long sequence, Carried carried) {
        return inAs("d-9", sequence, carried);
    }

    private Bytes inAs(String name, long sequence, Carried carried) {
        return TransactionSigning.of(new RelocateIn(name, sequence, a.chain, carried), b.chain)
                .by(device.sig())
                .possessedBy(device.dtls())
                .finish()
                .encode();
    }

    private Bytes done(long sequence, Carried carried) {
        return TransactionSigning.of(new RelocateDone("d-1", sequence, carried, stranger.publicKey()), a.chain)
                .by(stranger)
                .finish()
                .encode();
    }

    private Bytes cancel(long sequence, Carried carried) {
        return sign(a, new RelocateCancel("d-1", sequence, carried));
    }

    private Bytes revoke(String name, long sequence) {
        return TransactionSigning.of(new Standing(Standing.Act.REVOKE, name, sequence), a.chain)
                .by(a.admin.sig())
                .finish()
                .encode();
    }

    private Bytes foreignRevoke(String name, long sequence, Carried carried) {
        return TransactionSigning.of(new ForeignRevoke(name, sequence, a.chain, carried, stranger.publicKey()), b.chain)
                .by(stranger)
                .finish()
                .encode();
    }

    private Bytes sign(TestNetwork network, Transaction transaction) {
        return TransactionSigning.of(transaction, network.chain)
                .by(device.sig())
                .finish()
                .encode();
    }

    private static MemberRecord record(TestNetwork network, String name) {
        return network.state.member(name).orElseThrow();
    }

    private static void applied(TestNetwork network, Bytes transaction) {
        assertThat(network.admit(transaction)).isInstanceOf(Outcome.Applied.class);
        assertThat(network.apply(transaction).outcomes().get(0)).isInstanceOf(Outcome.Applied.class);
        network.replayed();
    }

    private static void refused(TestNetwork network, Bytes transaction, Refusal reason) {
        assertThat(network.admit(transaction)).isEqualTo(new Outcome.Refused(reason));
    }
}
