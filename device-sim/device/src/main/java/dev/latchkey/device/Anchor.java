package dev.latchkey.device;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.checkpoint.Checkpoint;
import dev.latchkey.checkpoint.MalformedCheckpointException;
import dev.latchkey.checkpoint.SignedCheckpoint;
import dev.latchkey.cose.EcVerifier;
import dev.latchkey.proof.CheckpointVerifier;
import dev.latchkey.proof.Demand;
import dev.latchkey.proof.EvidenceFile;
import dev.latchkey.proof.HeaderProof;
import dev.latchkey.proof.PolicyChain;
import dev.latchkey.proof.ProofException;
import dev.latchkey.proof.VerifiedCheckpoint;
import dev.latchkey.proof.VerifiedPolicy;
import dev.latchkey.transaction.Evidence;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * What the replicas of one chain vouch for: its policy, walked from the chain id, and the newest checkpoint under it. Used
 * from the device's lane; futures complete there. It never goes back: a checkpoint is taken up only
 * if one consistency proof shows that it continues the last one, which is on the disk; a lower one is passed over. What
 * contradicts the last one is kept as evidence, and nothing new is taken up while the gateway shows it.
 */
final class Anchor {
    /** How old the policy at hand may be: evidence against a replica changes no policy number that a checkpoint could name. */
    private static final Duration POLICY_AGE = Duration.ofHours(1);

    /** Holds the digest of the policies that were walked with every signature good. */
    private static final String WALKED = "walked";

    private static final String CHECKPOINT = "checkpoint";

    /** For what this device verified itself before it wrote it down: no signature of it is checked again. */
    private static final EcVerifier VERIFIED_BEFORE = (key, message, signature) -> true;

    private final ChainPlace place;
    private final ChainLink link;
    private final Means means;
    private final DeviceSettings settings;
    private final KeptFiles kept;

    private Optional<VerifiedPolicy> policy = Optional.empty();
    /** The transactions that the policy at hand was walked by. */
    private Bytes sequence = Bytes.EMPTY;

    private Instant policyAsked = Instant.MIN;
    private Optional<Seen> newest = Optional.empty();

    /** What was taken up before the device was opened; looked for once. */
    private Optional<Optional<Seen>> restored = Optional.empty();

    /** A checkpoint and when it was asked for. */
    private record Seen(VerifiedCheckpoint checkpoint, Instant at) {}

    Anchor(ChainPlace place, ChainLink link, Means means) {
        this.place = place;
        this.link = link;
        this.means = means;
        this.settings = means.settings();
        this.kept = new KeptFiles(means.files().directory(), place.chain());
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
                        shown -> Failures.wrapped(() -> policy.isPresent() ? following(shown) : walked(shown)),
                        means.lane());
    }

    private VerifiedPolicy walked(Bytes shown) throws IOException, DeviceException {
        Witnessed checks = new Witnessed(settings.verifier());
        VerifiedPolicy walked = walk(shown, checks);
        keep(shown, walked, checks.allGood());
        return walked;
    }

    /**
     * The policy of a walk from the chain id, which must not leave out what is known: without the evidence it went over,
     * replicas that were struck would count again.
     */
    private VerifiedPolicy following(Bytes shown) throws IOException, DeviceException {
        if (shown.startsWith(sequence)) {
            return walked(shown);
        }
        if (sequence.startsWith(shown)) {
            return policy.orElseThrow();
        }
        throw new DeviceException(DeviceException.Kind.UNPROVED, "the policies leave out what was shown before");
    }

    private void keep(Bytes transactions, VerifiedPolicy walked, boolean allGood) throws IOException {
        policyAsked = settings.clock().instant();
        means.files().keepPolicy(place.chain(), transactions, policyAsked);
        if (allGood) {
            kept.keepNote(WALKED, Digest.sha256(transactions).bytes());
        }
        policy = Optional.of(walked);
        sequence = transactions;
    }

    /** The policy, asked on for what has come since, if it is old. */
    private CompletableFuture<VerifiedPolicy> recentPolicy() {
        return policy().thenComposeAsync(
                        known -> isWithin(policyAsked, POLICY_AGE)
                                ? CompletableFuture.completedFuture(known)
                                : policySince(known),
                        means.lane());
    }

    private CompletableFuture<VerifiedPolicy> policySince(VerifiedPolicy known) {
        Bytes before = sequence;
        int count;
        try {
            count = ChainLink.transactions(before).size();
        } catch (MalformedCborException e) {
            return fetchPolicy();
        }
        return link.policyAfter(count)
                .thenApplyAsync(
                        further -> Failures.wrapped(() -> {
                            if (sequence != before) {
                                return policy.orElseThrow();
                            }
                            Witnessed checks = new Witnessed(settings.verifier());
                            VerifiedPolicy walked = walkOn(known, further, checks);
                            keep(Bytes.concat(before, further), walked, wasWalked(before) && checks.allGood());
                            return walked;
                        }),
                        means.lane());
    }

    private VerifiedPolicy walkOn(VerifiedPolicy known, Bytes further, EcVerifier verifier) throws DeviceException {
        try {
            return PolicyChain.extend(known, ChainLink.transactions(further), verifier);
        } catch (ProofException | MalformedCborException e) {
            throw Failures.unproved("the policies do not follow from those before", e);
        }
    }

    private Optional<VerifiedPolicy> keptPolicy() {
        try {
            Optional<Bytes> before = means.files().policy(place.chain());
            if (before.isEmpty()) {
                return Optional.empty();
            }
            VerifiedPolicy walked = walk(before.get(), wasWalked(before.get()) ? VERIFIED_BEFORE : settings.verifier());
            policyAsked = means.files().policyAsked(place.chain());
            sequence = before.get();
            return Optional.of(walked);
        } catch (IOException | DeviceException e) {
            // Only a saving of airtime: what cannot be read or proved is asked for again.
            return Optional.empty();
        }
    }

    /** The note is in the directory that holds the chain id, too: who can write there needs no forged policy. */
    private boolean wasWalked(Bytes transactions) {
        return kept.note(WALKED, Digest.SIZE)
                .filter(Digest.sha256(transactions).bytes()::equals)
                .isPresent();
    }

    private VerifiedPolicy walk(Bytes transactions, EcVerifier verifier) throws DeviceException {
        try {
            VerifiedPolicy walked = PolicyChain.verify(place.chain(), ChainLink.transactions(transactions), verifier);
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
        Optional<Seen> recent =
                newest.or(this::restored).filter(seen -> height(seen) >= needed && isWithin(seen.at(), maxAge));
        if (recent.isPresent()) {
            return CompletableFuture.completedFuture(recent.get().checkpoint());
        }
        return means.patience()
                .attempt(() -> fetch().thenApply(fetched -> Failures.wrapped(() -> {
                    if (fetched.checkpoint().height() < needed) {
                        throw behind();
                    }
                    return fetched;
                })));
    }

    private boolean isWithin(Instant at, Duration maxAge) {
        return KeyCache.isWithin(at, maxAge, settings.clock().instant());
    }

    /** When the gateway was asked for the newest checkpoint. */
    Instant asked() {
        return newest.or(this::restored).map(Seen::at).orElse(Instant.EPOCH);
    }

    /** The checkpoint of before the device was opened: it was verified when it was put on the disk. */
    private Optional<Seen> restored() {
        if (restored.isEmpty()) {
            restored = Optional.of(readBack());
        }
        return restored.get();
    }

    private Optional<Seen> readBack() {
        Optional<VerifiedPolicy> under = policy.or(this::keptPolicy);
        Optional<Instant> at = kept.asked(CHECKPOINT);
        try {
            Optional<Bytes> encoded = means.files().checkpoint(place.chain());
            if (under.isPresent() && at.isPresent() && encoded.isPresent()) {
                policy = under;
                return Optional.of(
                        new Seen(CheckpointVerifier.verify(encoded.get(), under.get(), VERIFIED_BEFORE), at.get()));
            }
            return Optional.empty();
        } catch (IOException | ProofException e) {
            // Damaged, or of another policy: the gateway is asked.
            return Optional.empty();
        }
    }

    private CompletableFuture<VerifiedCheckpoint> fetch() {
        return recentPolicy()
                .thenCompose(known -> link.checkpoint()
                        .thenComposeAsync(encoded -> verified(encoded, known), means.lane())
                        .thenComposeAsync(this::takeUp, means.lane()));
    }

    private CompletableFuture<VerifiedCheckpoint> verified(Bytes encoded, VerifiedPolicy known) {
        try {
            return CompletableFuture.completedFuture(CheckpointVerifier.verify(encoded, known, settings.verifier()));
        } catch (ProofException e) {
            return underNewPolicy(encoded, known, e);
        }
    }

    private CompletableFuture<VerifiedCheckpoint> underNewPolicy(
            Bytes encoded, VerifiedPolicy known, ProofException failure) {
        if (failure.reason() != ProofException.Reason.OTHER_POLICY) {
            return CompletableFuture.failedFuture(Failures.unproved("the checkpoint does not verify", failure));
        }
        if (Continuity.isOfPolicyBefore(encoded, known.policy().number())) {
            return CompletableFuture.failedFuture(behind());
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

    /** Only what continues the checkpoint before is taken up, be that of this process or of one before. */
    private CompletableFuture<VerifiedCheckpoint> takeUp(VerifiedCheckpoint fetched) {
        Optional<SignedCheckpoint> known = remembered();
        if (known.isEmpty()) {
            return accepted(fetched);
        }
        Checkpoint before = known.get().checkpoint();
        Checkpoint told = fetched.checkpoint();
        return switch (Continuity.relation(before, told)) {
            case SAME -> {
                newest = Optional.of(new Seen(fetched, settings.clock().instant()));
                yield CompletableFuture.completedFuture(fetched);
            }
            case OLDER ->
                newest.map(seen -> CompletableFuture.completedFuture(seen.checkpoint()))
                        .orElseGet(() -> CompletableFuture.failedFuture(behind()));
            case CONTRADICTS -> distrust(known.get(), fetched, Optional.empty());
            case NEWER ->
                link.consistency(before.height(), told.height())
                        .thenComposeAsync(
                                path -> {
                                    if (!remembered()
                                            .map(SignedCheckpoint::checkpoint)
                                            .equals(Optional.of(before))) {
                                        // Another request came first: what it took up is to be continued now.
                                        return takeUp(fetched);
                                    }
                                    return Continuity.isShown(before, told, path)
                                            ? accepted(fetched)
                                            : forked(known.get(), fetched);
                                },
                                means.lane())
                        .exceptionallyCompose(failure -> CompletableFuture.failedFuture(
                                ChainView.isStale(failure) ? behind() : Failures.cause(failure)));
        };
    }

    private Patience.Passing behind() {
        link.elsewhere();
        return new Patience.Passing("the gateway's checkpoint is behind", Duration.ZERO, null);
    }

    /** The newest checkpoint that was taken up, now or before the device was closed. */
    private Optional<SignedCheckpoint> remembered() {
        try {
            // What was told, and signed, may have been put there since.
            Optional<Bytes> encoded = means.files()
                    .checkpoint(place.chain())
                    .or(() -> newest.map(seen -> seen.checkpoint().encode()));
            return encoded.isPresent() ? Optional.of(SignedCheckpoint.decode(encoded.get())) : Optional.empty();
        } catch (IOException | MalformedCheckpointException e) {
            // As if it were the first time: what this device may rely on is proved from the chain id all the same.
            return Optional.empty();
        }
    }

    private CompletableFuture<VerifiedCheckpoint> accepted(VerifiedCheckpoint fetched) {
        try {
            means.files().keepCheckpoint(place.chain(), fetched.encode());
            kept.asked(CHECKPOINT, settings.clock().instant());
        } catch (IOException e) {
            return CompletableFuture.failedFuture(e);
        }
        newest = Optional.of(new Seen(fetched, settings.clock().instant()));
        return CompletableFuture.completedFuture(fetched);
    }

    /** No path leads from one to the other: the later one's header at the older height convicts whoever signed both. */
    private CompletableFuture<VerifiedCheckpoint> forked(SignedCheckpoint before, VerifiedCheckpoint fetched) {
        long height = before.checkpoint().height();
        return link.header(height, fetched.checkpoint().height())
                .thenApply(answer -> Failures.wrapped(() -> Optional.of(HeaderProof.forkAt(height, answer))))
                .exceptionally(unshown -> Optional.empty())
                .thenComposeAsync(fork -> distrust(before, fetched, fork), means.lane());
    }

    private CompletableFuture<VerifiedCheckpoint> distrust(
            SignedCheckpoint before, VerifiedCheckpoint fetched, Optional<Evidence.Fork> fork) {
        newest = Optional.empty();
        restored = Optional.of(Optional.empty());
        link.offer(before.encode());
        return Failures.begun(() -> Failures.wrapped(() -> {
            // It stays the one to compare with, but nothing more is asked under it.
            kept.asked(CHECKPOINT, Instant.EPOCH);
            Bytes walked = means.files().policy(place.chain()).orElse(Bytes.EMPTY);
            means.files()
                    .keepEvidence(
                            place.chain(),
                            EvidenceFile.make(
                                    place.chain(),
                                    ChainLink.transactions(walked),
                                    before,
                                    SignedCheckpoint.decode(fetched.encode()),
                                    fork));
            throw new DeviceException(
                    DeviceException.Kind.CONTRADICTED, "the gateway shows two histories of the chain");
        }));
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
