package dev.latchkey.proof;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cose.EcVerifier;
import dev.latchkey.cose.KeyId;
import dev.latchkey.ledger.BlockFaultException;
import dev.latchkey.ledger.BlockVerifier;
import dev.latchkey.ledger.ChainState;
import dev.latchkey.ledger.EvidenceRule;
import dev.latchkey.ledger.Ledger;
import dev.latchkey.ledger.PolicyRule;
import dev.latchkey.ledger.VerifiedBlock;
import dev.latchkey.proof.ProofException.Reason;
import dev.latchkey.transaction.ChainId;
import dev.latchkey.transaction.MalformedTransactionException;
import java.util.List;
import java.util.Set;

/**
 * The walk from a chain id to the replica keys of today: genesis, then every policy transaction, each signed by the
 * operators of the one before, and every evidence transaction, each of which strikes a replica key. Stateless.
 *
 * <p>A policy that is left out shows, since a checkpoint names the number of the one in force. Evidence that is left out
 * does not: it makes no new number. Who once walked over evidence should take no later walk without it, and who wants to hear
 * of evidence soon should ask for the walk from time to time. The policy after it names the struck key no more.
 */
public final class PolicyChain {
    private PolicyChain() {}

    /**
     * Walks the chain's policies.
     *
     * @param transactions genesis, then the policy and evidence transactions in the order of the chain
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
     * @param further the policy and evidence transactions after it, in order
     */
    public static VerifiedPolicy extend(VerifiedPolicy known, List<Bytes> further, EcVerifier verifier)
            throws ProofException {
        VerifiedPolicy newest = known;
        for (Bytes transaction : further) {
            newest = after(newest, transaction, verifier);
        }
        return newest;
    }

    private static VerifiedPolicy after(VerifiedPolicy before, Bytes transaction, EcVerifier verifier)
            throws ProofException {
        List<KeyId> struck =
                EvidenceRule.struck(before.chain(), before.policy(), before.struck(), transaction, verifier);
        if (!struck.isEmpty()) {
            return before.striking(struck);
        }
        return PolicyRule.successor(before.chain(), before.policy(), transaction, verifier)
                .map(before::succeededBy)
                .orElseThrow(() -> new ProofException(Reason.BAD_POLICY));
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
