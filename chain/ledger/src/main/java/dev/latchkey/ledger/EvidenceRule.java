package dev.latchkey.ledger;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.checkpoint.Contradiction;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.cose.EcVerifier;
import dev.latchkey.cose.KeyId;
import dev.latchkey.transaction.ChainId;
import dev.latchkey.transaction.Evidence;
import dev.latchkey.transaction.MalformedTransactionException;
import dev.latchkey.transaction.Policy;
import dev.latchkey.transaction.SignedTransaction;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The row of evidence: a replica key of the policy that signed two histories no longer counts. Stateless, pure. Light
 * verifiers, who have no directory, check the same ({@link #struck}).
 */
public final class EvidenceRule {
    private EvidenceRule() {}

    /**
     * The replica keys that a transaction strikes under a policy, signatures checked. None, if it is no evidence or proves
     * nothing new.
     *
     * @param before kids that were struck before
     */
    public static List<KeyId> struck(
            ChainId chain, Policy policy, Set<KeyId> before, Bytes transaction, EcVerifier verifier) {
        SignedTransaction signed;
        try {
            signed = SignedTransaction.decode(transaction);
        } catch (MalformedTransactionException e) {
            return List.of();
        }
        if (signed.batch().isPresent() || !(signed.transaction() instanceof Evidence evidence)) {
            return List.of();
        }
        Optional<Contradiction> shown = Contradiction.shownBy(evidence).filter(found -> isOf(chain, found));
        List<CoseKey> liars = shown.map(found -> liars(policy, before, found)).orElse(List.of());
        List<SignatureClaim> claims = new ArrayList<>();
        shown.ifPresent(found -> claims.addAll(claims(found, liars)));
        Decision decision = new Signers(signed, chain).by(evidence.filer()).grant(claims, draft -> {});
        return decision instanceof Decision.Granted granted
                        && granted.claims().stream().allMatch(claim -> claim.holds(verifier))
                ? kids(liars)
                : List.of();
    }

    static Decision decide(Draft draft, SignedTransaction signed, Evidence evidence) {
        Optional<Contradiction> shown = Contradiction.shownBy(evidence).filter(found -> isOf(draft.chain(), found));
        if (shown.isEmpty()) {
            return Decision.denied(Refusal.BAD_PROOF);
        }
        List<CoseKey> liars = liars(draft.policy(), draft.struck(), shown.get());
        if (liars.isEmpty()) {
            return Decision.denied(Refusal.NOT_REPLICA);
        }
        return new Signers(signed, draft.chain())
                .by(evidence.filer())
                .grant(claims(shown.get(), liars), changed -> changed.strike(kids(liars), signed.encode()));
    }

    private static boolean isOf(ChainId chain, Contradiction found) {
        return found.first().checkpoint().chain().equals(chain);
    }

    /** The replicas of the policy that claim to have signed both and are not struck yet. */
    private static List<CoseKey> liars(Policy policy, Set<KeyId> before, Contradiction found) {
        return policy.replicas().nodes().stream()
                .map(Policy.Replica::sig)
                .filter(key ->
                        !before.contains(key.kid()) && !found.by(key.kid()).isEmpty())
                .toList();
    }

    private static List<SignatureClaim> claims(Contradiction found, List<CoseKey> liars) {
        List<SignatureClaim> claims = new ArrayList<>();
        for (CoseKey liar : liars) {
            for (Contradiction.Signature signature : found.by(liar.kid())) {
                claims.add(new SignatureClaim(liar, signature::message, signature.value(), Refusal.BAD_PROOF));
            }
        }
        return claims;
    }

    private static List<KeyId> kids(List<CoseKey> keys) {
        return keys.stream().map(CoseKey::kid).toList();
    }
}
