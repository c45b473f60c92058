package dev.latchkey.gateway.witness;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.checkpoint.SignedCheckpoint;
import dev.latchkey.gateway.store.Draft;
import dev.latchkey.gateway.store.Key;
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
    private static final Bytes NOT_BEFORE = Bytes.utf8("witness-not-before");

    private final Store store;
    /** Header times up to this one are of checkpoints that this gateway may have cosigned and forgotten. */
    private final long notBeforeMillis;

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
        this.notBeforeMillis =
                store.get(Table.META, NOT_BEFORE).map(Key::lastNumber).orElse(Long.MIN_VALUE);
    }

    /**
     * A copy of the store has taken its place: what was cosigned since the copy is not in it. Before a witness is made.
     *
     * @param nowMillis no checkpoint was cosigned whose header is further ahead of this than a header may be
     */
    static void restored(Draft draft, long nowMillis) {
        draft.put(Table.META, NOT_BEFORE, Key.of(nowMillis + Witness.MOST_AHEAD.toMillis()));
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

    private Verdict forward(Optional<Cosigned> last, SignedCheckpoint next) {
        if (next.checkpoint().timeMillis() <= notBeforeMillis) {
            return Verdict.OTHER_HEIGHT;
        }
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
