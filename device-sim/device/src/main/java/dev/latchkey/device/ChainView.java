package dev.latchkey.device;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.checkpoint.Checkpoint;
import dev.latchkey.envelope.ChainContext;
import dev.latchkey.proof.CheckpointVerifier;
import dev.latchkey.proof.HeaderProof;
import dev.latchkey.proof.KeyProof;
import dev.latchkey.proof.PolicyChain;
import dev.latchkey.proof.ProofException;
import dev.latchkey.proof.VerifiedCheckpoint;
import dev.latchkey.proof.VerifiedHeader;
import dev.latchkey.proof.VerifiedKey;
import dev.latchkey.proof.VerifiedPolicy;
import dev.latchkey.transaction.ChainId;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * What a device has proved about its chain, starting from nothing but the chain id. Used from the device's lane; futures
 * complete there. It never goes back: a checkpoint lower than one seen before is passed over, and another one for a
 * height seen before is refused.
 */
final class ChainView {
    private static final int MAX_KEYS = 1_024;
    private static final int MAX_BLOCKS = 256;
    private static final String UNKNOWN_NAME = "unknown-name";
    private static final String STALE_HEIGHT = "stale-height";
    private static final int STALE_TRIES = 3;

    /** A gateway hands out a new checkpoint at most once a second (gateway.md, /h). */
    private static final Duration NEXT_CHECKPOINT = Duration.ofMillis(1_250);

    private final ChainId chain;
    private final String chainName;
    private final long minHeight;
    private final GatewayLink link;
    private final DeviceFiles files;
    private final DeviceSettings settings;
    private final DeviceThreads threads;
    private final Lane lane;
    private final Patience patience;

    private Optional<VerifiedPolicy> policy = Optional.empty();
    private Optional<Seen> newest = Optional.empty();
    private final Map<String, VerifiedKey> keys = bounded(MAX_KEYS);
    private final Map<Long, ProvedBlock> blocks = bounded(MAX_BLOCKS);

    /** A block that is proved to be of this chain, and its header time. */
    record ProvedBlock(long height, Digest hash, long timeMillis) {}

    /** A checkpoint and when it was asked for. */
    private record Seen(VerifiedCheckpoint checkpoint, Instant at) {}

    ChainView(Membership self, GatewayLink link, Means means) {
        this.chain = self.chain();
        this.chainName = self.chainName();
        this.minHeight = self.height();
        this.link = link;
        this.files = means.files();
        this.settings = means.settings();
        this.threads = means.threads();
        this.lane = means.lane();
        this.patience = means.patience();
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
                            files.keepPolicy(sequence);
                            policy = Optional.of(walked);
                            return walked;
                        }),
                        lane);
    }

    private Optional<VerifiedPolicy> keptPolicy() {
        try {
            Optional<Bytes> kept = files.policy();
            return kept.isPresent() ? Optional.of(walk(kept.get())) : Optional.empty();
        } catch (IOException | DeviceException e) {
            // Only a saving of airtime: what cannot be read or proved is asked for again.
            return Optional.empty();
        }
    }

    private VerifiedPolicy walk(Bytes sequence) throws DeviceException {
        try {
            VerifiedPolicy walked = PolicyChain.verify(chain, GatewayLink.transactions(sequence), settings.verifier());
            if (!walked.chainName().equals(chainName)) {
                throw new DeviceException(DeviceException.Kind.UNPROVED, "the chain has another name");
            }
            return walked;
        } catch (ProofException | MalformedCborException e) {
            throw Failures.unproved("the policies do not follow from the chain id", e);
        }
    }

    /** The newest checkpoint of at least a height, asked for at most so long ago. */
    CompletableFuture<VerifiedCheckpoint> checkpoint(long atLeast, Duration maxAge) {
        long needed = Math.max(atLeast, minHeight);
        if (newest.isPresent()
                && height(newest.get()) >= needed
                && !newest.get().at().plus(maxAge).isBefore(settings.clock().instant())) {
            return CompletableFuture.completedFuture(newest.get().checkpoint());
        }
        return patience.attempt(() -> fetchCheckpoint()
                .thenApply(seen -> Failures.wrapped(() -> {
                    if (seen.checkpoint().height() < needed) {
                        throw new Patience.Passing("the gateway's checkpoint is behind", Duration.ZERO, null);
                    }
                    return seen;
                })));
    }

    private CompletableFuture<VerifiedCheckpoint> fetchCheckpoint() {
        return policy().thenCompose(known -> link.checkpoint()
                .thenComposeAsync(
                        encoded -> {
                            try {
                                return CompletableFuture.completedFuture(
                                        CheckpointVerifier.verify(encoded, known, settings.verifier()));
                            } catch (ProofException e) {
                                return underNewPolicy(encoded, e);
                            }
                        },
                        lane)
                .thenApplyAsync(fetched -> Failures.wrapped(() -> takeUp(fetched)), lane));
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
     * A member's record, proved under a checkpoint that was asked for at most so long ago. A member that is unknown may
     * just have joined: it is looked for under the newest checkpoint, and under the one after it.
     */
    CompletableFuture<VerifiedKey> key(String name, Duration maxAge) {
        return keyUnder(name, maxAge)
                .handleAsync(
                        (proved, failure) -> {
                            if (failure == null || !isUnknownMember(failure)) {
                                return outcome(proved, failure);
                            }
                            return maxAge.isZero()
                                    ? nextCheckpoint().thenComposeAsync(newer -> keyUnder(name, Duration.ZERO), lane)
                                    : key(name, Duration.ZERO);
                        },
                        lane)
                .thenCompose(outcome -> outcome);
    }

    /** Completes when the gateway may have a newer checkpoint. */
    CompletableFuture<Void> nextCheckpoint() {
        return threads.after(NEXT_CHECKPOINT);
    }

    private CompletableFuture<VerifiedKey> keyUnder(String name, Duration maxAge) {
        return checkpoint(minHeight, maxAge).thenComposeAsync(under -> key(name, under, STALE_TRIES), lane);
    }

    private static <T> CompletableFuture<T> outcome(T value, Throwable failure) {
        return failure == null
                ? CompletableFuture.completedFuture(value)
                : CompletableFuture.failedFuture(Failures.cause(failure));
    }

    private static boolean isUnknownMember(Throwable failure) {
        Throwable cause = Failures.cause(failure);
        return cause instanceof DeviceException
                && ((DeviceException) cause).kind() == DeviceException.Kind.UNKNOWN_MEMBER;
    }

    private CompletableFuture<VerifiedKey> key(String name, VerifiedCheckpoint under, int tries) {
        VerifiedKey cached = keys.get(name);
        long height = under.checkpoint().height();
        if (cached != null && cached.under().checkpoint().height() == height) {
            return CompletableFuture.completedFuture(cached);
        }
        return link.key(name, height)
                .thenApplyAsync(
                        answer -> Failures.wrapped(() -> {
                            VerifiedKey proved = proved(under, name, answer);
                            keys.put(name, proved);
                            return proved;
                        }),
                        lane)
                .handleAsync(
                        (proved, failure) -> {
                            if (failure == null) {
                                return CompletableFuture.completedFuture(proved);
                            }
                            if (isStale(failure) && tries > 1) {
                                return checkpoint(height, Duration.ZERO)
                                        .thenComposeAsync(newer -> key(name, newer, tries - 1), lane);
                            }
                            return CompletableFuture.<VerifiedKey>failedFuture(unknownMember(failure));
                        },
                        lane)
                .thenCompose(outcome -> outcome);
    }

    private static VerifiedKey proved(VerifiedCheckpoint under, String name, Bytes answer) throws DeviceException {
        try {
            return KeyProof.verify(under, name, answer);
        } catch (ProofException e) {
            if (e.reason() == ProofException.Reason.ABSENT) {
                throw new DeviceException(DeviceException.Kind.UNKNOWN_MEMBER, "the chain has no such member", e);
            }
            throw Failures.unproved("the record is not proved", e);
        }
    }

    private static boolean isStale(Throwable failure) {
        Throwable cause = Failures.cause(failure);
        return cause instanceof DeviceException
                && ((DeviceException) cause).problemCode().equals(Optional.of(STALE_HEIGHT));
    }

    private static Throwable unknownMember(Throwable failure) {
        Throwable cause = Failures.cause(failure);
        boolean unknown = cause instanceof DeviceException
                && ((DeviceException) cause)
                        .problemCode()
                        .filter(UNKNOWN_NAME::equals)
                        .isPresent();
        return unknown
                ? new DeviceException(DeviceException.Kind.UNKNOWN_MEMBER, "the gateway knows no such member", cause)
                : cause;
    }

    /**
     * What a session that is opened now is bound to: the checkpoint that a record is proved under, if it is fresh. The
     * replicas sign an unchanged head anew, so a proof from the cache may be fresher than it was.
     */
    ChainContext contextOf(VerifiedKey key) throws DeviceException {
        VerifiedCheckpoint proved = key.under();
        VerifiedCheckpoint under = newest.map(Seen::checkpoint)
                .filter(seen -> seen.checkpoint().equals(proved.checkpoint()))
                .orElse(proved);
        if (!under.isFresh(settings.clock().instant(), settings.freshness())) {
            throw new DeviceException(DeviceException.Kind.STALE, "the gateway's checkpoint is too old");
        }
        Checkpoint checkpoint = under.checkpoint();
        return new ChainContext(chain, chainName, checkpoint.height(), checkpoint.blockHash());
    }

    /** The block of a height: this device's own checkpoint, or a header proved under it. */
    CompletableFuture<ProvedBlock> block(long height) {
        ProvedBlock cached = blocks.get(height);
        if (cached != null) {
            return CompletableFuture.completedFuture(cached);
        }
        return checkpoint(height, settings.freshness())
                .thenComposeAsync(under -> block(height, under, STALE_TRIES), lane);
    }

    private CompletableFuture<ProvedBlock> block(long height, VerifiedCheckpoint under, int tries) {
        Checkpoint own = under.checkpoint();
        if (own.height() == height) {
            return CompletableFuture.completedFuture(keep(new ProvedBlock(height, own.blockHash(), own.timeMillis())));
        }
        return link.header(height, own.height())
                .thenApplyAsync(answer -> Failures.wrapped(() -> keep(provedBlock(under, height, answer))), lane)
                .handleAsync(
                        (proved, failure) -> {
                            if (failure == null) {
                                return CompletableFuture.completedFuture(proved);
                            }
                            if (isStale(failure) && tries > 1) {
                                return checkpoint(own.height(), Duration.ZERO)
                                        .thenComposeAsync(newer -> block(height, newer, tries - 1), lane);
                            }
                            return CompletableFuture.<ProvedBlock>failedFuture(Failures.cause(failure));
                        },
                        lane)
                .thenCompose(outcome -> outcome);
    }

    private ProvedBlock keep(ProvedBlock block) {
        blocks.put(block.height(), block);
        return block;
    }

    private static ProvedBlock provedBlock(VerifiedCheckpoint under, long height, Bytes answer) throws DeviceException {
        try {
            VerifiedHeader header = HeaderProof.verify(under, height, answer);
            return new ProvedBlock(height, header.blockHash(), header.header().timeMillis());
        } catch (ProofException e) {
            throw Failures.unproved("the header is not proved", e);
        }
    }

    /** What a session at a proved block is bound to. */
    ChainContext context(ProvedBlock block) {
        return new ChainContext(chain, chainName, block.height(), block.hash());
    }

    ChainId chain() {
        return chain;
    }

    String chainName() {
        return chainName;
    }

    /** The oldest entries go first, those asked for last stay. */
    private static <K, V> Map<K, V> bounded(int max) {
        return new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                return size() > max;
            }
        };
    }
}
