package dev.latchkey.proof;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.checkpoint.MalformedCheckpointException;
import dev.latchkey.checkpoint.SignedCheckpoint;
import dev.latchkey.cose.EcVerifier;
import dev.latchkey.proof.ProofException.Reason;
import dev.latchkey.transaction.Policy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Checks that k replicas of a policy signed a checkpoint. Stateless. */
public final class CheckpointVerifier {
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

    /** Checks a checkpoint. Signatures of keys that the policy does not name as replicas count for nothing. */
    public static VerifiedCheckpoint verify(SignedCheckpoint signed, VerifiedPolicy trusted, EcVerifier verifier)
            throws ProofException {
        Policy policy = trusted.policy();
        if (!signed.checkpoint().chain().equals(trusted.chain())) {
            throw new ProofException(Reason.OTHER_CHAIN);
        }
        if (signed.checkpoint().policyNumber() != policy.number()) {
            throw new ProofException(Reason.OTHER_POLICY);
        }
        List<Long> moments = new ArrayList<>();
        for (SignedCheckpoint.Part part : signed.parts()) {
            for (Policy.Replica replica : policy.replicas().nodes()) {
                if (replica.sig().kid().equals(part.kid())) {
                    if (!signed.verifiedBy(part, replica.sig(), verifier)) {
                        throw new ProofException(Reason.BAD_SIGNATURE);
                    }
                    moments.add(part.seconds());
                }
            }
        }
        int k = policy.replicas().k();
        if (moments.size() < k) {
            throw new ProofException(Reason.TOO_FEW_SIGNATURES);
        }
        moments.sort(Comparator.reverseOrder());
        return new VerifiedCheckpoint(signed, Instant.ofEpochSecond(Math.min(moments.get(k - 1), MAX_SECONDS)));
    }

    private static final long MAX_SECONDS = Instant.MAX.getEpochSecond();
}
