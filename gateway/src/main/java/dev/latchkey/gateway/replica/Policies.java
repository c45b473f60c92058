package dev.latchkey.gateway.replica;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cose.EcVerifier;
import dev.latchkey.ledger.ChainState;
import dev.latchkey.proof.PolicyChain;
import dev.latchkey.proof.ProofException;
import dev.latchkey.proof.VerifiedPolicy;
import java.util.List;
import java.util.Optional;

/** The policy in force, as a light verifier finds it from the replica's own blocks; safe for use by many threads. */
final class Policies {
    private final EcVerifier verifier;
    private Optional<Walk> newest = Optional.empty();

    private record Walk(int transactions, VerifiedPolicy policy) {}

    Policies(EcVerifier verifier) {
        this.verifier = verifier;
    }

    /** Who governs the chain in a state; walks anew only when the state knows of more. */
    synchronized VerifiedPolicy in(ChainState state) throws ProofException {
        List<Bytes> transactions = state.policyTransactions();
        if (newest.filter(walk -> walk.transactions() == transactions.size()).isEmpty()) {
            VerifiedPolicy policy = PolicyChain.verify(state.chainId(), transactions, verifier);
            newest = Optional.of(new Walk(transactions.size(), policy));
        }
        return newest.get().policy();
    }
}
