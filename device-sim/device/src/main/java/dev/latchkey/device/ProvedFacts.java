package dev.latchkey.device;

import dev.latchkey.cose.CoseKey;
import dev.latchkey.cose.KeyId;
import dev.latchkey.envelope.ChainContext;
import java.time.Duration;
import java.util.Optional;
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
    public CompletableFuture<Optional<CoseKey>> signer(String name, KeyId kid, long height) {
        return view.key(name, SENDER_AGE)
                .thenComposeAsync(
                        sender -> {
                            Optional<Boolean> verdict = SenderRule.judged(sender.record(), kid, height);
                            if (verdict.isPresent()) {
                                return CompletableFuture.completedFuture(verdict.filter(allowed -> allowed)
                                        .map(allowed -> sender.record().keys().sig()));
                            }
                            return older(name, kid, height);
                        },
                        means.lane());
    }

    private CompletableFuture<Optional<CoseKey>> older(String name, KeyId kid, long height) {
        return view.history(name)
                .thenApplyAsync(
                        history -> SenderRule.allows(history.records(), kid, height)
                                ? history.at(height).map(record -> record.keys().sig())
                                : Optional.empty(),
                        means.lane());
    }

    @Override
    public CompletableFuture<Optional<KeyId>> exchangeKid(String name, long height) {
        return view.key(name, SENDER_AGE)
                .thenComposeAsync(
                        now -> now.record().height() <= height
                                ? CompletableFuture.completedFuture(SenderRule.exchangeKid(now.record(), now.record()))
                                : view.history(name)
                                        .thenApplyAsync(
                                                history -> history.at(height)
                                                        .flatMap(then -> SenderRule.exchangeKid(now.record(), then)),
                                                means.lane()),
                        means.lane());
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
