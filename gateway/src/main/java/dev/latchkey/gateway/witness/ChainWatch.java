package dev.latchkey.gateway.witness;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.checkpoint.SignedCheckpoint;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.cose.EcVerifier;
import dev.latchkey.cose.KeyId;
import dev.latchkey.cose.Signer;
import dev.latchkey.gateway.replica.CheckpointWatch;
import dev.latchkey.gateway.replica.Head;
import dev.latchkey.gateway.replica.Replica;
import dev.latchkey.proof.EvidenceFile;
import dev.latchkey.proof.ProofException;
import dev.latchkey.proof.VerifiedCheckpoint;
import dev.latchkey.proof.VerifiedEvidence;
import dev.latchkey.proof.VerifiedPolicy;
import dev.latchkey.transaction.Evidence;
import dev.latchkey.transaction.TransactionSigning;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What this gateway does about one chain's checkpoints: it cosigns the ones that its replica verified, and once it can
 * prove that replica keys signed another history as well, it keeps the proof, lets those keys count no longer, and passes
 * the proof on. With too few keys left the gateway stays at its last good head and goes on serving. Safe for use by many
 * threads.
 */
public final class ChainWatch implements CheckpointWatch {
    private static final Logger LOG = LoggerFactory.getLogger(ChainWatch.class);

    private final Replica replica;
    private final Witness witness;
    private final Signer sig;
    private final ForkInquiry inquiry;
    private final EvidenceShelf shelf;
    private final EcVerifier verifier;
    private final Executor inquiries;
    private final WitnessOutlet outlet;
    private final Set<KeyId> liars = ConcurrentHashMap.newKeySet();

    /**
     * Makes the watch of one chain.
     *
     * @param sig the gateway's sig key: evidence is filed by it
     * @param inquiries runs what asks the cloud, one at a time; it may refuse
     */
    public ChainWatch(
            Replica replica,
            Witness witness,
            Signer sig,
            HistorySource theirHistory,
            EvidenceShelf shelf,
            EcVerifier verifier,
            Executor inquiries,
            WitnessOutlet outlet) {
        this.replica = replica;
        this.witness = witness;
        this.sig = sig;
        this.inquiry = new ForkInquiry(replica, theirHistory, verifier);
        this.shelf = shelf;
        this.verifier = verifier;
        this.inquiries = inquiries;
        this.outlet = outlet;
    }

    /** Takes up what was proved before a restart and begins to watch. */
    public void begin() {
        try {
            for (Bytes file : shelf.of(replica.chain())) {
                takeUp(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the evidence in " + shelf.directory() + " cannot be read", e);
        }
        replica.watch(this);
    }

    @Override
    public void verified(VerifiedCheckpoint checkpoint) {
        if (replica.state().filter(witness::isListed).isEmpty()) {
            return;
        }
        witness.cosign(checkpoint).whenComplete((cosignature, failure) -> {
            if (failure != null) {
                LOG.warn("a checkpoint was not cosigned");
            } else {
                cosignature.ifPresent(own -> {
                    replica.offer(own.encode());
                    outlet.cosigned(own);
                });
            }
        });
    }

    @Override
    public void suspicious(SignedCheckpoint checkpoint) {
        try {
            inquiries.execute(() -> inquire(checkpoint));
        } catch (RejectedExecutionException e) {
            LOG.debug("too much is suspicious at once; it will come again");
        }
    }

    @Override
    public boolean counts(KeyId signer) {
        return !liars.contains(signer);
    }

    /** Keys that are proven to have signed two histories. */
    public int liars() {
        return liars.size();
    }

    /** The same one by one. */
    public List<KeyId> liarKeys() {
        return liars.stream().sorted().toList();
    }

    /** Files that prove it. */
    public int evidence() {
        return shelf.count(replica.chain());
    }

    /** How many cosignatures of others to look for in the cloud; 0 if the newest head needs none. */
    public int wanted() {
        int missing = replica.missingCosignatures();
        boolean adds = missing > 1 && replica.state().filter(witness::isListed).isPresent();
        return adds ? missing - 1 : missing;
    }

    /** Whether the policy in force lists this gateway as a witness. */
    public boolean isListed() {
        return replica.state().filter(witness::isListed).isPresent();
    }

    /** The height that this gateway cosigned last. */
    public OptionalLong cosignedHeight() {
        return witness.last(replica.chain())
                .map(last -> OptionalLong.of(last.checkpoint().height()))
                .orElse(OptionalLong.empty());
    }

    private void takeUp(Bytes file) {
        try {
            take(EvidenceFile.verify(replica.chain(), file, verifier), file);
        } catch (ProofException e) {
            LOG.warn("an evidence file does not verify; it is left where it is");
        }
    }

    private void inquire(SignedCheckpoint theirs) {
        Optional<VerifiedPolicy> policy = replica.policy();
        if (policy.isEmpty()) {
            return;
        }
        try {
            Optional<ForkInquiry.Lie> lie = inquiry.lie(theirs, ours(theirs), replica.countingReplicas(policy.get()));
            if (lie.isPresent()) {
                keep(lie.get());
            }
        } catch (IOException e) {
            LOG.atWarn().addKeyValue("reason", e.getMessage()).log("the cloud does not show its other history");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | ProofException e) {
            LOG.error("a suspicious checkpoint could not be looked into", e);
        }
    }

    /** What this gateway stands by: the head of the same height, the newest one, and what it cosigned last. */
    private List<SignedCheckpoint> ours(SignedCheckpoint theirs) {
        List<SignedCheckpoint> ours = new ArrayList<>();
        replica.heads().at(theirs.checkpoint().height()).map(Head::signed).ifPresent(ours::add);
        replica.heads().newest().map(Head::signed).ifPresent(ours::add);
        witness.last(replica.chain()).ifPresent(ours::add);
        return ours;
    }

    private void keep(ForkInquiry.Lie lie) throws ProofException {
        Bytes file = EvidenceFile.make(
                replica.chain(),
                replica.state().orElseThrow().policyTransactions(),
                lie.earlier(),
                lie.later(),
                lie.fork());
        VerifiedEvidence verified = EvidenceFile.verify(replica.chain(), file, verifier);
        shelve(file);
        LOG.atError()
                .addKeyValue("chain", replica.chain().toHex())
                .addKeyValue("height", lie.later().checkpoint().height())
                .log("replicas signed two histories; the proof is passed on");
        take(verified, file);
    }

    /** A full disk does not save a liar: its key counts no more, and the cloud is told, all the same. */
    private void shelve(Bytes file) {
        try {
            if (!shelf.keep(replica.chain(), file)) {
                LOG.error("there are too many evidence files; another one is not kept");
            }
        } catch (IOException e) {
            LOG.error("an evidence file could not be written; it is passed on all the same", e);
        }
    }

    private void take(VerifiedEvidence verified, Bytes file) {
        verified.liars().stream().map(CoseKey::kid).forEach(liars::add);
        Evidence filed = verified.filedBy(sig.publicKey());
        Bytes transaction =
                TransactionSigning.of(filed, replica.chain()).by(sig).finish().encode();
        outlet.proven(new ProvenLie(file, transaction));
    }
}
