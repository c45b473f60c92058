package dev.latchkey.proof;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.checkpoint.Checkpoint;
import dev.latchkey.checkpoint.SignedCheckpoint;
import dev.latchkey.proof.ProofException.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** A checkpoint that k replicas signed. Only {@link CheckpointVerifier} makes one. Immutable. */
public final class VerifiedCheckpoint {
    private final SignedCheckpoint signed;
    private final Instant signedAt;
    private final List<Instant> cosignedAt;
    private final int policyWitnesses;

    VerifiedCheckpoint(SignedCheckpoint signed, Instant signedAt, List<Instant> cosignedAt, int policyWitnesses) {
        this.signed = signed;
        this.signedAt = signedAt;
        this.cosignedAt = List.copyOf(cosignedAt);
        this.policyWitnesses = policyWitnesses;
    }

    /** What was signed. */
    public Checkpoint checkpoint() {
        return signed.checkpoint();
    }

    /** With all its signatures, also those that counted for nothing. */
    public SignedCheckpoint signed() {
        return signed;
    }

    /** The moment since which at least k replicas stand by it: the k-th newest of their signatures. */
    public Instant signedAt() {
        return signedAt;
    }

    /** Whether it was signed within the given time before now. A signer's clock may be ahead of ours. */
    public boolean isFresh(Instant now, Duration within) {
        return !signedAt.isBefore(now.minus(within));
    }

    /**
     * How many witnesses of the policy cosigned it within the given time before now. A witness gives the oldest of the k
     * replica times that it checked, never its own clock.
     */
    public int freshWitnesses(Instant now, Duration within) {
        Instant since = now.minus(within);
        return (int)
                cosignedAt.stream().filter(moment -> !moment.isBefore(since)).count();
    }

    /**
     * This checkpoint, if it meets a demand.
     *
     * @throws ProofException with {@link Reason#STALE} or {@link Reason#TOO_FEW_WITNESSES} if it does not
     */
    public VerifiedCheckpoint meeting(Demand demand) throws ProofException {
        if (!isFresh(demand.now(), demand.within())) {
            throw new ProofException(Reason.STALE);
        }
        if (freshWitnesses(demand.now(), demand.within()) < demand.witnesses().orElse(policyWitnesses)) {
            throw new ProofException(Reason.TOO_FEW_WITNESSES);
        }
        return this;
    }

    public Bytes encode() {
        return signed.encode();
    }
}
