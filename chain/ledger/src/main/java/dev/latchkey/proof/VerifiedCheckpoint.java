package dev.latchkey.proof;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.checkpoint.Checkpoint;
import dev.latchkey.checkpoint.SignedCheckpoint;
import java.time.Duration;
import java.time.Instant;

/** A checkpoint that k replicas signed. Only {@link CheckpointVerifier} makes one. Immutable. */
public final class VerifiedCheckpoint {
    private final SignedCheckpoint signed;
    private final Instant signedAt;

    VerifiedCheckpoint(SignedCheckpoint signed, Instant signedAt) {
        this.signed = signed;
        this.signedAt = signedAt;
    }

    /** What was signed. */
    public Checkpoint checkpoint() {
        return signed.checkpoint();
    }

    /** The moment since which at least k replicas stand by it: the k-th newest of their signatures. */
    public Instant signedAt() {
        return signedAt;
    }

    /** Whether it was signed within the given time before now. A signer's clock may be ahead of ours. */
    public boolean isFresh(Instant now, Duration within) {
        return !signedAt.isBefore(now.minus(within));
    }

    public Bytes encode() {
        return signed.encode();
    }
}
