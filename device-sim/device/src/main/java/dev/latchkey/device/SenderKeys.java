package dev.latchkey.device;

import dev.latchkey.cose.CoseKey;
import dev.latchkey.cose.KeyId;
import dev.latchkey.transaction.MemberRecord;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** The keys that a sender had at the height its session is bound to, as far as the device's mode
 * demands to know. Used from the device's lane. */
final class SenderKeys {
    private final Lane lane;

    SenderKeys(Lane lane) {
        this.lane = lane;
    }

    /** The signing key of a kid, if it was the sender's at that height and was not taken from it since. */
    CompletableFuture<Optional<CoseKey>> signingKey(ChainFacts facts, String sender, KeyId kid, long height) {
        return facts.sender(sender, height).thenComposeAsync(key -> signingKey(facts, key, kid, height), lane);
    }

    private CompletableFuture<Optional<CoseKey>> signingKey(
            ChainFacts facts, MemberKey sender, KeyId kid, long height) {
        Optional<Boolean> verdict = SenderRule.judged(sender.record(), kid, height);
        if (verdict.isPresent()) {
            return CompletableFuture.completedFuture(verdict.filter(allowed -> allowed)
                    .map(allowed -> sender.record().keys().sig()));
        }
        return facts.records(sender.record().name())
                .thenApplyAsync(
                        records -> SenderRule.allows(records, kid, height)
                                ? at(records, height)
                                        .map(record -> record.keys().sig())
                                : Optional.empty(),
                        lane);
    }

    /** The kid of the key-agreement key that a member had at that height, unless it was put out since. */
    CompletableFuture<Optional<KeyId>> exchangeKey(ChainFacts facts, String sender, long height) {
        return facts.sender(sender, height)
                .thenComposeAsync(
                        key -> key.record().height() <= height
                                ? CompletableFuture.completedFuture(exchangeKey(key.record(), key.record()))
                                : facts.records(sender)
                                        .thenApplyAsync(
                                                records -> at(records, height)
                                                        .flatMap(then -> exchangeKey(key.record(), then)),
                                                lane),
                        lane);
    }

    /** The record that was valid at a height. */
    private static Optional<MemberRecord> at(List<MemberRecord> newestFirst, long height) {
        return newestFirst.stream().filter(record -> record.height() <= height).findFirst();
    }

    private static Optional<KeyId> exchangeKey(MemberRecord now, MemberRecord then) {
        return SenderRule.isPutOut(now) || !then.isActive()
                ? Optional.empty()
                : Optional.of(then.keys().kex().kid());
    }
}
