package dev.latchkey.proof;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cose.EcVerifier;
import dev.latchkey.ledger.BlockFaultException;
import dev.latchkey.ledger.BlockVerifier;
import dev.latchkey.ledger.Ledger;
import dev.latchkey.ledger.PolicyRule;
import dev.latchkey.ledger.VerifiedBlock;
import dev.latchkey.proof.ProofException.Reason;
import dev.latchkey.transaction.ChainId;
import dev.latchkey.transaction.MalformedTransactionException;
import dev.latchkey.transaction.Policy;
import java.util.List;

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
        VerifiedBlock genesis = genesis(chain, transactions.get(0), verifier);
        Policy policy = genesis.after().policy();
        for (Bytes transaction : transactions.subList(1, transactions.size())) {
            policy = PolicyRule.successor(chain, policy, transaction, verifier)
                    .orElseThrow(() -> new ProofException(Reason.BAD_POLICY));
        }
        return new VerifiedPolicy(
                chain, genesis.after().network(), genesis.after().chainName(), policy);
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
