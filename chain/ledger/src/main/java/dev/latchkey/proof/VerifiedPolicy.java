package dev.latchkey.proof;

import dev.latchkey.transaction.ChainId;
import dev.latchkey.transaction.Policy;

/** Who governs a chain, as proved from its id. Only {@link PolicyChain} makes one. Immutable. */
public final class VerifiedPolicy {
    private final ChainId chain;
    private final String network;
    private final String chainName;
    private final Policy policy;

    VerifiedPolicy(ChainId chain, String network, String chainName, Policy policy) {
        this.chain = chain;
        this.network = network;
        this.chainName = chainName;
        this.policy = policy;
    }

    public ChainId chain() {
        return chain;
    }

    public String network() {
        return network;
    }

    public String chainName() {
        return chainName;
    }

    /** The newest policy that was shown. */
    public Policy policy() {
        return policy;
    }
}
