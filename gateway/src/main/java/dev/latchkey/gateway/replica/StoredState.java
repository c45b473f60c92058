package dev.latchkey.gateway.replica;

import dev.latchkey.gateway.store.ChainRows;
import dev.latchkey.gateway.store.Key;
import dev.latchkey.gateway.store.Table;
import dev.latchkey.host.StateFile;
import dev.latchkey.host.StateKeeper;
import dev.latchkey.ledger.ChainState;
import dev.latchkey.ledger.MalformedSnapshotException;
import dev.latchkey.ledger.RestoredState;
import dev.latchkey.merkle.HistoryTree;
import dev.latchkey.transaction.ChainId;
import java.io.IOException;
import java.util.Optional;
import java.util.SplittableRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file with a chain's state beside the store, which spares an opening the replay of all blocks. Whatever is wrong
 * with it, the blocks are replayed instead. Safe for use by many threads.
 */
final class StoredState {
    private static final String DIRECTORY = "states";
    private static final Logger LOG = LoggerFactory.getLogger(StoredState.class);

    /** A head this much behind the newest block is written all the same: a reader may ask for it at the next start. */
    private static final long NEAR = StateKeeper.EVERY / 4;

    private final Optional<RestoredState> restored;
    private final StateKeeper keeper;

    private StoredState(Optional<RestoredState> restored, StateKeeper keeper) {
        this.restored = restored;
        this.keeper = keeper;
    }

    /**
     * Reads the file, if there is one.
     *
     * @throws DamagedReplicaException if the file is whole and the blocks it stands for are not
     */
    static StoredState open(ChainId chain, ChainRows rows) throws DamagedReplicaException {
        StateFile file = new StateFile(rows.store().directory().resolve(DIRECTORY), chain);
        Optional<RestoredState> restored = read(file, rows);
        if (restored.isPresent()) {
            HistoryTree history = restored.get().history();
            Optional<Long> damaged = ColdCheck.damaged(rows, history, new SplittableRandom());
            if (damaged.isPresent()) {
                throw new DamagedReplicaException(damaged.get());
            }
        }
        long position =
                restored.map(state -> StateKeeper.position(state.state())).orElse(0L);
        return new StoredState(
                restored,
                new StateKeeper(
                        file,
                        position,
                        StoredState::start,
                        e -> LOG.warn("the state could not be written; the next start takes longer", e)));
    }

    private static Optional<RestoredState> read(StateFile file, ChainRows rows) {
        try {
            return file.read(height -> rows.get(Table.BLOCKS, Key.of(height)));
        } catch (MalformedSnapshotException | IOException e) {
            LOG.atWarn()
                    .addKeyValue("reason", e.getMessage())
                    .log("the stored state is of no use; the blocks are replayed");
            return Optional.empty();
        }
    }

    private static void start(Runnable writing) {
        Thread thread = new Thread(writing, "replica-state");
        thread.setDaemon(true);
        thread.start();
    }

    /** What the file held. */
    Optional<RestoredState> restored() {
        return restored;
    }

    /** A block was shown: perhaps it is time to write. */
    void shown(ChainState newest, HistoryTree history, Heads heads) {
        keeper.passed(newest, history, () -> toWrite(newest, heads));
    }

    /** Writes the state at a clean stop. */
    void close(ChainState newest, HistoryTree history, Heads heads) {
        keeper.close(toWrite(newest, heads), history);
    }

    /** The newest head, if it is near: then the checkpoint that was handed out last can be handed out after a start. */
    private static ChainState toWrite(ChainState newest, Heads heads) {
        return heads.newest()
                .map(Head::state)
                .filter(head -> StateKeeper.position(newest) - StateKeeper.position(head) < NEAR)
                .orElse(newest);
    }
}
