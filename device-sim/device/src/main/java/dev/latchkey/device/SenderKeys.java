package dev.latchkey.device;

import dev.latchkey.cose.CoseKey;
import dev.latchkey.cose.KeyId;
import dev.latchkey.proof.VerifiedKey;
import dev.latchkey.transaction.MemberRecord;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** The keys that a sender had at the height its session is bound to, as its chain proves. Used from the device's lane. */
final class SenderKeys {
    /** How long ago the gateway was asked for the checkpoint that a sender's record is proved under. */
    private static final Duration CHECKPOINT_AGE = Duration.ofMinutes(1);

    private final Lane lane;

    SenderKeys(Lane lane) {
        this.lane = lane;
    }

    /** The signing key of a kid, if it was the sender's at that height and was not taken from it since. */
    CompletableFuture<Optional<CoseKey>> signingKey(ChainView view, String sender, KeyId kid, long height) {
        return view.key(sender, CHECKPOINT_AGE).thenComposeAsync(key -> signingKey(view, key, kid, height), lane);
    }

    private CompletableFuture<Optional<CoseKey>> signingKey(
            ChainView view, VerifiedKey sender, KeyId kid, long height) {
        Optional<Boolean> verdict = SenderRule.judged(sender.record(), kid, height);
        if (verdict.isPresent()) {
            return CompletableFuture.completedFuture(verdict.filter(allowed -> allowed)
                    .map(allowed -> sender.record().keys().sig()));
        }
        return view.history(sender.name())
                .thenApplyAsync(
                        history -> SenderRule.allows(history.records(), kid, height)
                                ? history.at(height).map(record -> record.keys().sig())
                                : Optional.empty(),
                        lane);
    }

    /** The kid of the key-agreement key that a member had at that height, unless it was put out since. */
    CompletableFuture<Optional<KeyId>> exchangeKey(ChainView view, String sender, long height) {
        return view.key(sender, CHECKPOINT_AGE)
                .thenComposeAsync(
                        key -> key.record().height() <= height
                                ? CompletableFuture.completedFuture(exchangeKey(key.record(), key.record()))
                                : view.history(sender)
                                        .thenApplyAsync(
                                                history -> history.at(height)
                                                        .flatMap(then -> exchangeKey(key.record(), then)),
                                                lane),
                        lane);
    }

    private static Optional<KeyId> exchangeKey(MemberRecord now, MemberRecord then) {
        return SenderRule.isPutOut(now) || !then.isActive()
                ? Optional.empty()
                : Optional.of(then.keys().kex().kid());
    }
}
