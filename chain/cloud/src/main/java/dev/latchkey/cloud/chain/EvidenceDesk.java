package dev.latchkey.cloud.chain;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cose.EcVerifier;
import dev.latchkey.cose.Signer;
import dev.latchkey.ledger.ChainState;
import dev.latchkey.proof.EvidenceFile;
import dev.latchkey.proof.ProofException;
import dev.latchkey.proof.VerifiedEvidence;
import dev.latchkey.transaction.ChainId;
import dev.latchkey.transaction.SignedTransaction;
import dev.latchkey.transaction.TransactionSigning;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes evidence that replicas signed two histories: verifies it, keeps it, and files the transaction that strikes their
 * keys. Thread-safe. It takes evidence of chains that this node orders and of their siblings, since anybody can make a
 * chain and lie in it.
 */
public final class EvidenceDesk {
    private static final Logger LOG = LoggerFactory.getLogger(EvidenceDesk.class);

    private final ChainsMachine chains;
    private final Function<OrderedChain, TransactionQueue> queues;
    private final EvidenceShelf shelf;
    private final Signer filer;
    private final EcVerifier verifier;

    /**
     * A desk.
     *
     * @param filer signs the transactions
     */
    public EvidenceDesk(
            ChainsMachine chains,
            Function<OrderedChain, TransactionQueue> queues,
            EvidenceShelf shelf,
            Signer filer,
            EcVerifier verifier) {
        this.chains = chains;
        this.queues = queues;
        this.shelf = shelf;
        this.filer = filer;
        this.verifier = verifier;
    }

    /** Whether evidence about a chain concerns this node. */
    public boolean isConcerned(ChainId chain) {
        return chains.chain(chain).isPresent()
                || chains.chains().stream()
                        .flatMap(ordered -> ordered.applied().policy().siblings().stream())
                        .anyMatch(sibling -> sibling.chain().equals(chain));
    }

    /**
     * Takes a file. The stage completes when the transaction is in a block, or there is nothing to strike any more; with a
     * {@link dev.latchkey.cloud.raft.RaftFault} the file is kept and may be sent again.
     *
     * @throws ProofException if it convicts nobody
     * @throws IOException if it cannot be kept
     */
    public CompletionStage<Void> take(ChainId chain, Bytes file) throws ProofException, IOException {
        VerifiedEvidence evidence = EvidenceFile.verify(chain, file, verifier);
        if (shelf.keep(chain, evidence, file)) {
            LOG.error(
                    "replicas signed two histories: chain={} keys={}",
                    chain,
                    evidence.liars().size());
        }
        Optional<OrderedChain> ordered = chains.chain(chain).filter(known -> strikes(known.applied(), evidence));
        if (ordered.isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        SignedTransaction transaction = TransactionSigning.of(evidence.filedBy(filer.publicKey()), chain)
                .by(filer)
                .finish();
        return queues.apply(ordered.get()).submit(transaction.encode()).thenAccept(this::settled);
    }

    /**
     * Keeps a file that another member of the cluster shows. It files the transaction too, if nobody has, and this node
     * leads; elsewhere that comes to nothing.
     *
     * @throws ProofException if it convicts nobody
     * @throws IOException if it cannot be kept
     */
    public void shown(ChainId chain, Bytes file) throws ProofException, IOException {
        take(chain, file).whenComplete((done, fault) -> {
            if (fault != null) {
                LOG.debug("evidence that a member showed is kept, and not filed here", fault);
            }
        });
    }

    private static boolean strikes(ChainState state, VerifiedEvidence evidence) {
        return state.policy().replicas().nodes().stream()
                .anyMatch(node -> evidence.liars().contains(node.sig())
                        && !state.struck().contains(node.sig().kid()));
    }

    private void settled(Verdict verdict) {
        if (verdict instanceof Verdict.Refused refused) {
            LOG.warn("evidence was not taken into a block: code={}", refused.code());
        }
    }
}
