package dev.latchkey.proof;

import dev.latchkey.checkpoint.Contradiction;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.transaction.Evidence;
import java.util.List;
import java.util.Optional;

/** Proof that replicas of a chain signed two histories. Only {@link EvidenceFile} makes one. Immutable. */
public final class VerifiedEvidence {
    private final VerifiedPolicy policy;
    private final Contradiction contradiction;
    private final Optional<Evidence.Fork> fork;
    private final List<CoseKey> liars;

    VerifiedEvidence(
            VerifiedPolicy policy, Contradiction contradiction, Optional<Evidence.Fork> fork, List<CoseKey> liars) {
        this.policy = policy;
        this.contradiction = contradiction;
        this.fork = fork;
        this.liars = List.copyOf(liars);
    }

    /** Who governed the chain, as far as the file's own policies go. */
    public VerifiedPolicy policy() {
        return policy;
    }

    /** The two checkpoints. */
    public Contradiction contradiction() {
        return contradiction;
    }

    /** Where the two histories differ, if their heights do. */
    public Optional<Evidence.Fork> fork() {
        return fork;
    }

    /** The replica keys of the policy that signed both, at least one. */
    public List<CoseKey> liars() {
        return liars;
    }

    /** The transaction that strikes them; the filer signs it. */
    public Evidence filedBy(CoseKey filer) {
        return new Evidence(
                contradiction.first().encode(), contradiction.second().encode(), fork, filer);
    }
}
