package dev.latchkey.device;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.checkpoint.Checkpoint;
import dev.latchkey.envelope.ChainContext;
import dev.latchkey.proof.HeaderProof;
import dev.latchkey.proof.KeyFinding;
import dev.latchkey.proof.KeyHistory;
import dev.latchkey.proof.KeyProof;
import dev.latchkey.proof.ProofException;
import dev.latchkey.proof.VerifiedCheckpoint;
import dev.latchkey.proof.VerifiedHeader;
import dev.latchkey.proof.VerifiedHistory;
import dev.latchkey.proof.VerifiedKey;
import dev.latchkey.proof.VerifiedPolicy;
import dev.latchkey.transaction.ChainId;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * What a device has proved about one chain, starting from nothing but the chain id: members' records, headers. Used from
 * the device's lane; futures complete there.
 */
final class ChainView {
    private static final int MAX_KEYS = 1_024;
    private static final int MAX_BLOCKS = 256;
    private static final String STALE_HEIGHT = "stale-height";
    private static final int STALE_TRIES = 3;

    /** A gateway hands out a new checkpoint at most once a second (gateway.md, /h). */
    private static final Duration NEXT_CHECKPOINT = Duration.ofMillis(1_250);

    private final ChainPlace place;
    private final ChainLink link;
    private final Anchor anchor;
    private final DeviceSettings settings;
    private final DeviceThreads threads;
    private final Lane lane;
    private final ChainFacts facts;

    private final KeyCache keys;
    private final Map<String, KeyFinding> findings = bounded(MAX_KEYS);
    private final Map<Long, KnownBlock> blocks = bounded(MAX_BLOCKS);

    /** When the gateway was asked last for the checkpoint of a height. */
    private final Map<Long, Instant> asked = bounded(MAX_BLOCKS);

    /** What the gateway says about a name under a checkpoint, and the bytes that prove it. */
    record Shown(KeyFinding finding, Bytes answer) {}

    ChainView(ChainPlace place, ChainLink link, Means means) {
        this.place = place;
        this.link = link;
        this.anchor = new Anchor(place, link, means);
        this.settings = means.settings();
        this.threads = means.threads();
        this.lane = means.lane();
        KeptFiles kept = new KeptFiles(means.files().directory(), place.chain());
        this.keys = new KeyCache(place.chain(), kept);
        this.facts = settings.mode() == Verification.DELEGATED
                ? new ToldFacts(this, new ToldHead(place, link, kept, means), keys, means)
                : new ProvedFacts(this, keys, means);
    }

    /** When the gateway was asked for a checkpoint: another request may have brought a newer one since. */
    Instant asked(VerifiedCheckpoint under) {
        return asked.getOrDefault(under.checkpoint().height(), Instant.EPOCH);
    }

    /** What the device goes by in its mode. */
    ChainFacts facts() {
        return facts;
    }

    ChainId chain() {
        return place.chain();
    }

    String chainName() {
        return place.chainName();
    }

    ChainLink link() {
        return link;
    }

    CompletableFuture<VerifiedPolicy> policy() {
        return anchor.policy();
    }

    /** The newest checkpoint of at least a height, asked for at most so long ago. */
    CompletableFuture<VerifiedCheckpoint> checkpoint(long atLeast, Duration maxAge) {
        return anchor.checkpoint(atLeast, maxAge).thenApply(found -> {
            asked.put(found.checkpoint().height(), anchor.asked());
            return found;
        });
    }

    /**
     * A member's record, proved under a checkpoint that was asked for at most so long ago. A member that is unknown may
     * just have joined: it is looked for under the newest checkpoint, and under the one after it.
     *
     * @return the record, or fails with {@link DeviceException.Kind#UNKNOWN_MEMBER} when its absence is proved
     */
    CompletableFuture<VerifiedKey> key(String name, Duration maxAge) {
        return checkpoint(0, maxAge).thenComposeAsync(under -> key(name, under, maxAge.isZero()), lane);
    }

    /** As {@link #key(String, Duration)}, under a checkpoint at hand, which was asked for just now or before. */
    CompletableFuture<VerifiedKey> key(String name, VerifiedCheckpoint under, boolean justNow) {
        return find(name, under)
                .thenComposeAsync(
                        finding -> finding instanceof VerifiedKey || justNow
                                ? CompletableFuture.completedFuture(finding)
                                : find(name, Duration.ZERO),
                        lane)
                .thenComposeAsync(
                        finding -> finding instanceof VerifiedKey
                                ? CompletableFuture.completedFuture(finding)
                                : nextCheckpoint().thenComposeAsync(newer -> find(name, Duration.ZERO), lane),
                        lane)
                .thenApply(finding -> Failures.wrapped(() -> known(finding)));
    }

    private static VerifiedKey known(KeyFinding finding) throws DeviceException {
        if (finding instanceof VerifiedKey key) {
            return key;
        }
        throw DeviceException.nobody(finding.under().checkpoint().height());
    }

    /** What is proved about a name, be it that nobody has it. */
    CompletableFuture<KeyFinding> find(String name, Duration maxAge) {
        return checkpoint(0, maxAge).thenComposeAsync(under -> find(name, under), lane);
    }

    private CompletableFuture<KeyFinding> find(String name, VerifiedCheckpoint under) {
        KeyFinding cached = findings.get(name);
        return cached != null
                        && cached.under().checkpoint().height()
                                == under.checkpoint().height()
                ? CompletableFuture.completedFuture(cached)
                : shown(name, under).thenApply(Shown::finding);
    }

    /** What is proved about a name under a checkpoint, or a newer one if the gateway has forgotten that. */
    CompletableFuture<Shown> shown(String name, VerifiedCheckpoint under) {
        return answered(
                under,
                STALE_TRIES,
                at -> link.key(name, at.checkpoint().height())
                        .thenApplyAsync(
                                answer -> Failures.wrapped(() -> {
                                    KeyFinding finding = finding(at, name, answer);
                                    keys.take(finding, answer, asked(at));
                                    findings.put(name, finding);
                                    return new Shown(finding, answer);
                                }),
                                lane));
    }

    /** All records of a member, the newest proved under the newest checkpoint. */
    CompletableFuture<VerifiedHistory> history(String name) {
        return checkpoint(0, Duration.ZERO)
                .thenComposeAsync(
                        under -> answered(
                                under,
                                STALE_TRIES,
                                at -> link.keyHistory(name, at.checkpoint().height())
                                        .thenApplyAsync(
                                                answer -> Failures.wrapped(() -> history(at, name, answer)), lane)),
                        lane);
    }

    /** Asks under a checkpoint, and again under a newer one where the gateway has forgotten it. */
    private <T> CompletableFuture<T> answered(
            VerifiedCheckpoint under, int tries, Function<VerifiedCheckpoint, CompletableFuture<T>> question) {
        return question.apply(under)
                .handleAsync(
                        (answer, failure) -> {
                            if (failure == null) {
                                return CompletableFuture.completedFuture(answer);
                            }
                            if (isStale(failure) && tries > 1) {
                                return checkpoint(under.checkpoint().height(), Duration.ZERO)
                                        .thenComposeAsync(newer -> answered(newer, tries - 1, question), lane);
                            }
                            return CompletableFuture.<T>failedFuture(Failures.cause(failure));
                        },
                        lane)
                .thenCompose(outcome -> outcome);
    }

    /** Completes when the gateway may have a newer checkpoint. */
    CompletableFuture<Void> nextCheckpoint() {
        return threads.after(NEXT_CHECKPOINT);
    }

    private static KeyFinding finding(VerifiedCheckpoint under, String name, Bytes answer) throws DeviceException {
        try {
            return KeyProof.find(under, name, answer);
        } catch (ProofException e) {
            throw Failures.unproved("the record is not proved", e);
        }
    }

    private static VerifiedHistory history(VerifiedCheckpoint under, String name, Bytes answer) throws DeviceException {
        try {
            return KeyHistory.verify(under, name, answer);
        } catch (ProofException e) {
            throw Failures.unproved("the member's records are not proved", e);
        }
    }

    /** Whether the gateway does not keep the height that was asked for. */
    static boolean isStale(Throwable failure) {
        Throwable cause = Failures.cause(failure);
        return cause instanceof DeviceException
                && ((DeviceException) cause).problemCode().equals(Optional.of(STALE_HEIGHT));
    }

    /** The checkpoint, if a device may rely on it now. */
    VerifiedCheckpoint relied(VerifiedCheckpoint checkpoint) throws DeviceException {
        return anchor.relied(checkpoint);
    }

    private boolean isReliable(VerifiedCheckpoint checkpoint) {
        try {
            relied(checkpoint);
            return true;
        } catch (DeviceException e) {
            return false;
        }
    }

    /** What a session that is opened now is bound to: the newest checkpoint, if a device may rely on it. */
    CompletableFuture<ChainContext> context(Duration maxAge) {
        return checkpoint(0, maxAge)
                .thenComposeAsync(
                        newest -> maxAge.isZero() || isReliable(newest)
                                ? CompletableFuture.completedFuture(newest)
                                : checkpoint(0, Duration.ZERO),
                        lane)
                .thenApplyAsync(
                        newest -> Failures.wrapped(() -> {
                            Checkpoint checkpoint = relied(newest).checkpoint();
                            return new ChainContext(chain(), chainName(), checkpoint.height(), checkpoint.blockHash());
                        }),
                        lane);
    }

    /** The block of a height: this device's own checkpoint, or a header proved under it. */
    CompletableFuture<KnownBlock> block(long height) {
        KnownBlock cached = blocks.get(height);
        if (cached != null) {
            return CompletableFuture.completedFuture(cached);
        }
        return checkpoint(height, settings.freshness())
                .thenComposeAsync(under -> answered(under, STALE_TRIES, at -> block(height, at)), lane);
    }

    private CompletableFuture<KnownBlock> block(long height, VerifiedCheckpoint under) {
        Checkpoint own = under.checkpoint();
        if (own.height() == height) {
            return CompletableFuture.completedFuture(keep(new KnownBlock(height, own.blockHash(), own.timeMillis())));
        }
        return link.header(height, own.height())
                .thenApplyAsync(answer -> Failures.wrapped(() -> keep(provedBlock(under, height, answer))), lane);
    }

    private KnownBlock keep(KnownBlock block) {
        blocks.put(block.height(), block);
        return block;
    }

    private static KnownBlock provedBlock(VerifiedCheckpoint under, long height, Bytes answer) throws DeviceException {
        try {
            VerifiedHeader header = HeaderProof.verify(under, height, answer);
            return new KnownBlock(height, header.blockHash(), header.header().timeMillis());
        } catch (ProofException e) {
            throw Failures.unproved("the header is not proved", e);
        }
    }

    /** What a session at a proved block is bound to. */
    ChainContext context(KnownBlock block) {
        return new ChainContext(chain(), chainName(), block.height(), block.hash());
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
