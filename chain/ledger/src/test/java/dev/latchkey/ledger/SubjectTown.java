package dev.latchkey.ledger;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.transaction.Identity;
import dev.latchkey.transaction.Join;
import dev.latchkey.transaction.Leave;
import dev.latchkey.transaction.MemberRecord;
import dev.latchkey.transaction.RelocateDone;
import dev.latchkey.transaction.RelocateIn;
import dev.latchkey.transaction.RelocateOut;
import dev.latchkey.transaction.Role;
import dev.latchkey.transaction.Standing;
import dev.latchkey.transaction.Transaction;
import dev.latchkey.transaction.TransactionSigning;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A chain with one subject of every role and standing, and the sibling that some of them moved to. */
final class SubjectTown {
    private static final long MINUTE = 60_000;

    final TestNetwork here = new TestNetwork("seattle");
    final TestNetwork there = new TestNetwork("tacoma");
    final KeyPair stranger = KeyPair.generate(here.random);
    final List<Subject> subjects = new ArrayList<>();
    private String newcomer;
    private Identity arriving;
    private int newcomers;

    SubjectTown() {
        here.befriend(there, true);
        there.befriend(here, true);
        for (Role role : Role.values()) {
            for (Subject.Standing standing : Subject.Standing.values()) {
                if (Subject.exists(role, standing)) {
                    subjects.add(
                            new Subject(role, standing, Identity.generate(here.random), KeyPair.generate(here.random)));
                }
            }
        }
        subjects.forEach(this::settle);
        there.pass(31 * MINUTE);
        subjects.forEach(this::travelAfterTheDeadlines);
        here.pass(31 * MINUTE);
        here.joined("whoever");
    }

    Optional<Digest> commitment(Subject subject) {
        return Optional.of(MemberRecord.commitment(subject.next().publicKey()));
    }

    /** A member of the sibling that is on its way here under a subject's name: that subject, if it has moved there. */
    RelocateIn arrival(Subject subject) {
        boolean own = subject.standing() == Subject.Standing.MOVED;
        String name = own ? subject.name() : newcomer;
        return new RelocateIn(
                subject.name(),
                there.state.member(name).orElseThrow().sequence() + 1,
                there.chain,
                there.carried(name));
    }

    /** The keys of whoever {@link #arrival} is about. */
    Identity arriving(Subject subject) {
        return subject.standing() == Subject.Standing.MOVED ? subject.identity() : arriving;
    }

    /** Sends somebody of the sibling on the way here under a subject's name. */
    void sendNewcomer(Subject subject) {
        newcomer = "newcomer-" + ++newcomers;
        arriving = there.joined(newcomer);
        long deadline =
                Math.max(there.state.header().timeMillis(), here.state.header().timeMillis());
        take(
                there,
                TransactionSigning.of(
                                new RelocateOut(newcomer, 2, here.chain, subject.name(), deadline + MINUTE),
                                there.chain)
                        .by(arriving.sig()));
    }

    private void settle(Subject subject) {
        if (subject.standing() == Subject.Standing.ABSENT) {
            return;
        }
        Join join = new Join(
                subject.name(), 1, subject.role(), subject.identity().keys(), commitment(subject), Optional.empty());
        take(
                here,
                TransactionSigning.of(join, here.chain)
                        .by(subject.identity().sig())
                        .possessedBy(subject.identity().dtls())
                        .by(here.operator));
        switch (subject.standing()) {
            case SUSPENDED -> take(here, byOperator(new Standing(Standing.Act.SUSPEND, subject.name(), 2)));
            case REVOKED -> take(here, byOperator(new Standing(Standing.Act.REVOKE, subject.name(), 2)));
            case LEFT ->
                take(
                        here,
                        TransactionSigning.of(new Leave(subject.name(), 2), here.chain)
                                .by(subject.identity().sig()));
            case MOVING, ARRIVED, MOVED -> setOut(subject);
            default -> {}
        }
    }

    private void setOut(Subject subject) {
        long deadline = here.state.header().timeMillis() + 30 * MINUTE;
        take(
                here,
                TransactionSigning.of(
                                new RelocateOut(subject.name(), 2, there.chain, subject.name(), deadline), here.chain)
                        .by(subject.identity().sig()));
        if (subject.standing() == Subject.Standing.MOVING) {
            return;
        }
        RelocateIn in = new RelocateIn(subject.name(), 3, here.chain, here.carried(subject.name()));
        take(
                there,
                TransactionSigning.of(in, there.chain)
                        .by(subject.identity().sig())
                        .possessedBy(subject.identity().dtls()));
        if (subject.standing() == Subject.Standing.MOVED) {
            RelocateDone done =
                    new RelocateDone(subject.name(), 3, there.carried(subject.name()), stranger.publicKey());
            take(here, TransactionSigning.of(done, here.chain).by(stranger));
        }
    }

    private void travelAfterTheDeadlines(Subject subject) {
        if (subject.standing() == Subject.Standing.MOVED) {
            RelocateOut back = new RelocateOut(
                    subject.name(),
                    4,
                    here.chain,
                    subject.name(),
                    there.state.header().timeMillis() + 59 * MINUTE);
            take(
                    there,
                    TransactionSigning.of(back, there.chain)
                            .by(subject.identity().sig()));
        }
    }

    private TransactionSigning byOperator(Transaction transaction) {
        return TransactionSigning.of(transaction, here.chain).by(here.operator);
    }

    private static void take(TestNetwork network, TransactionSigning signing) {
        Bytes transaction = signing.finish().encode();
        Outcome outcome = network.apply(transaction).outcomes().get(0);
        if (!(outcome instanceof Outcome.Applied)) {
            throw new AssertionError("a step of the fixture was refused: " + outcome);
        }
    }
}
