package dev.latchkey.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.cose.Signer;
import dev.latchkey.transaction.Identity;
import dev.latchkey.transaction.Join;
import dev.latchkey.transaction.Leave;
import dev.latchkey.transaction.MalformedTransactionException;
import dev.latchkey.transaction.MemberKeys;
import dev.latchkey.transaction.Recover;
import dev.latchkey.transaction.RecoverByOperators;
import dev.latchkey.transaction.RelocateCancel;
import dev.latchkey.transaction.RelocateDone;
import dev.latchkey.transaction.RelocateOut;
import dev.latchkey.transaction.Role;
import dev.latchkey.transaction.Rotate;
import dev.latchkey.transaction.Transaction;
import dev.latchkey.transaction.TransactionSigning;
import dev.latchkey.transaction.Veto;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/**
 * Walks kind x role x standing x field: what the table below does not allow is refused, whoever signs it; what it allows
 * is refused with a signature less, a signature more, or any field changed that the table does not call free. Policy,
 * evidence and foreign-revoke are about nobody's standing here; their rows are walked in their own tests.
 */
class RuleMatrixTest {
    private static final Set<Subject.Standing> NOWHERE = EnumSet.noneOf(Subject.Standing.class);

    /** One line of the table: for members, for other roles, and the body's fields that may be anything of their form. */
    private record Row(Set<Subject.Standing> members, Set<Subject.Standing> others, Set<Integer> free) {}

    /** A transaction about a subject, and who signs it. */
    private record Attempt(Transaction transaction, List<Signer> signers, Optional<Signer> possession) {}

    private enum Kind {
        JOIN_BY_OPERATORS,
        JOIN_BY_ADMIN,
        ROTATE,
        RELOCATE_OUT,
        RELOCATE_IN,
        RELOCATE_DONE,
        RELOCATE_CANCEL,
        LEAVE,
        SUSPEND,
        RESUME,
        REVOKE,
        RECOVER,
        RECOVER_BY_OPERATORS,
        VETO,
        GENESIS
    }

    private static final Map<Kind, Row> TABLE = Map.ofEntries(
            row(Kind.JOIN_BY_OPERATORS, at("ABSENT LEFT"), at("ABSENT LEFT"), 3, 5),
            row(Kind.JOIN_BY_ADMIN, at("ABSENT LEFT"), NOWHERE, 5),
            row(Kind.ROTATE, at("ACTIVE"), at("ACTIVE")),
            row(Kind.RELOCATE_OUT, at("ACTIVE"), NOWHERE, 4, 5),
            row(Kind.RELOCATE_IN, at("ABSENT MOVED"), at("ABSENT")), // whoever arrives is a member
            row(Kind.RELOCATE_DONE, at("ARRIVED"), NOWHERE),
            row(Kind.RELOCATE_CANCEL, at("MOVING"), NOWHERE),
            row(Kind.LEAVE, at("ACTIVE"), at("ACTIVE")),
            row(Kind.SUSPEND, at("ACTIVE"), at("ACTIVE")),
            row(Kind.RESUME, at("SUSPENDED"), at("SUSPENDED")),
            row(Kind.REVOKE, at("ACTIVE SUSPENDED MOVING ARRIVED"), at("ACTIVE SUSPENDED")),
            row(Kind.RECOVER, at("ACTIVE SUSPENDED"), at("ACTIVE SUSPENDED"), 4),
            row(Kind.RECOVER_BY_OPERATORS, at("ACTIVE SUSPENDED"), at("ACTIVE SUSPENDED"), 4),
            row(Kind.VETO, at("ACTIVE SUSPENDED"), at("ACTIVE SUSPENDED")),
            row(Kind.GENESIS, NOWHERE, NOWHERE));

    private final SubjectTown town = new SubjectTown();
    private final TestNetwork here = town.here;

    @Test
    void everyCellIsDecidedByTheTable() {
        int decided = 0;
        for (Kind kind : Kind.values()) {
            for (Subject subject : town.subjects) {
                Row row = TABLE.get(kind);
                boolean allowed =
                        (subject.role() == Role.MEMBER ? row.members() : row.others()).contains(subject.standing());
                ChainState state = before(kind, subject);
                Attempt attempt = attempt(kind, subject, state);
                Outcome outcome = admit(state, signed(attempt));
                assertThat(outcome instanceof Outcome.Applied)
                        .as("%s of %s: %s", kind, subject.name(), outcome)
                        .isEqualTo(allowed);
                if (allowed) {
                    walkSignatures(kind, state, attempt);
                    walkFields(kind, subject, state, attempt);
                }
                decided++;
            }
        }
        assertThat(decided).isEqualTo(Kind.values().length * (8 + 3 * 5));
    }

    private void walkSignatures(Kind kind, ChainState state, Attempt attempt) {
        List<Signer> signers = attempt.signers();
        for (int left = 0; left < signers.size(); left++) {
            List<Signer> fewer = new ArrayList<>(signers);
            fewer.remove(left);
            if (!fewer.isEmpty() || attempt.possession().isPresent()) {
                refused(
                        kind,
                        "a signature less",
                        state,
                        new Attempt(attempt.transaction(), fewer, attempt.possession()));
            }
            List<Signer> exchanged = new ArrayList<>(signers);
            exchanged.set(left, town.stranger.equals(signers.get(left)) ? here.replica : town.stranger);
            refused(
                    kind,
                    "another's signature",
                    state,
                    new Attempt(attempt.transaction(), exchanged, attempt.possession()));
        }
        attempt.possession().ifPresent(dtls -> {
            List<Signer> ofTheWrongPurpose = new ArrayList<>(signers);
            ofTheWrongPurpose.add(dtls);
            refused(kind, "no possession", state, new Attempt(attempt.transaction(), signers, Optional.empty()));
            refused(
                    kind,
                    "possession under another text",
                    state,
                    new Attempt(attempt.transaction(), ofTheWrongPurpose, Optional.empty()));
        });
        List<Signer> more = new ArrayList<>(signers);
        more.add(here.replicaTls);
        refused(kind, "a signature more", state, new Attempt(attempt.transaction(), more, attempt.possession()));
    }

    private void walkFields(Kind kind, Subject subject, ChainState state, Attempt attempt) {
        List<Item> parts = parts(attempt.transaction().body());
        for (int field = 1; field < parts.size(); field++) {
            for (UnaryOperator<Item> change : BodyChanges.of(parts.get(field))) {
                List<Item> changed = new ArrayList<>(parts);
                changed.set(field, change.apply(parts.get(field)));
                Optional<Transaction> transaction = decode(Cbor.encode(Cbor.array(changed)));
                boolean renamedJoin = field == 1
                        && subject.standing() == Subject.Standing.ABSENT
                        && attempt.transaction() instanceof Join; // a free name is as good as another
                boolean free = TABLE.get(kind).free().contains(field) || renamedJoin;
                if (transaction.isPresent() && !free) {
                    refused(
                            kind,
                            "field " + field + " of " + subject.name() + " changed",
                            state,
                            new Attempt(transaction.get(), attempt.signers(), attempt.possession()));
                }
            }
        }
    }

    /** The state in which a transaction is tried: a veto needs something to object to. */
    private ChainState before(Kind kind, Subject subject) {
        if (kind == Kind.RELOCATE_IN && subject.standing() != Subject.Standing.MOVED) {
            town.sendNewcomer(subject);
        }
        if (kind != Kind.VETO) {
            return here.state;
        }
        Bytes recovery = signed(attempt(Kind.RECOVER_BY_OPERATORS, subject, here.state));
        return Ledger.apply(here.state, here.entry(recovery)).state();
    }

    private Attempt attempt(Kind kind, Subject subject, ChainState state) {
        String name = subject.name();
        long sequence = subject.nextSequence(state);
        KeyPair sig = subject.identity().sig();
        Identity fresh = Identity.generate(here.random);
        boolean comesBack = subject.standing() == Subject.Standing.LEFT;
        switch (kind) {
            case JOIN_BY_OPERATORS, JOIN_BY_ADMIN: {
                Join join = new Join(
                        name, sequence, subject.role(), fresh.keys(), town.commitment(subject), Optional.empty());
                List<Signer> signers = new ArrayList<>(
                        List.of(fresh.sig(), kind == Kind.JOIN_BY_ADMIN ? here.admin.sig() : here.operator));
                if (comesBack) {
                    signers.add(sig);
                }
                return new Attempt(join, signers, Optional.of(fresh.dtls()));
            }
            case ROTATE:
                return by(
                        new Rotate(
                                name,
                                sequence,
                                Optional.empty(),
                                Optional.of(fresh.kex().publicKey()),
                                Optional.empty(),
                                town.commitment(subject)),
                        sig);
            case RELOCATE_OUT:
                return by(
                        new RelocateOut(
                                name,
                                sequence,
                                town.there.chain,
                                "new-name",
                                state.header().timeMillis() + 60_000),
                        sig);
            case RELOCATE_IN: {
                Identity arriving = town.arriving(subject);
                return new Attempt(town.arrival(subject), List.of(arriving.sig()), Optional.of(arriving.dtls()));
            }
            case RELOCATE_DONE:
                return by(
                        new RelocateDone(name, sequence, town.there.carried(name), town.stranger.publicKey()),
                        town.stranger);
            case RELOCATE_CANCEL:
                return by(new RelocateCancel(name, sequence, town.there.carried(name)), sig);
            case LEAVE:
                return by(new Leave(name, sequence), sig);
            case SUSPEND, RESUME, REVOKE:
                return by(
                        new dev.latchkey.transaction.Standing(
                                dev.latchkey.transaction.Standing.Act.valueOf(kind.name()), name, sequence),
                        here.operator);
            case RECOVER: {
                MemberKeys keys = new MemberKeys(
                        subject.next().publicKey(),
                        fresh.kex().publicKey(),
                        fresh.dtls().publicKey());
                return new Attempt(
                        new Recover(name, sequence, keys, Optional.empty()),
                        List.of(subject.next()),
                        Optional.of(fresh.dtls()));
            }
            case RECOVER_BY_OPERATORS:
                return new Attempt(
                        new RecoverByOperators(name, sequence, fresh.keys(), Optional.empty()),
                        List.of(fresh.sig(), here.operator),
                        Optional.of(fresh.dtls()));
            case VETO:
                return by(new Veto(name, sequence, Optional.of(subject.next().publicKey())), subject.next());
            default:
                return by(here.genesis, here.operator);
        }
    }

    private static Attempt by(Transaction transaction, Signer signer) {
        return new Attempt(transaction, List.of(signer), Optional.empty());
    }

    private Bytes signed(Attempt attempt) {
        TransactionSigning signing = TransactionSigning.of(attempt.transaction(), here.chain);
        attempt.signers().forEach(signing::by);
        attempt.possession().ifPresent(signing::possessedBy);
        return signing.finish().encode();
    }

    private void refused(Kind kind, String how, ChainState state, Attempt attempt) {
        assertThat(admit(state, signed(attempt))).as("%s with %s", kind, how).isInstanceOf(Outcome.Refused.class);
    }

    private Outcome admit(ChainState state, Bytes transaction) {
        return Admission.check(state, transaction, state.header().timeMillis() + 1, TestNetwork.VERIFIER);
    }

    private static Optional<Transaction> decode(Bytes body) {
        try {
            return Optional.of(Transaction.decode(body));
        } catch (MalformedTransactionException e) {
            return Optional.empty(); // refused before a rule sees it
        }
    }

    private static List<Item> parts(Bytes body) {
        try {
            return Cbor.decode(body, body.size()).asArray(3, 16);
        } catch (MalformedCborException e) {
            throw new AssertionError(e);
        }
    }

    private static Map.Entry<Kind, Row> row(
            Kind kind, Set<Subject.Standing> members, Set<Subject.Standing> others, Integer... free) {
        return Map.entry(kind, new Row(members, others, Set.of(free)));
    }

    private static Set<Subject.Standing> at(String standings) {
        Set<Subject.Standing> set = EnumSet.noneOf(Subject.Standing.class);
        for (String standing : standings.split(" ")) {
            set.add(Subject.Standing.valueOf(standing));
        }
        return set;
    }
}
