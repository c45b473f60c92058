package dev.latchkey.gateway.witness;

import dev.latchkey.bytes.Bytes;
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
 * both sides. Where the other one is later it needs a header of that history, with its path, and asks for it where that
 * history comes from. Stateless.
 */
final class ForkInquiry {
    private final Replica replica;
    private final HistorySource theirHistory;
    private final EcVerifier verifier;

    /**
     * A proven lie.
     *
     * @param earlier the one of lower height, or of the same
     * @param later the other one
     * @param fork the header at the earlier one's height in the later one's history, where the heights differ
     * @param liars the keys that signed both
     */
    record Lie(SignedCheckpoint earlier, SignedCheckpoint later, Optional<Evidence.Fork> fork, List<CoseKey> liars) {}

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
                boolean oursIsLater =
                        own.checkpoint().height() > theirs.checkpoint().height();
                SignedCheckpoint earlier = oursIsLater ? theirs : own;
                SignedCheckpoint later = oursIsLater ? own : theirs;
                Optional<Evidence.Fork> fork = fork(earlier.checkpoint(), later.checkpoint(), oursIsLater);
                if (Contradiction.between(earlier, later, fork).isPresent()) {
                    return Optional.of(new Lie(earlier, later, fork, liars));
                }
            }
        }
        return Optional.empty();
    }

    /**
     * The earlier one's height is where they differ, if they differ at all: a header stands for all before it, and a block
     * hash for its header.
     */
    private Optional<Evidence.Fork> fork(Checkpoint earlier, Checkpoint later, boolean oursIsLater)
            throws IOException, ProofException, InterruptedException {
        long height = earlier.height();
        if (height == later.height()) {
            return Optional.empty();
        }
        Optional<Bytes> ownHeader = replica.header(height);
        if (ownHeader.isEmpty()) {
            return Optional.empty();
        }
        Bytes answer = oursIsLater
                ? HeaderProof.answer(replica.history(), height, ownHeader.get(), later.height())
                : theirHistory.headerProof(height, later.height());
        return Optional.of(HeaderProof.forkAt(height, answer));
    }
}
