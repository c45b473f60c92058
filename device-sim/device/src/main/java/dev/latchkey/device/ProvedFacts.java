package dev.latchkey.device;

import dev.latchkey.envelope.ChainContext;
import dev.latchkey.proof.VerifiedHistory;
import dev.latchkey.transaction.MemberRecord;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** What a device has proved about one chain ({@link Verification#SELF_VERIFIED}). Used from the device's lane. */
final class ProvedFacts implements ChainFacts {
    /** How long ago the gateway was asked for the checkpoint that a sender's record is proved under. */
    private static final Duration SENDER_AGE = Duration.ofMinutes(1);

    private final ChainView view;
    private final KeyCache keys;
    private final Means means;

    ProvedFacts(ChainView view, KeyCache keys, Means means) {
        this.view = view;
        this.keys = keys;
        this.means = means;
    }

    @Override
    public CompletableFuture<MemberKey> key(String name, Duration maxAge) {
        Optional<ProvedKey> kept = keys.proved(name);
        return kept.isPresent()
                        && KeyCache.isWithin(
                                kept.get(), maxAge, means.settings().clock().instant())
                ? CompletableFuture.completedFuture(kept.get())
                : lookedUp(name, 0, maxAge);
    }

    /** A record that was proved under the very checkpoint of now needs no new proof, be it from before a restart. */
    private CompletableFuture<MemberKey> lookedUp(String name, long atLeast, Duration maxAge) {
        return view.checkpoint(atLeast, maxAge)
                .thenComposeAsync(
                        under -> {
                            long height = under.checkpoint().height();
                            Optional<ProvedKey> kept = keys.proved(name).filter(key -> key.height() == height);
                            if (kept.isPresent()) {
                                return CompletableFuture.completedFuture(
                                        Failures.wrapped(() -> renewed(kept.get(), view.asked(under))));
                            }
                            return view.key(name, under, maxAge.isZero())
                                    .thenApplyAsync(key -> ProvedKey.of(key, view.asked(key.under())), means.lane());
                        },
                        means.lane());
    }

    private ProvedKey renewed(ProvedKey kept, Instant asked) throws IOException {
        keys.renew(kept.record().name(), asked);
        return kept.at(asked);
    }

    @Override
    public CompletableFuture<ChainContext> context(Duration maxAge) {
        return view.context(maxAge);
    }

    @Override
    public ChainContext context(KnownBlock block) {
        return view.context(block);
    }

    @Override
    public CompletableFuture<KnownBlock> block(long height) {
        return view.block(height);
    }

    @Override
    public CompletableFuture<MemberKey> sender(String name, long height) {
        Optional<ProvedKey> kept = keys.proved(name).filter(key -> key.height() >= height);
        return kept.isPresent()
                        && KeyCache.isWithin(
                                kept.get(), SENDER_AGE, means.settings().clock().instant())
                ? CompletableFuture.completedFuture(kept.get())
                : lookedUp(name, height, SENDER_AGE);
    }

    @Override
    public CompletableFuture<List<MemberRecord>> records(String name) {
        return view.history(name).thenApply(VerifiedHistory::records);
    }

    @Override
    public CompletableFuture<Duration> retention() {
        return view.policy()
                .thenApplyAsync(
                        policy -> Duration.ofHours(policy.policy().limits().retentionHours()), means.lane());
    }

    @Override
    public CompletableFuture<Void> nextCheckpoint() {
        return view.nextCheckpoint();
    }
}
