package dev.latchkey.ledger;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.cose.EcVerifier;
import dev.latchkey.transaction.ChainId;
import dev.latchkey.transaction.MalformedTransactionException;
import dev.latchkey.transaction.MemberRecord;
import dev.latchkey.transaction.Policy;
import dev.latchkey.transaction.PolicyChange;
import dev.latchkey.transaction.Role;
import dev.latchkey.transaction.SignedTransaction;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/**
 * The row of policy: the operators of policy p - 1 put policy p in force. Stateless, pure. Light verifiers, who have no
 * directory, check the succession alone ({@link #successor}).
 */
public final class PolicyRule {
    private PolicyRule() {}

    /**
     * The policy that a transaction puts in the place of another, as far as the two and the signatures tell: the number
     * follows, the hash points back, and exactly k operators of the one before signed. Nothing, if it does not.
     */
    public static Optional<Policy> successor(ChainId chain, Policy before, Bytes transaction, EcVerifier verifier) {
        SignedTransaction signed;
        try {
            signed = SignedTransaction.decode(transaction);
        } catch (MalformedTransactionException e) {
            return Optional.empty();
        }
        if (signed.batch().isPresent()
                || !(signed.transaction() instanceof PolicyChange change)
                || !follows(before, change.policy())) {
            return Optional.empty();
        }
        Decision decision =
                new Signers(signed, chain).byOperators(before.operators()).grant(draft -> {});
        return decision instanceof Decision.Granted granted
                        && granted.claims().stream().allMatch(claim -> claim.holds(verifier))
                ? Optional.of(change.policy())
                : Optional.empty();
    }

    static Decision decide(Draft draft, SignedTransaction signed, PolicyChange change) {
        Policy next = change.policy();
        if (next.number() != draft.policy().number() + 1) {
            return Decision.denied(Refusal.BAD_SEQUENCE);
        }
        if (!follows(draft.policy(), next) || !isSound(draft, next)) {
            return Decision.denied(Refusal.BAD_POLICY);
        }
        if (change.cut().filter(cut -> !isParent(draft, cut)).isPresent()) {
            return Decision.denied(Refusal.BAD_CUT);
        }
        return new Signers(signed, draft.chain())
                .byOperators(draft.policy().operators())
                .grant(changed -> put(changed, next, signed.encode()));
    }

    private static boolean follows(Policy before, Policy next) {
        return next.number() == before.number() + 1 && next.previous().equals(Optional.of(before.hash()));
    }

    /** Whether the block that is being made comes right behind the last one that a cut leaves. */
    private static boolean isParent(Draft draft, PolicyChange.Cut cut) {
        return cut.height() == draft.height() - 1 && cut.blockHash().equals(draft.parent());
    }

    private static boolean isSound(Draft draft, Policy next) {
        List<CoseKey> keys = keys(next);
        boolean free = keys.stream()
                .allMatch(key -> draft.owner(key).orElse(Draft.POLICY_OWNER).equals(Draft.POLICY_OWNER));
        boolean foreign =
                next.siblings().stream().noneMatch(sibling -> sibling.chain().equals(draft.chain()));
        boolean honest = next.replicas().nodes().stream()
                .noneMatch(node -> draft.struck().contains(node.sig().kid()));
        return free
                && foreign
                && honest
                && next.namesEachSiblingOnce()
                && new HashSet<>(keys).size() == keys.size()
                && next.blockVersion().equals(Policy.BlockVersion.FIRST)
                && next.witnesses().gateways().stream().allMatch(witness -> isGateway(draft, witness));
    }

    private static boolean isGateway(Draft draft, Policy.Witness witness) {
        return Rules.currentMember(draft, witness.name())
                .filter(record -> record.role() == Role.GATEWAY)
                .map(MemberRecord::keys)
                .filter(keys -> keys.sig().equals(witness.sig()))
                .isPresent();
    }

    private static List<CoseKey> keys(Policy policy) {
        List<CoseKey> keys = new ArrayList<>(policy.operators().keys());
        for (Policy.Replica replica : policy.replicas().nodes()) {
            keys.add(replica.sig());
            keys.add(replica.tls());
        }
        return keys;
    }

    private static void put(Draft draft, Policy next, Bytes transaction) {
        keys(next).forEach(key -> draft.register(key, Draft.POLICY_OWNER));
        draft.putPolicy(next, transaction);
    }
}
