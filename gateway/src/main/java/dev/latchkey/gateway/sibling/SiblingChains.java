package dev.latchkey.gateway.sibling;

import dev.latchkey.cose.EcVerifier;
import dev.latchkey.gateway.uplink.CloudClient;
import dev.latchkey.gateway.witness.EvidenceShelf;
import dev.latchkey.transaction.ChainId;
import dev.latchkey.transaction.Policy;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/** The chains that are not served here and were asked for lately, at most a few; safe for use by many threads. */
public final class SiblingChains implements AutoCloseable {
    /** Chains with connections and caches of their own; one more takes the place of the one unused for longest. */
    private static final int MAX_CHAINS = 8;

    private final Function<ChainId, CloudClient> clouds;
    private final EcVerifier verifier;
    private final EvidenceShelf shelf;
    private final Map<ChainId, SiblingChain> chains = new LinkedHashMap<>(16, 0.75f, true); // guarded by this

    /**
     * Makes an empty set.
     *
     * @param clouds makes a client for a chain
     * @param shelf keeps proof that replicas signed two histories
     */
    public SiblingChains(Function<ChainId, CloudClient> clouds, EcVerifier verifier, EvidenceShelf shelf) {
        this.clouds = clouds;
        this.verifier = verifier;
        this.shelf = shelf;
    }

    /** The view of a sibling, which a verified policy names. */
    public synchronized SiblingChain of(Policy.Sibling sibling) {
        SiblingChain known = chains.get(sibling.chain());
        if (known == null) {
            CloudClient cloud = clouds.apply(sibling.chain());
            SiblingEvidence evidence = new SiblingEvidence(sibling.chain(), cloud, shelf, verifier);
            known = new SiblingChain(sibling.name(), cloud, verifier, evidence);
            chains.put(sibling.chain(), known);
            if (chains.size() > MAX_CHAINS) {
                chains.remove(chains.keySet().iterator().next()).close();
            }
        }
        return known;
    }

    @Override
    public synchronized void close() {
        chains.values().forEach(SiblingChain::close);
        chains.clear();
    }
}
