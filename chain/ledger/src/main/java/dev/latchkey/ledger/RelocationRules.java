package dev.latchkey.ledger;

import dev.latchkey.cose.CoseKey;
import dev.latchkey.cose.KeyId;
import dev.latchkey.transaction.ForeignRevoke;
import dev.latchkey.transaction.MemberRecord;
import dev.latchkey.transaction.MemberState;
import dev.latchkey.transaction.Names;
import dev.latchkey.transaction.Policy;
import dev.latchkey.transaction.RelocateCancel;
import dev.latchkey.transaction.RelocateDone;
import dev.latchkey.transaction.RelocateIn;
import dev.latchkey.transaction.RelocateOut;
import dev.latchkey.transaction.Role;
import dev.latchkey.transaction.SignedTransaction;
import dev.latchkey.transaction.Standing;
import java.util.List;
import java.util.Optional;

/**
 * The rows of a move from chain A to its sibling B. A member's records have one sequence over all chains, so that a record
 * in B with a sequence above the moving one's in A is of this move or a later one, and no older stay in B can be taken for
 * an arrival. Stateless, pure.
 */
final class RelocationRules {
    /** Longest time from relocate-out to its deadline. */
    static final long MAX_MOVE_MILLIS = 3_600_000;

    /** How far the sibling's signatures may be from header time, before or after it, when a member arrives. */
    static final long MAX_AGE_MILLIS = 600_000;

    /** A member's transactions bring no sequence so far: beyond it a liar elsewhere would leave no room for the next ones. */
    private static final long MAX_SEQUENCE = Long.MAX_VALUE / 2;

    private RelocationRules() {}

    /** In A: the member sets out. */
    static Decision out(Draft draft, SignedTransaction signed, RelocateOut out) {
        Optional<MemberRecord> found = Rules.currentMember(draft, out.name());
        if (found.isEmpty()) {
            return Decision.denied(Refusal.UNKNOWN_MEMBER);
        }
        MemberRecord before = found.get();
        if (out.sequence() != before.sequence() + 1) {
            return Decision.denied(Refusal.BAD_SEQUENCE);
        }
        if (before.role() != Role.MEMBER) {
            return Decision.denied(Refusal.NOT_ALLOWED);
        }
        if (ForeignProof.sibling(draft, out.to()).isEmpty()) {
            return Decision.denied(Refusal.NOT_SIBLING);
        }
        if (out.deadlineMillis() <= draft.timeMillis() || out.deadlineMillis() - draft.timeMillis() > MAX_MOVE_MILLIS) {
            return Decision.denied(Refusal.DEADLINE);
        }
        if (draft.hasDoneEnough(before)) {
            return Decision.denied(Refusal.TOO_MANY);
        }
        MemberState moving = new MemberState.Moving(out.to(), out.nameThere(), out.deadlineMillis());
        return new Signers(signed, draft.chain()).by(before.keys().sig()).grant(changed -> {
            changed.endRecovery(out.name());
            changed.countOwnTransaction(before);
            changed.putMember(before.next(changed.height()).in(moving));
        });
    }

    /** In B: the member arrives. */
    static Decision in(Draft draft, SignedTransaction signed, RelocateIn in) {
        if (!Names.isValid(in.name())) {
            return Decision.denied(Refusal.BAD_NAME);
        }
        Optional<Policy.Sibling> sibling = ForeignProof.sibling(draft, in.from());
        if (sibling.isEmpty()) {
            return Decision.denied(Refusal.NOT_SIBLING);
        }
        Optional<ForeignProof> proof = ForeignProof.ofRecord(sibling.get(), in.carried());
        Optional<MemberRecord> there = proof.flatMap(ForeignProof::record);
        if (there.isEmpty()
                || there.get().role() != Role.MEMBER
                || !(there.get().state() instanceof MemberState.Moving moving)
                || !moving.to().equals(draft.chain())
                || !moving.nameThere().equals(in.name())) {
            return Decision.denied(Refusal.BAD_PROOF);
        }
        if (draft.timeMillis() >= moving.deadlineMillis()) {
            return Decision.denied(Refusal.DEADLINE);
        }
        if (Math.abs(draft.timeMillis() - proof.get().signedAtMillis()) > MAX_AGE_MILLIS) {
            return Decision.denied(Refusal.STALE_PROOF);
        }
        return admit(draft, signed, in, sibling.get(), there.get(), proof.get());
    }

    private static Decision admit(
            Draft draft,
            SignedTransaction signed,
            RelocateIn in,
            Policy.Sibling sibling,
            MemberRecord there,
            ForeignProof proof) {
        if (draft.isTombstoned(there.id())) {
            return Decision.denied(Refusal.TOMBSTONE);
        }
        Optional<MemberRecord> before = draft.member(in.name());
        if (before.isPresent() && !comesHome(before.get(), there, in)) {
            return Decision.denied(Refusal.NAME_TAKEN);
        }
        if (there.sequence() > MAX_SEQUENCE || in.sequence() != there.sequence() + 1) {
            return Decision.denied(Refusal.BAD_SEQUENCE);
        }
        if (draft.hasDoneEnough(there)) {
            return Decision.denied(Refusal.TOO_MANY);
        }
        for (CoseKey key : there.keys().all()) {
            Optional<String> owner = draft.owner(key);
            if (owner.isPresent() && (before.isEmpty() || !owner.get().equals(in.name()))) {
                return Decision.denied(Refusal.KEY_REUSED);
            }
        }
        Signers signers = new Signers(signed, draft.chain())
                .by(there.keys().sig())
                .possessedBy(there.keys().dtls());
        if (!sibling.movesIn()) {
            byAdmin(draft, signers);
        }
        MemberRecord after = new MemberRecord(
                in.name(),
                there.id(),
                in.sequence(),
                MemberState.ACTIVE,
                Role.MEMBER,
                there.keys(),
                draft.height(),
                Optional.of(before.orElse(there).hash()),
                there.nextKey());
        return signers.grant(proof.claims(), changed -> {
            after.keys().all().forEach(key -> changed.register(key, after.name()));
            changed.countOwnTransaction(after);
            changed.putMember(after);
        });
    }

    /** Whether the name was this member's, who went to the other chain and now comes back from it. */
    private static boolean comesHome(MemberRecord before, MemberRecord there, RelocateIn in) {
        boolean moved = before.state() instanceof MemberState.Moved;
        boolean arrived = before.state() instanceof MemberState.Moving moving
                && moving.to().equals(in.from())
                && moving.nameThere().equals(there.name());
        return before.id().equals(there.id()) && there.sequence() > before.sequence() && (moved || arrived);
    }

    private static void byAdmin(Draft draft, Signers signers) {
        List<KeyId> others = signers.unasked();
        Optional<CoseKey> admin = others.size() == 1 ? JoinRule.activeAdmin(draft, others.get(0)) : Optional.empty();
        if (admin.isPresent()) {
            signers.by(admin.get());
        } else {
            signers.byOperators(draft.policy().operators());
        }
    }

    /** In A: anyone shows that the member has arrived in B. */
    static Decision done(Draft draft, SignedTransaction signed, RelocateDone done) {
        Optional<MemberRecord> found = movingMember(draft, done.name());
        if (found.isEmpty()) {
            return Decision.denied(Refusal.UNKNOWN_MEMBER);
        }
        MemberRecord before = found.get();
        if (done.sequence() != before.sequence() + 1) {
            return Decision.denied(Refusal.BAD_SEQUENCE);
        }
        MemberState.Moving moving = (MemberState.Moving) before.state();
        Optional<Policy.Sibling> sibling = ForeignProof.sibling(draft, moving.to());
        if (sibling.isEmpty()) {
            return Decision.denied(Refusal.NOT_SIBLING);
        }
        Optional<ForeignProof> proof = ForeignProof.ofName(sibling.get(), done.carried(), moving.nameThere());
        if (proof.isEmpty() || !hasArrived(before, proof.get())) {
            return Decision.denied(Refusal.BAD_PROOF);
        }
        MemberState moved = new MemberState.Moved(moving.to(), moving.nameThere());
        return new Signers(signed, draft.chain())
                .by(done.filer())
                .grant(
                        proof.get().claims(),
                        changed ->
                                changed.putMember(before.next(changed.height()).in(moved)));
    }

    /** In A: the member was not taken in before the deadline, and stays. */
    static Decision cancel(Draft draft, SignedTransaction signed, RelocateCancel cancel) {
        Optional<MemberRecord> found = movingMember(draft, cancel.name());
        if (found.isEmpty()) {
            return Decision.denied(Refusal.UNKNOWN_MEMBER);
        }
        MemberRecord before = found.get();
        if (cancel.sequence() != before.sequence() + 1) {
            return Decision.denied(Refusal.BAD_SEQUENCE);
        }
        MemberState.Moving moving = (MemberState.Moving) before.state();
        Optional<Policy.Sibling> sibling = ForeignProof.sibling(draft, moving.to());
        if (sibling.isEmpty()) {
            return Decision.denied(Refusal.NOT_SIBLING);
        }
        Optional<ForeignProof> proof = ForeignProof.ofName(sibling.get(), cancel.carried(), moving.nameThere());
        if (proof.isEmpty() || hasArrived(before, proof.get())) {
            return Decision.denied(Refusal.BAD_PROOF);
        }
        if (proof.get().checkpoint().timeMillis() < moving.deadlineMillis()) {
            return Decision.denied(Refusal.DEADLINE);
        }
        return new Signers(signed, draft.chain())
                .by(before.keys().sig())
                .grant(
                        proof.get().claims(),
                        changed ->
                                changed.putMember(before.next(changed.height()).in(MemberState.ACTIVE)));
    }

    private static boolean hasArrived(MemberRecord moving, ForeignProof there) {
        return there.record()
                .filter(record -> record.id().equals(moving.id()) && record.sequence() > moving.sequence())
                .isPresent();
    }

    /** In B: a member that A revoked on its way is revoked here, or never taken in. */
    static Decision revoke(Draft draft, SignedTransaction signed, ForeignRevoke revoke) {
        if (!Names.isValid(revoke.name())) {
            return Decision.denied(Refusal.BAD_NAME);
        }
        Optional<Policy.Sibling> sibling = ForeignProof.sibling(draft, revoke.from());
        if (sibling.isEmpty()) {
            return Decision.denied(Refusal.NOT_SIBLING);
        }
        Optional<ForeignProof> proof = ForeignProof.ofRecord(sibling.get(), revoke.carried());
        Optional<MemberRecord> there = proof.flatMap(ForeignProof::record);
        if (there.isEmpty()
                || there.get().role() != Role.MEMBER
                || !(there.get().state() instanceof MemberState.Revoked)) {
            return Decision.denied(Refusal.BAD_PROOF);
        }
        Optional<MemberRecord> here = draft.member(revoke.name())
                .filter(record -> record.id().equals(there.get().id()));
        if (revoke.sequence() != here.map(MemberRecord::sequence).orElse(0L) + 1) {
            return Decision.denied(Refusal.BAD_SEQUENCE);
        }
        Optional<MemberState> after = here.flatMap(record -> StandingRule.after(record.state(), Standing.Act.REVOKE));
        if (after.isEmpty() && draft.isTombstoned(there.get().id())) {
            return Decision.denied(Refusal.TOMBSTONE);
        }
        return new Signers(signed, draft.chain())
                .by(revoke.filer())
                .grant(proof.get().claims(), changed -> {
                    changed.putTombstone(there.get().id());
                    after.ifPresent(state -> {
                        changed.endRecovery(revoke.name());
                        changed.putMember(
                                here.orElseThrow().next(changed.height()).in(state));
                    });
                });
    }

    private static Optional<MemberRecord> movingMember(Draft draft, String name) {
        return Rules.member(draft, name).filter(record -> record.state() instanceof MemberState.Moving);
    }
}
