package dev.latchkey.device;

import dev.latchkey.envelope.ChainContext;
import dev.latchkey.proof.VerifiedHistory;
import dev.latchkey.transaction.MemberRecord;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** What a device has proved about one chain ({@link Verification#SELF_VERIFIED}). Used from the device's lane. */
final class ProvedFacts implements ChainFacts {
    /** How long ago the gateway was asked for the checkpoint that a sender's record is proved under. */
    private static final Duration SENDER_AGE = Duration.ofMinutes(1);

    private final ChainView view;
    private final Means means;

    ProvedFacts(ChainView view, Means means) {
        this.view = view;
        this.means = means;
    }

    @Override
    public CompletableFuture<MemberKey> key(String name, Duration maxAge) {
        return view.key(name, maxAge)
                .thenApplyAsync(
                        key -> ProvedKey.of(key, means.settings().clock().instant()), means.lane());
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
        return key(name, SENDER_AGE);
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
