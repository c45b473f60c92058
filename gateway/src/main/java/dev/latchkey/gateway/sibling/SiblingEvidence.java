package dev.latchkey.gateway.sibling;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.checkpoint.Contradiction;
import dev.latchkey.checkpoint.SignedCheckpoint;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.cose.EcVerifier;
import dev.latchkey.cose.KeyId;
import dev.latchkey.gateway.uplink.CloudClient;
import dev.latchkey.gateway.uplink.CloudException;
import dev.latchkey.gateway.witness.EvidenceShelf;
import dev.latchkey.proof.EvidenceFile;
import dev.latchkey.proof.HeaderProof;
import dev.latchkey.proof.ProofException;
import dev.latchkey.proof.VerifiedPolicy;
import dev.latchkey.transaction.ChainId;
import dev.latchkey.transaction.Evidence;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Proof that replicas of one sibling signed two histories: looked for where a checkpoint does not continue the one before,
 * kept on disk, brought to the cloud. A key that is proven to lie counts no longer, also after a restart. Guarded by the
 * chain's view that it belongs to.
 */
final class SiblingEvidence {
    private static final Logger LOG = LoggerFactory.getLogger(SiblingEvidence.class);

    private final ChainId chain;
    private final CloudClient cloud;
    private final EvidenceShelf shelf;
    private final EcVerifier verifier;
    private final Set<KeyId> liars = new HashSet<>();
    private final Queue<Bytes> undelivered = new ArrayDeque<>();
    private boolean opened;

    SiblingEvidence(ChainId chain, CloudClient cloud, EvidenceShelf shelf, EcVerifier verifier) {
        this.chain = chain;
        this.cloud = cloud;
        this.shelf = shelf;
        this.verifier = verifier;
    }

    /**
     * Whether k replicas signed a checkpoint that are not proven to have lied.
     *
     * @param signed carries valid signatures of k replicas
     */
    boolean isTrusted(SignedCheckpoint signed, VerifiedPolicy policy) throws IOException {
        open();
        if (liars.isEmpty()) {
            return true;
        }
        long honest = policy.standingReplicas().stream()
                .filter(key -> !liars.contains(key.kid()) && isSigner(key, signed))
                .count();
        return honest >= policy.policy().replicas().k();
    }

    /**
     * Looks for proof that who signed both has lied, and keeps and delivers what it finds.
     *
     * @param policyTransactions the sibling's, genesis first
     */
    void inquire(SignedCheckpoint one, SignedCheckpoint other, List<Bytes> policyTransactions)
            throws IOException, InterruptedException {
        open();
        boolean inOrder = one.checkpoint().height() <= other.checkpoint().height();
        SignedCheckpoint earlier = inOrder ? one : other;
        SignedCheckpoint later = inOrder ? other : one;
        try {
            Optional<Evidence.Fork> fork = fork(earlier, later);
            if (Contradiction.between(earlier, later, fork).isEmpty()) {
                return;
            }
            Bytes file = EvidenceFile.make(chain, policyTransactions, earlier, later, fork);
            keep(file, later.checkpoint().height());
        } catch (ProofException e) {
            LOG.atDebug().addKeyValue("reason", e.getMessage()).log("a sibling's fork is not proven");
        }
    }

    /** Brings to the cloud what it has not acknowledged yet. */
    void deliver() throws IOException, InterruptedException {
        open();
        while (!undelivered.isEmpty()) {
            try {
                cloud.accuse(undelivered.peek());
            } catch (CloudException e) {
                if (!e.isRefusal()) {
                    throw e;
                }
                LOG.atWarn().addKeyValue("reason", e.getMessage()).log("the cloud refuses proof about a sibling");
            }
            undelivered.remove();
        }
    }

    private Optional<Evidence.Fork> fork(SignedCheckpoint earlier, SignedCheckpoint later)
            throws IOException, ProofException, InterruptedException {
        long height = earlier.checkpoint().height();
        long under = later.checkpoint().height();
        return height == under
                ? Optional.empty()
                : Optional.of(HeaderProof.forkAt(height, cloud.headerProof(height, under)));
    }

    /** A file that convicts nobody new is not kept: who lies goes on lying. */
    private void keep(Bytes file, long height) throws ProofException {
        Set<KeyId> convicted = convicted(file);
        if (liars.containsAll(convicted)) {
            return;
        }
        liars.addAll(convicted);
        undelivered.add(file);
        LOG.atError()
                .addKeyValue("chain", chain.toHex())
                .addKeyValue("height", height)
                .log("replicas of a sibling signed two histories; the proof is passed on");
        try {
            if (!shelf.keep(chain, file)) {
                LOG.error("there are too many evidence files; another one is not kept");
            }
        } catch (IOException e) {
            LOG.error("an evidence file could not be written; it is passed on all the same", e);
        }
    }

    private void open() throws IOException {
        if (opened) {
            return;
        }
        for (Bytes file : shelf.of(chain)) {
            try {
                liars.addAll(convicted(file));
                undelivered.add(file);
            } catch (ProofException e) {
                LOG.warn("an evidence file does not verify; it is left where it is");
            }
        }
        opened = true;
    }

    private Set<KeyId> convicted(Bytes file) throws ProofException {
        return EvidenceFile.verify(chain, file, verifier).liars().stream()
                .map(CoseKey::kid)
                .collect(Collectors.toSet());
    }

    private boolean isSigner(CoseKey key, SignedCheckpoint signed) {
        return signed.parts().stream()
                .anyMatch(part -> part.kid().equals(key.kid()) && signed.verifiedBy(part, key, verifier));
    }
}
