package dev.latchkey.proof;

import dev.latchkey.cose.CoseKey;
import dev.latchkey.cose.KeyId;
import dev.latchkey.transaction.ChainId;
import dev.latchkey.transaction.Policy;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Who governs a chain, as proved from its id. Only {@link PolicyChain} makes one. Immutable. */
public final class VerifiedPolicy {
    private final ChainId chain;
    private final String network;
    private final String chainName;
    private final Policy policy;
    private final Set<KeyId> struck;

    VerifiedPolicy(ChainId chain, String network, String chainName, Policy policy, Set<KeyId> struck) {
        this.chain = chain;
        this.network = network;
        this.chainName = chainName;
        this.policy = policy;
        this.struck = Set.copyOf(struck);
    }

    /** This walk, one policy further. */
    VerifiedPolicy succeededBy(Policy next) {
        return new VerifiedPolicy(chain, network, chainName, next, struck);
    }

    /** This walk, with some keys more that are struck. */
    VerifiedPolicy striking(Collection<KeyId> kids) {
        Set<KeyId> all = new HashSet<>(struck);
        all.addAll(kids);
        return new VerifiedPolicy(chain, network, chainName, policy, all);
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

    /** Kids of replica keys that evidence has shown to lie; whatever they sign counts for nothing. */
    public Set<KeyId> struck() {
        return struck;
    }

    /** The keys whose signatures of checkpoints count: the policy's replicas but those that are struck. */
    public List<CoseKey> standingReplicas() {
        return replicas().stream().filter(key -> !struck.contains(key.kid())).toList();
    }

    List<CoseKey> replicas() {
        return policy.replicas().nodes().stream().map(Policy.Replica::sig).toList();
    }

    /** The keys whose cosignatures count. */
    List<CoseKey> witnesses() {
        return policy.witnesses().gateways().stream().map(Policy.Witness::sig).toList();
    }
}
