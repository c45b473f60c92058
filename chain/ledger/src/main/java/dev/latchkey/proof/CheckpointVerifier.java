package dev.latchkey.proof;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.checkpoint.MalformedCheckpointException;
import dev.latchkey.checkpoint.SignedCheckpoint;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.cose.EcVerifier;
import dev.latchkey.proof.ProofException.Reason;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Checks that k replicas of a policy signed a checkpoint, and which of its witnesses cosigned it. Stateless. */
public final class CheckpointVerifier {
    private static final long MAX_SECONDS = Instant.MAX.getEpochSecond();

    private CheckpointVerifier() {}

    /** Reads and checks an encoded checkpoint. */
    public static VerifiedCheckpoint verify(Bytes encoded, VerifiedPolicy policy, EcVerifier verifier)
            throws ProofException {
        try {
            return verify(SignedCheckpoint.decode(encoded), policy, verifier);
        } catch (MalformedCheckpointException e) {
            throw new ProofException(Reason.MALFORMED, e);
        }
    }

    /** Reads and checks an encoded checkpoint, and demands freshness and cosignatures of it. */
    public static VerifiedCheckpoint verify(Bytes encoded, VerifiedPolicy policy, Demand demand, EcVerifier verifier)
            throws ProofException {
        return verify(encoded, policy, verifier).meeting(demand);
    }

    /**
     * Checks a checkpoint. Signatures of keys that the policy names neither as replica nor as witness, and those of replica
     * keys that evidence has struck, count for nothing; a wrong signature by any other is refused.
     */
    public static VerifiedCheckpoint verify(SignedCheckpoint signed, VerifiedPolicy trusted, EcVerifier verifier)
            throws ProofException {
        if (!signed.checkpoint().chain().equals(trusted.chain())) {
            throw new ProofException(Reason.OTHER_CHAIN);
        }
        if (signed.checkpoint().policyNumber() != trusted.policy().number()) {
            throw new ProofException(Reason.OTHER_POLICY);
        }
        List<Instant> signedAt = moments(signed, trusted.standingReplicas(), verifier);
        int k = trusted.policy().replicas().k();
        if (signedAt.size() < k) {
            throw new ProofException(Reason.TOO_FEW_SIGNATURES);
        }
        signedAt.sort(Comparator.reverseOrder());
        return new VerifiedCheckpoint(
                signed,
                signedAt.get(k - 1),
                moments(signed, trusted.witnesses(), verifier),
                trusted.policy().witnesses().q());
    }

    /** The moments of the signatures by some of these keys. */
    private static List<Instant> moments(SignedCheckpoint signed, List<CoseKey> keys, EcVerifier verifier)
            throws ProofException {
        List<Instant> moments = new ArrayList<>();
        for (SignedCheckpoint.Part part : signed.parts()) {
            Optional<CoseKey> key =
                    keys.stream().filter(k -> k.kid().equals(part.kid())).findFirst();
            if (key.isPresent()) {
                if (!signed.verifiedBy(part, key.get(), verifier)) {
                    throw new ProofException(Reason.BAD_SIGNATURE);
                }
                moments.add(Instant.ofEpochSecond(Math.min(part.seconds(), MAX_SECONDS)));
            }
        }
        return moments;
    }
}
