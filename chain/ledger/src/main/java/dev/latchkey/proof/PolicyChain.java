package dev.latchkey.proof;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cose.EcVerifier;
import dev.latchkey.ledger.BlockFaultException;
import dev.latchkey.ledger.BlockVerifier;
import dev.latchkey.ledger.ChainState;
import dev.latchkey.ledger.Ledger;
import dev.latchkey.ledger.PolicyRule;
import dev.latchkey.ledger.VerifiedBlock;
import dev.latchkey.proof.ProofException.Reason;
import dev.latchkey.transaction.ChainId;
import dev.latchkey.transaction.MalformedTransactionException;
import dev.latchkey.transaction.Policy;
import java.util.List;
import java.util.Set;

/**
 * The walk from a chain id to the replica keys of today: genesis, then every policy transaction, each signed by the
 * operators of the one before. Stateless.
 */
public final class PolicyChain {
    private PolicyChain() {}

    /**
     * Walks the chain's policies.
     *
     * @param transactions genesis, then the policy transactions in order
     */
    public static VerifiedPolicy verify(ChainId chain, List<Bytes> transactions, EcVerifier verifier)
            throws ProofException {
        if (transactions.isEmpty()) {
            throw new ProofException(Reason.BAD_GENESIS);
        }
        ChainState after = genesis(chain, transactions.get(0), verifier).after();
        VerifiedPolicy first = new VerifiedPolicy(chain, after.network(), after.chainName(), after.policy(), Set.of());
        return extend(first, transactions.subList(1, transactions.size()), verifier);
    }

    /**
     * Walks on from a policy that is known.
     *
     * @param further the policy transactions after it, in order
     */
    public static VerifiedPolicy extend(VerifiedPolicy known, List<Bytes> further, EcVerifier verifier)
            throws ProofException {
        VerifiedPolicy newest = known;
        for (Bytes transaction : further) {
            Policy next = PolicyRule.successor(newest.chain(), newest.policy(), transaction, verifier)
                    .orElseThrow(() -> new ProofException(Reason.BAD_POLICY));
            newest = newest.succeededBy(next);
        }
        return newest;
    }

    private static VerifiedBlock genesis(ChainId chain, Bytes transaction, EcVerifier verifier) throws ProofException {
        try {
            Bytes block = Ledger.genesis(transaction).block().orElseThrow().encoded();
            return new BlockVerifier(verifier, Runnable::run).verifyGenesis(chain, block);
        } catch (MalformedTransactionException | BlockFaultException e) {
            throw new ProofException(Reason.BAD_GENESIS, e);
        }
    }
}
