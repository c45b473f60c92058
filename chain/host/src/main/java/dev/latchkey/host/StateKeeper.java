package dev.latchkey.host;

import dev.latchkey.ledger.ChainState;
import dev.latchkey.merkle.HistoryTree;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Decides when the state of a chain is written to its file, so that few blocks have to be replayed after it: in the
 * background while the chain goes on, and at a clean stop. Safe for use by many threads.
 *
 * <p>The cost is bounded twice: there are at least {@link #EVERY} blocks and transactions between two writings, and at
 * least {@link #PAUSE} times as long as the last one took.
 */
public final class StateKeeper {
    /** Blocks and transactions behind the written state from which it is written again: some seconds of replay. */
    public static final long EVERY = 20_000;

    /** How many times as long as a writing took nothing is written after it: at most 2 % of the time goes into it. */
    static final long PAUSE = 50;

    /** Blocks and transactions that are not worth a file at a stop: replaying them takes no longer than reading it. */
    static final long NEGLIGIBLE = 256;

    private final StateFile file;
    private final Executor background;
    private final Consumer<Exception> failed;
    private final Rhythm rhythm;
    private long written;
    private long notBeforeNanos;
    private CompletableFuture<Void> underWay = CompletableFuture.completedFuture(null);

    /**
     * Makes a keeper.
     *
     * @param opened what the file held when it was opened; 0 if nothing, else {@link #position} of that state
     * @param background runs the writing, some seconds for a large chain
     * @param failed told of a writing that failed; the next one comes all the same
     */
    public StateKeeper(StateFile file, long opened, Executor background, Consumer<Exception> failed) {
        this(file, opened, background, failed, new Rhythm(EVERY, NEGLIGIBLE, System::nanoTime));
    }

    /**
     * When to write.
     *
     * @param every as {@link #EVERY}
     * @param negligible as {@link #NEGLIGIBLE}
     * @param nanos a clock that never falls
     */
    record Rhythm(long every, long negligible, LongSupplier nanos) {}

    StateKeeper(StateFile file, long opened, Executor background, Consumer<Exception> failed, Rhythm rhythm) {
        this.rhythm = rhythm;
        this.notBeforeNanos = rhythm.nanos.getAsLong();
        this.file = file;
        this.written = opened;
        this.background = background;
        this.failed = failed;
    }

    /** Blocks and transactions up to a state. */
    public static long position(ChainState state) {
        return state.height() + state.transactionCount();
    }

    /**
     * Begins to write in the background if it is time to; returns at once.
     *
     * @param newest the chain as it is
     * @param toWrite gives the state that is to be written, the newest or one not far behind
     */
    public synchronized void passed(ChainState newest, HistoryTree history, Supplier<ChainState> toWrite) {
        if (position(newest) - written < rhythm.every
                || !underWay.isDone()
                || rhythm.nanos.getAsLong() - notBeforeNanos < 0) {
            return;
        }
        ChainState state = toWrite.get();
        written = position(state);
        underWay = CompletableFuture.runAsync(() -> write(state, history), background);
    }

    /** Waits for a writing that is under way, then writes a last time, if that is worth it. */
    public void close(ChainState state, HistoryTree history) {
        CompletableFuture<Void> before;
        boolean worth;
        synchronized (this) {
            before = underWay;
            worth = position(state) - written >= rhythm.negligible;
        }
        before.join();
        if (worth) {
            write(state, history);
        }
    }

    private void write(ChainState state, HistoryTree history) {
        long began = rhythm.nanos.getAsLong();
        try {
            file.write(state, history);
        } catch (IOException | RuntimeException e) {
            failed.accept(e);
        }
        long now = rhythm.nanos.getAsLong();
        synchronized (this) {
            notBeforeNanos = now + PAUSE * (now - began);
        }
    }
}
