package dev.latchkey.gateway.witness;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.checkpoint.Checkpoint;
import dev.latchkey.checkpoint.Contradiction;
import dev.latchkey.checkpoint.SignedCheckpoint;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.cose.EcVerifier;
import dev.latchkey.gateway.replica.Replica;
import dev.latchkey.proof.HeaderProof;
import dev.latchkey.proof.ProofException;
import dev.latchkey.transaction.Evidence;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Finds out whether a checkpoint and those that this gateway has handed out or cosigned cannot all be true, and who signed
 * both sides. Where the heights differ it needs a header of the other history, with its path, and asks for it where the
 * other history comes from. Stateless.
 */
final class ForkInquiry {
    private final Replica replica;
    private final HistorySource theirHistory;
    private final EcVerifier verifier;

    /**
     * A proven lie.
     *
     * @param ours the checkpoint that this gateway had accepted
     * @param theirs the other one
     * @param fork what differs, where the heights do
     * @param liars the keys that signed both
     */
    record Lie(SignedCheckpoint ours, SignedCheckpoint theirs, Optional<Evidence.Fork> fork, List<CoseKey> liars) {}

    ForkInquiry(Replica replica, HistorySource theirHistory, EcVerifier verifier) {
        this.replica = replica;
        this.theirHistory = theirHistory;
        this.verifier = verifier;
    }

    /**
     * The first proof that is found.
     *
     * @param ours checkpoints of this gateway's own history
     * @param keys whose lies are looked for
     */
    Optional<Lie> lie(SignedCheckpoint theirs, Collection<SignedCheckpoint> ours, Collection<CoseKey> keys)
            throws IOException, ProofException, InterruptedException {
        List<CoseKey> theirSigners = Quorum.signers(theirs, keys, verifier);
        for (SignedCheckpoint own : ours) {
            List<CoseKey> liars = Quorum.signers(own, theirSigners, verifier);
            if (!liars.isEmpty()) {
                Optional<Evidence.Fork> fork = fork(own.checkpoint(), theirs.checkpoint());
                if (Contradiction.between(own, theirs, fork).isPresent()) {
                    return Optional.of(new Lie(own, theirs, fork, liars));
                }
            }
        }
        return Optional.empty();
    }

    /** The lower height of the two is where they differ, if they differ at all: a header stands for all before it. */
    private Optional<Evidence.Fork> fork(Checkpoint own, Checkpoint their)
            throws IOException, ProofException, InterruptedException {
        long height = Math.min(own.height(), their.height());
        Optional<Bytes> ownHeader = replica.header(height);
        if (own.height() == their.height()
                || ownHeader.isEmpty()
                || their.height() == height && their.blockHash().equals(Digest.sha256(ownHeader.get()))) {
            return Optional.empty();
        }
        Bytes ours = HeaderProof.answer(replica.history(), height, ownHeader.get(), own.height());
        return Optional.of(HeaderProof.fork(height, ours, theirHistory.headerProof(height, their.height())));
    }
}
