package dev.latchkey.ledger;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cose.EcVerifier;
import dev.latchkey.transaction.MalformedTransactionException;
import dev.latchkey.transaction.SignedTransaction;
import java.util.Optional;

/**
 * The whole check of a transaction, signatures included, before it is forwarded or proposed. What it lets pass can still
 * be refused by apply, if another transaction comes first. Stateless, pure, safe for use by many threads.
 */
public final class Admission {
    private Admission() {}

    /**
     * What would become of the transaction now: {@link Outcome.Repeated} with its place if its body was applied before,
     * {@link Outcome.Refused} with the reason, or {@link Outcome.Applied} with the place it would take alone in the next
     * block.
     *
     * @param clockMillis the checker's clock; the next block's time is this or its parent's, if that is later
     */
    public static Outcome check(ChainState state, Bytes transaction, long clockMillis, EcVerifier verifier) {
        SignedTransaction signed;
        try {
            signed = SignedTransaction.decode(transaction);
        } catch (MalformedTransactionException e) {
            return new Outcome.Refused(Refusal.MALFORMED);
        }
        Digest id = signed.id(state.chainId());
        Optional<TransactionLocation> before = state.applied(id);
        if (before.isPresent()) {
            return new Outcome.Repeated(id, before.get());
        }
        Draft draft = new Draft(state, Math.max(clockMillis, state.header().timeMillis()));
        Decision decision = Rules.decide(draft, signed);
        if (decision instanceof Decision.Denied denied) {
            return new Outcome.Refused(denied.reason());
        }
        for (SignatureClaim claim : ((Decision.Granted) decision).claims()) {
            if (!claim.holds(verifier)) {
                return new Outcome.Refused(claim.ifFalse());
            }
        }
        return new Outcome.Applied(id, new TransactionLocation(draft.height(), 1));
    }
}
