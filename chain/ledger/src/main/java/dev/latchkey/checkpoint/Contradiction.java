package dev.latchkey.checkpoint;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.cose.EcVerifier;
import dev.latchkey.cose.KeyId;
import dev.latchkey.merkle.Rfc9162;
import dev.latchkey.transaction.Evidence;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Two checkpoints of one chain that cannot both be true: two bodies for one height, or two histories with different headers
 * at one height. Whoever signed both has lied; the signatures themselves are still to be checked. Immutable.
 */
public final class Contradiction {
    private final SignedCheckpoint first;
    private final SignedCheckpoint second;

    private Contradiction(SignedCheckpoint first, SignedCheckpoint second) {
        this.first = first;
        this.second = second;
    }

    /**
     * The contradiction between two checkpoints, if there is one.
     *
     * @param fork needed where the heights differ: the headers that differ, with their paths
     */
    public static Optional<Contradiction> between(
            SignedCheckpoint first, SignedCheckpoint second, Optional<Evidence.Fork> fork) {
        Checkpoint one = first.checkpoint();
        Checkpoint other = second.checkpoint();
        if (!one.chain().equals(other.chain())) {
            return Optional.empty();
        }
        boolean contradict =
                fork.isPresent() ? fork(one, other, fork.get()) : one.height() == other.height() && !one.equals(other);
        return contradict ? Optional.of(new Contradiction(first, second)) : Optional.empty();
    }

    /** The contradiction that an evidence transaction shows, if it shows one. */
    public static Optional<Contradiction> shownBy(Evidence evidence) {
        try {
            return between(
                    SignedCheckpoint.decode(evidence.first()),
                    SignedCheckpoint.decode(evidence.second()),
                    evidence.fork());
        } catch (MalformedCheckpointException e) {
            return Optional.empty();
        }
    }

    private static boolean fork(Checkpoint one, Checkpoint other, Evidence.Fork fork) {
        boolean differ = fork.first().isPresent()
                ? !fork.first().get().equals(fork.second())
                        && holds(one, fork.height(), fork.first().get(), fork.firstPath())
                : fork.height() == one.height()
                        && fork.firstPath().isEmpty()
                        && !one.blockHash().equals(Digest.sha256(fork.second()));
        return differ && holds(other, fork.height(), fork.second(), fork.secondPath());
    }

    private static boolean holds(Checkpoint checkpoint, long height, Bytes header, List<Digest> path) {
        return height <= checkpoint.height()
                && Rfc9162.includes(
                        checkpoint.historyRoot(), height, checkpoint.height() + 1, Rfc9162.leafHash(header), path);
    }

    public SignedCheckpoint first() {
        return first;
    }

    public SignedCheckpoint second() {
        return second;
    }

    /** The signatures that claim to be by this key: one of each checkpoint, or none if it did not sign both. */
    public List<Signature> by(KeyId kid) {
        List<Signature> found = new ArrayList<>();
        for (SignedCheckpoint checkpoint : List.of(first, second)) {
            for (SignedCheckpoint.Part part : checkpoint.parts()) {
                if (part.kid().equals(kid)) {
                    found.add(new Signature(
                            checkpoint.toBeSigned(part), part.signature().value()));
                }
            }
        }
        return found.size() == 2 ? found : List.of();
    }

    /** Whether this key signed both. */
    public boolean convicts(CoseKey key, EcVerifier verifier) {
        List<Signature> signatures = by(key.kid());
        return !signatures.isEmpty()
                && signatures.stream()
                        .allMatch(signature -> verifier.verify(key, signature.message(), signature.value()));
    }

    /**
     * A signature that is still to be checked.
     *
     * @param message what it must be over
     * @param value r ‖ s
     */
    public record Signature(Bytes message, Bytes value) {}
}
