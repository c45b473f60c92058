package dev.latchkey.device;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.checkpoint.Checkpoint;
import dev.latchkey.proof.CheckpointVerifier;
import dev.latchkey.proof.Demand;
import dev.latchkey.proof.PolicyChain;
import dev.latchkey.proof.ProofException;
import dev.latchkey.proof.VerifiedCheckpoint;
import dev.latchkey.proof.VerifiedPolicy;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * What the replicas of one chain vouch for: its policy, walked from the chain id, and the newest checkpoint under it. Used
 * from the device's lane; futures complete there. It never goes back: a checkpoint lower than one seen before is passed
 * over, and another one for a height seen before is refused.
 */
final class Anchor {
    private final ChainPlace place;
    private final ChainLink link;
    private final Means means;
    private final DeviceSettings settings;

    private Optional<VerifiedPolicy> policy = Optional.empty();
    private Optional<Seen> newest = Optional.empty();

    /** A checkpoint and when it was asked for. */
    private record Seen(VerifiedCheckpoint checkpoint, Instant at) {}

    Anchor(ChainPlace place, ChainLink link, Means means) {
        this.place = place;
        this.link = link;
        this.means = means;
        this.settings = means.settings();
    }

    /** Today's policy as far as it is known; asked for once, and again when a checkpoint names a newer one. */
    CompletableFuture<VerifiedPolicy> policy() {
        if (policy.isPresent()) {
            return CompletableFuture.completedFuture(policy.get());
        }
        Optional<VerifiedPolicy> kept = keptPolicy();
        if (kept.isPresent()) {
            policy = kept;
            return CompletableFuture.completedFuture(kept.get());
        }
        return fetchPolicy();
    }

    private CompletableFuture<VerifiedPolicy> fetchPolicy() {
        return link.policy()
                .thenApplyAsync(
                        sequence -> Failures.wrapped(() -> {
                            VerifiedPolicy walked = walk(sequence);
                            means.files().keepPolicy(place.chain(), sequence);
                            policy = Optional.of(walked);
                            return walked;
                        }),
                        means.lane());
    }

    private Optional<VerifiedPolicy> keptPolicy() {
        try {
            Optional<Bytes> kept = means.files().policy(place.chain());
            return kept.isPresent() ? Optional.of(walk(kept.get())) : Optional.empty();
        } catch (IOException | DeviceException e) {
            // Only a saving of airtime: what cannot be read or proved is asked for again.
            return Optional.empty();
        }
    }

    private VerifiedPolicy walk(Bytes sequence) throws DeviceException {
        try {
            VerifiedPolicy walked =
                    PolicyChain.verify(place.chain(), ChainLink.transactions(sequence), settings.verifier());
            if (!walked.chainName().equals(place.chainName())) {
                throw new DeviceException(DeviceException.Kind.UNPROVED, "the chain has another name");
            }
            return walked;
        } catch (ProofException | MalformedCborException e) {
            throw Failures.unproved("the policies do not follow from the chain id", e);
        }
    }

    /** The newest checkpoint of at least a height, asked for at most so long ago. */
    CompletableFuture<VerifiedCheckpoint> checkpoint(long atLeast, Duration maxAge) {
        long needed = Math.max(atLeast, place.height());
        if (newest.isPresent()
                && height(newest.get()) >= needed
                && !newest.get().at().plus(maxAge).isBefore(settings.clock().instant())) {
            return CompletableFuture.completedFuture(newest.get().checkpoint());
        }
        return means.patience()
                .attempt(() -> fetch().thenApply(fetched -> Failures.wrapped(() -> {
                    if (fetched.checkpoint().height() < needed) {
                        throw new Patience.Passing("the gateway's checkpoint is behind", Duration.ZERO, null);
                    }
                    return fetched;
                })));
    }

    private CompletableFuture<VerifiedCheckpoint> fetch() {
        return policy().thenCompose(known -> link.checkpoint()
                .thenComposeAsync(encoded -> verified(encoded, known), means.lane())
                .thenApplyAsync(fetched -> Failures.wrapped(() -> takeUp(fetched)), means.lane()));
    }

    private CompletableFuture<VerifiedCheckpoint> verified(Bytes encoded, VerifiedPolicy known) {
        try {
            return CompletableFuture.completedFuture(CheckpointVerifier.verify(encoded, known, settings.verifier()));
        } catch (ProofException e) {
            return underNewPolicy(encoded, e);
        }
    }

    private CompletableFuture<VerifiedCheckpoint> underNewPolicy(Bytes encoded, ProofException failure) {
        if (failure.reason() != ProofException.Reason.OTHER_POLICY) {
            return CompletableFuture.failedFuture(Failures.unproved("the checkpoint does not verify", failure));
        }
        return fetchPolicy()
                .thenApply(walked -> Failures.wrapped(() -> {
                    try {
                        return CheckpointVerifier.verify(encoded, walked, settings.verifier());
                    } catch (ProofException e) {
                        throw Failures.unproved("the checkpoint does not verify", e);
                    }
                }));
    }

    private VerifiedCheckpoint takeUp(VerifiedCheckpoint fetched) throws DeviceException {
        if (newest.isPresent()) {
            Checkpoint known = newest.get().checkpoint().checkpoint();
            Checkpoint told = fetched.checkpoint();
            if (told.height() == known.height() && !told.equals(known)) {
                throw new DeviceException(DeviceException.Kind.UNPROVED, "two checkpoints of one height contradict");
            }
            if (told.height() < known.height()) {
                return newest.get().checkpoint();
            }
        }
        newest = Optional.of(new Seen(fetched, settings.clock().instant()));
        return fetched;
    }

    private static long height(Seen seen) {
        return seen.checkpoint().checkpoint().height();
    }

    /**
     * The checkpoint with its newest signatures, if they are fresh and as many witnesses cosigned it as the settings or the
     * policy demand. The replicas sign an unchanged head anew, so a checkpoint from the cache may be fresher than it was.
     */
    VerifiedCheckpoint relied(VerifiedCheckpoint checkpoint) throws DeviceException {
        VerifiedCheckpoint under = newest.map(Seen::checkpoint)
                .filter(seen -> seen.checkpoint().equals(checkpoint.checkpoint()))
                .orElse(checkpoint);
        try {
            return under.meeting(new Demand(settings.clock().instant(), settings.freshness(), settings.witnesses()));
        } catch (ProofException e) {
            throw e.reason() == ProofException.Reason.STALE
                    ? new DeviceException(DeviceException.Kind.STALE, "the gateway's checkpoint is too old")
                    : new DeviceException(
                            DeviceException.Kind.UNWITNESSED, "too few witnesses cosigned the gateway's checkpoint");
        }
    }
}
