package dev.latchkey.ledger;

import dev.latchkey.cose.CoseKey;
import dev.latchkey.cose.KeyId;
import dev.latchkey.transaction.MemberRecord;
import dev.latchkey.transaction.MemberState;
import dev.latchkey.transaction.Role;
import dev.latchkey.transaction.SignedTransaction;
import dev.latchkey.transaction.Standing;
import java.util.List;
import java.util.Optional;

/** The rows of suspend, resume and revoke: an admin, or the operators, over a member's standing. Stateless, pure. */
final class StandingRule {
    private StandingRule() {}

    static Decision decide(Draft draft, SignedTransaction signed, Standing standing) {
        Optional<MemberRecord> found = Rules.member(draft, standing.name());
        Optional<MemberState> state = found.flatMap(record -> after(record.state(), standing.act()));
        if (state.isEmpty()) {
            return Decision.denied(Refusal.UNKNOWN_MEMBER);
        }
        MemberRecord before = found.orElseThrow();
        if (standing.sequence() != before.sequence() + 1) {
            return Decision.denied(Refusal.BAD_SEQUENCE);
        }
        Signers signers = new Signers(signed, draft.chain());
        Optional<CoseKey> admin = mayBeJudgedByAnAdmin(before) ? admin(draft, signed.kids()) : Optional.empty();
        if (admin.isPresent()) {
            signers.by(admin.get());
        } else {
            signers.byOperators(draft.policy().operators());
        }
        MemberRecord after = before.next(draft.height()).in(state.get());
        return signers.grant(changed -> {
            if (standing.act() == Standing.Act.REVOKE) {
                changed.endRecovery(standing.name());
            }
            changed.putMember(after);
        });
    }

    private static boolean mayBeJudgedByAnAdmin(MemberRecord record) {
        return record.role() == Role.MEMBER || record.role() == Role.AUDITOR;
    }

    private static Optional<CoseKey> admin(Draft draft, List<KeyId> kids) {
        return kids.size() == 1 ? JoinRule.activeAdmin(draft, kids.get(0)) : Optional.empty();
    }

    /** The state that an act leads to, if it may be done in this one. */
    static Optional<MemberState> after(MemberState before, Standing.Act act) {
        boolean active = before instanceof MemberState.Active;
        boolean suspended = before instanceof MemberState.Suspended;
        if (act == Standing.Act.SUSPEND && active) {
            return Optional.of(new MemberState.Suspended());
        }
        if (act == Standing.Act.RESUME && suspended) {
            return Optional.of(MemberState.ACTIVE);
        }
        boolean moving = before instanceof MemberState.Moving;
        if (act == Standing.Act.REVOKE && (active || suspended || moving)) {
            return Optional.of(new MemberState.Revoked());
        }
        return Optional.empty();
    }
}
