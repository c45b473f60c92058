package dev.latchkey.gateway.witness;

import dev.latchkey.checkpoint.SignedCheckpoint;
import dev.latchkey.gateway.store.Store;
import dev.latchkey.gateway.store.Table;
import dev.latchkey.transaction.ChainId;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * What this gateway cosigned last, one row for each chain; safe for use by many threads. A checkpoint is entered and on
 * disk before it is signed, and the rows only go forward: never a lower height, never two bodies for one height.
 */
final class WitnessBook {
    private final Store store;

    /** What became of an entry. */
    enum Verdict {
        /** It is on disk and may be signed. */
        ENTERED,
        /** Another height than the one that was asked about was cosigned last. */
        OTHER_HEIGHT,
        /** It does not continue what was cosigned last. */
        INCONSISTENT
    }

    /**
     * The answer to an attempt.
     *
     * @param verdict what became of it
     * @param last what the chain's row says now
     */
    record Answer(Verdict verdict, Optional<Cosigned> last) {}

    WitnessBook(Store store) {
        this.store = store;
    }

    /** What was cosigned last for a chain. */
    Optional<Cosigned> last(ChainId chain) {
        return store.get(Table.WITNESS, chain.bytes()).map(Cosigned::decode);
    }

    /**
     * Enters a checkpoint if its height is not lower than the last one's, its body is not another one for that height, and
     * a further condition allows it.
     *
     * @param condition given what was cosigned last; called on the store's thread
     * @return completes when the row is on disk
     */
    CompletableFuture<Answer> enter(
            SignedCheckpoint next, long seconds, Function<Optional<Cosigned>, Verdict> condition) {
        return store.submit(draft -> {
            ChainId chain = next.checkpoint().chain();
            Optional<Cosigned> last = draft.get(Table.WITNESS, chain.bytes()).map(Cosigned::decode);
            Verdict verdict = forward(last, next);
            if (verdict == Verdict.ENTERED) {
                verdict = condition.apply(last);
            }
            if (verdict != Verdict.ENTERED) {
                return new Answer(verdict, last);
            }
            Cosigned entered = new Cosigned(next, Math.max(seconds, secondsFor(last, next)));
            draft.put(Table.WITNESS, chain.bytes(), entered.encode());
            return new Answer(verdict, Optional.of(entered));
        });
    }

    private static Verdict forward(Optional<Cosigned> last, SignedCheckpoint next) {
        if (last.isEmpty() || next.checkpoint().height() > last.get().body().height()) {
            return Verdict.ENTERED;
        }
        if (next.checkpoint().height() < last.get().body().height()) {
            return Verdict.OTHER_HEIGHT;
        }
        return next.checkpoint().equals(last.get().body()) ? Verdict.ENTERED : Verdict.INCONSISTENT;
    }

    /** A cosignature of the same body is renewed with a later moment only. */
    private static long secondsFor(Optional<Cosigned> last, SignedCheckpoint next) {
        return last.filter(cosigned -> cosigned.body().equals(next.checkpoint()))
                .map(Cosigned::seconds)
                .orElse(0L);
    }
}
