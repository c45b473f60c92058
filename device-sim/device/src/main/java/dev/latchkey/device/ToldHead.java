package dev.latchkey.device;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.checkpoint.Checkpoint;
import dev.latchkey.checkpoint.MalformedCheckpointException;
import dev.latchkey.checkpoint.SignedCheckpoint;
import dev.latchkey.proof.CheckpointVerifier;
import dev.latchkey.proof.ProofException;
import dev.latchkey.proof.VerifiedPolicy;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The newest checkpoint of one chain on the gateway's word: no signature of it is checked. It never goes back: the highest
 * one that was told is on the disk, a lower one is waited out, another one of the same height is a lie. Used from the
 * device's lane.
 */
final class ToldHead {
    private static final String TOLD = "told";

    private final ChainPlace place;
    private final ChainLink link;
    private final KeptFiles kept;
    private final Means means;
    private Optional<Told> newest = Optional.empty();

    private record Told(Checkpoint checkpoint, Instant at) {}

    ToldHead(ChainPlace place, ChainLink link, KeptFiles kept, Means means) {
        this.place = place;
        this.link = link;
        this.kept = kept;
        this.means = means;
    }

    /**
     * The newest checkpoint that the gateway told.
     *
     * @param maxAge how long ago it may have been asked
     * @return fails with {@link DeviceException.Kind#DECEIVED} if it is not what was told, or proved, before
     */
    CompletableFuture<Checkpoint> newest(Duration maxAge) {
        Instant now = means.settings().clock().instant();
        Optional<Told> recent = newest.or(this::readBack).filter(told -> KeyCache.isWithin(told.at(), maxAge, now));
        return recent.isPresent()
                ? CompletableFuture.completedFuture(recent.get().checkpoint())
                : means.patience()
                        .attempt(() -> link.checkpoint()
                                .thenApplyAsync(encoded -> Failures.wrapped(() -> taken(encoded)), means.lane()));
    }

    private Checkpoint taken(Bytes encoded) throws IOException, DeviceException, Patience.Passing {
        Checkpoint told = decoded(encoded);
        if (!told.chain().equals(place.chain())) {
            throw new DeviceException(DeviceException.Kind.UNPROVED, "the checkpoint is of another chain");
        }
        for (Optional<Checkpoint> before : List.of(remembered(), proved())) {
            if (before.isPresent()) {
                switch (Continuity.relation(before.get(), told)) {
                    case OLDER -> throw behind();
                    case CONTRADICTS -> throw KeyCache.deceived();
                    default -> {}
                }
            }
        }
        if (told.height() < place.height()) {
            throw behind();
        }
        Instant now = means.settings().clock().instant();
        if (!remembered().equals(Optional.of(told))) {
            kept.keepNote(TOLD, encoded);
            kept.asked(TOLD, now);
        }
        newest = Optional.of(new Told(told, now));
        return told;
    }

    /**
     * Makes what was told before the checkpoint that newer ones have to continue, if the replicas did sign it: who signed
     * something else as well is then convicted by the two.
     */
    void standBy(VerifiedPolicy policy) throws IOException {
        Optional<Bytes> told = kept.note(TOLD, SignedCheckpoint.MAX_BYTES);
        Optional<Checkpoint> proved = proved();
        try {
            if (told.isPresent()) {
                Checkpoint signed = CheckpointVerifier.verify(
                                told.get(), policy, means.settings().verifier())
                        .checkpoint();
                if (proved.isEmpty() || proved.get().height() < signed.height()) {
                    means.files().keepCheckpoint(place.chain(), told.get());
                }
            }
        } catch (ProofException e) {
            // It was made up, or of a policy of before: it convicts nobody.
            kept.dropNote(TOLD);
        }
    }

    /** Whether what was told bears no signatures of the replicas, as far as the policy can tell. */
    boolean isMadeUp(VerifiedPolicy policy) {
        Optional<Bytes> told = kept.note(TOLD, SignedCheckpoint.MAX_BYTES);
        try {
            if (told.isPresent()) {
                CheckpointVerifier.verify(told.get(), policy, means.settings().verifier());
            }
            return false;
        } catch (ProofException e) {
            return e.reason() != ProofException.Reason.OTHER_POLICY;
        }
    }

    /** Forgets what was told: something else is proved. */
    void forget() {
        newest = Optional.empty();
        Failures.wrapped(() -> {
            kept.dropNote(TOLD);
            return null;
        });
    }

    private Optional<Checkpoint> remembered() {
        return newest.or(this::readBack).map(Told::checkpoint);
    }

    /** What this device has proved itself, when it changed its keys or in its other mode. */
    private Optional<Checkpoint> proved() throws IOException {
        return means.files().checkpoint(place.chain()).flatMap(ToldHead::readable);
    }

    private Optional<Told> readBack() {
        Optional<Instant> at = kept.asked(TOLD);
        return kept.note(TOLD, SignedCheckpoint.MAX_BYTES)
                .flatMap(ToldHead::readable)
                .filter(checkpoint -> at.isPresent() && checkpoint.chain().equals(place.chain()))
                .map(checkpoint -> new Told(checkpoint, at.get()));
    }

    private static Optional<Checkpoint> readable(Bytes encoded) {
        try {
            return Optional.of(SignedCheckpoint.decode(encoded).checkpoint());
        } catch (MalformedCheckpointException e) {
            return Optional.empty();
        }
    }

    private static Checkpoint decoded(Bytes encoded) throws DeviceException {
        try {
            return SignedCheckpoint.decode(encoded).checkpoint();
        } catch (MalformedCheckpointException e) {
            throw Failures.unproved("not a checkpoint", e);
        }
    }

    private static Patience.Passing behind() {
        return new Patience.Passing("the gateway's checkpoint is behind", Duration.ZERO, null);
    }
}
