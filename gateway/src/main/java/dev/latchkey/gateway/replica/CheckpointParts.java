package dev.latchkey.gateway.replica;

import dev.latchkey.checkpoint.MalformedCheckpointException;
import dev.latchkey.checkpoint.SignedCheckpoint;
import dev.latchkey.cose.CoseSign;
import dev.latchkey.cose.KeyId;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/** Takes the signatures of checkpoints apart and puts them together. Stateless. */
final class CheckpointParts {
    private CheckpointParts() {}

    /** The checkpoint with some of its signatures only; empty if that leaves none. */
    static Optional<SignedCheckpoint> only(SignedCheckpoint signed, Predicate<SignedCheckpoint.Part> wanted) {
        List<SignedCheckpoint.Part> kept =
                signed.parts().stream().filter(wanted).toList();
        return kept.isEmpty() ? Optional.empty() : Optional.of(of(signed, kept));
    }

    /** All signatures of two checkpoints with the same body; of two by one key the newer. */
    static Optional<SignedCheckpoint> merged(Optional<SignedCheckpoint> one, Optional<SignedCheckpoint> other) {
        return one.isPresent() && other.isPresent() ? Optional.of(merged(one.get(), other.get())) : one.or(() -> other);
    }

    private static SignedCheckpoint merged(SignedCheckpoint one, SignedCheckpoint other) {
        TreeMap<KeyId, SignedCheckpoint.Part> newest = new TreeMap<>();
        one.parts().forEach(part -> newest.put(part.kid(), part));
        other.parts()
                .forEach(part -> newest.merge(
                        part.kid(), part, (known, also) -> also.seconds() > known.seconds() ? also : known));
        return of(one, newest.values());
    }

    private static SignedCheckpoint of(SignedCheckpoint signed, Collection<SignedCheckpoint.Part> parts) {
        List<CoseSign.Signature> signatures =
                parts.stream().map(SignedCheckpoint.Part::signature).toList();
        try {
            return SignedCheckpoint.decode(new CoseSign(signed.checkpoint().encode(), signatures).encode());
        } catch (MalformedCheckpointException e) {
            throw new IllegalStateException("made of sound parts", e);
        }
    }
}
