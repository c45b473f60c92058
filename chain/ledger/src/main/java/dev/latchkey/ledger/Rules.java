package dev.latchkey.ledger;

import dev.latchkey.transaction.ChainId;
import dev.latchkey.transaction.Evidence;
import dev.latchkey.transaction.ForeignRevoke;
import dev.latchkey.transaction.Genesis;
import dev.latchkey.transaction.Join;
import dev.latchkey.transaction.Leave;
import dev.latchkey.transaction.MemberRecord;
import dev.latchkey.transaction.MemberState;
import dev.latchkey.transaction.Names;
import dev.latchkey.transaction.PolicyChange;
import dev.latchkey.transaction.Recover;
import dev.latchkey.transaction.RecoverByOperators;
import dev.latchkey.transaction.RelocateCancel;
import dev.latchkey.transaction.RelocateDone;
import dev.latchkey.transaction.RelocateIn;
import dev.latchkey.transaction.RelocateOut;
import dev.latchkey.transaction.Rotate;
import dev.latchkey.transaction.SignedTransaction;
import dev.latchkey.transaction.Standing;
import dev.latchkey.transaction.Transaction;
import dev.latchkey.transaction.Veto;
import java.util.Optional;

/**
 * The rule table: which transaction may do what, signed by whom. Whatever has no row here is refused. Stateless, pure.
 *
 * <table>
 * <caption>Rows</caption>
 * <tr><th>kind</th><th>on</th><th>signed by</th></tr>
 * <tr><td>genesis</td><td>nothing</td><td>k operators; sig and dtls of each first member</td></tr>
 * <tr><td>join</td><td>a free name, or one its holder left</td><td>new sig, new dtls, and a voucher's key or an admin or
 * k operators or an admin over its batch; a role other than member: k operators; a name that was left: its last sig key
 * too</td></tr>
 * <tr><td>rotate</td><td>an active member</td><td>its sig key, each new sig and dtls key</td></tr>
 * <tr><td>relocate-out</td><td>an active member, role member</td><td>its sig key</td></tr>
 * <tr><td>relocate-in</td><td>a free name, or one whose holder comes home</td><td>its sig and dtls key as in the other
 * chain; an admin or k operators, unless the policy takes in whoever comes from there</td></tr>
 * <tr><td>relocate-done</td><td>a moving member</td><td>anyone</td></tr>
 * <tr><td>relocate-cancel</td><td>a moving member</td><td>its sig key</td></tr>
 * <tr><td>foreign-revoke</td><td>a member that a sibling revoked on its way here</td><td>anyone</td></tr>
 * <tr><td>leave</td><td>an active member</td><td>its sig key</td></tr>
 * <tr><td>suspend, resume, revoke</td><td>an active (suspended; either or moving) member</td><td>an admin or k operators; for an
 * admin or a gateway: k operators</td></tr>
 * <tr><td>recover</td><td>an active or suspended member that committed to a next key</td><td>that key, the new
 * dtls</td></tr>
 * <tr><td>recover by operators</td><td>an active or suspended member</td><td>k operators, new sig, new dtls; takes effect
 * 72 h of header time later</td></tr>
 * <tr><td>veto</td><td>a recovery by operators that waits</td><td>the committed next key; or the current sig key, unless
 * suspended</td></tr>
 * <tr><td>policy</td><td>the policy before; with a cut, right behind the block that it names</td><td>k operators of the policy before</td></tr>
 * <tr><td>evidence</td><td>replicas that signed two histories</td><td>anyone</td></tr>
 * </table>
 */
final class Rules {
    private Rules() {}

    static Decision decide(Draft draft, SignedTransaction signed) {
        Transaction transaction = signed.transaction();
        if (transaction instanceof Join join) {
            return JoinRule.decide(draft, signed, join);
        }
        if (signed.batch().isPresent()) {
            return Decision.denied(Refusal.BATCH_SCOPE);
        }
        if (transaction instanceof RelocateOut out) {
            return RelocationRules.out(draft, signed, out);
        }
        if (transaction instanceof RelocateIn in) {
            return RelocationRules.in(draft, signed, in);
        }
        if (transaction instanceof RelocateDone done) {
            return RelocationRules.done(draft, signed, done);
        }
        if (transaction instanceof RelocateCancel cancel) {
            return RelocationRules.cancel(draft, signed, cancel);
        }
        if (transaction instanceof ForeignRevoke revoke) {
            return RelocationRules.revoke(draft, signed, revoke);
        }
        if (transaction instanceof Evidence evidence) {
            return EvidenceRule.decide(draft, signed, evidence);
        }
        if (transaction instanceof Rotate rotate) {
            return KeyRules.rotate(draft, signed, rotate);
        }
        if (transaction instanceof Leave leave) {
            return leave(draft, signed, leave);
        }
        if (transaction instanceof Standing standing) {
            return StandingRule.decide(draft, signed, standing);
        }
        if (transaction instanceof Recover recover) {
            return KeyRules.recover(draft, signed, recover);
        }
        if (transaction instanceof RecoverByOperators recover) {
            return RecoveryRules.decide(draft, signed, recover);
        }
        if (transaction instanceof Veto veto) {
            return RecoveryRules.decide(draft, signed, veto);
        }
        if (transaction instanceof PolicyChange change) {
            return PolicyRule.decide(draft, signed, change);
        }
        return Decision.denied(Refusal.NOT_ALLOWED);
    }

    /** What genesis must be signed with; the form of its body was checked when it was read. */
    static Decision genesis(SignedTransaction signed, Genesis genesis) {
        if (signed.batch().isPresent()) {
            return Decision.denied(Refusal.BATCH_SCOPE);
        }
        Signers signers =
                new Signers(signed, ChainId.UNBORN).byOperators(genesis.policy().operators());
        for (Genesis.FirstMember member : genesis.members()) {
            signers.by(member.keys().sig()).possessedBy(member.keys().dtls());
        }
        return signers.grant(draft -> found(draft, signed, genesis));
    }

    private static void found(Draft draft, SignedTransaction signed, Genesis genesis) {
        draft.putPolicy(genesis.policy(), signed.encode());
        genesis.policy().operators().keys().forEach(key -> draft.register(key, Draft.POLICY_OWNER));
        genesis.policy().replicas().nodes().forEach(node -> {
            draft.register(node.sig(), Draft.POLICY_OWNER);
            draft.register(node.tls(), Draft.POLICY_OWNER);
        });
        for (Genesis.FirstMember member : genesis.members()) {
            member.keys().all().forEach(key -> draft.register(key, member.name()));
            draft.putMember(new MemberRecord(
                    member.name(),
                    MemberRecord.firstId(signed.id(draft.chain()), member.name()),
                    1,
                    MemberState.ACTIVE,
                    member.role(),
                    member.keys(),
                    0,
                    Optional.empty(),
                    member.nextKey()));
        }
    }

    private static Decision leave(Draft draft, SignedTransaction signed, Leave leave) {
        Optional<MemberRecord> found = currentMember(draft, leave.name());
        if (found.isEmpty()) {
            return Decision.denied(Refusal.UNKNOWN_MEMBER);
        }
        MemberRecord before = found.get();
        if (leave.sequence() != before.sequence() + 1) {
            return Decision.denied(Refusal.BAD_SEQUENCE);
        }
        Signers signers = new Signers(signed, draft.chain()).by(before.keys().sig());
        MemberRecord after = before.next(draft.height()).in(MemberState.LEFT);
        return signers.grant(changed -> {
            // What was asked for the one who goes must not strike whoever joins again under the name.
            changed.endRecovery(leave.name());
            changed.putMember(after);
        });
    }

    /** The active member of a name. */
    static Optional<MemberRecord> currentMember(Draft draft, String name) {
        return member(draft, name).filter(MemberRecord::isActive);
    }

    /** The member of a name, whatever its state. */
    static Optional<MemberRecord> member(Draft draft, String name) {
        return Names.isValid(name) ? draft.member(name) : Optional.empty();
    }
}
