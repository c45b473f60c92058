package dev.latchkey.cloud.chain;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cloud.raft.LogPosition;
import dev.latchkey.ledger.BlockFaultException;
import dev.latchkey.ledger.BlockVerifier;
import dev.latchkey.ledger.ChainState;
import dev.latchkey.ledger.VerifiedBlock;
import dev.latchkey.transaction.ChainId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Puts chains into the store of a group that no node runs on, each block verified in full before it is written. For one
 * thread.
 */
public final class ChainsRestore implements AutoCloseable {
    private final ChainStore store;
    private final LogPosition at;
    private final BlockVerifier verifier;
    private final Map<ChainId, ChainState> heads = new HashMap<>();

    private ChainsRestore(ChainStore store, LogPosition at, BlockVerifier verifier) {
        this.store = store;
        this.at = at;
        this.verifier = verifier;
    }

    /** Makes the store; its log goes on behind a position. */
    public static ChainsRestore open(Path directory, LogPosition at, BlockVerifier verifier) throws IOException {
        return new ChainsRestore(ChainStore.open(directory), at, verifier);
    }

    /**
     * Takes the place of a chain in another group.
     *
     * @throws IllegalArgumentException if that is no genesis transaction with all its signatures
     */
    public void place(int group, Bytes genesis) {
        try {
            store.write(
                    at,
                    PlacedChain.of(group, ChainBirth.verified(genesis, verifier).genesis()));
        } catch (IOException e) {
            throw new IllegalArgumentException("the place of a chain is malformed or not signed", e);
        }
    }

    /**
     * Takes the next block of a chain, from block 0 on; one that is there already must be the same.
     *
     * @return the state after it, or empty if the block was there
     * @throws BlockFaultException if it does not follow; nothing was written
     * @throws OtherHistoryException if another block of its height is there
     */
    public Optional<ChainState> take(ChainId chain, long height, Bytes block)
            throws BlockFaultException, OtherHistoryException {
        ChainState head = heads.get(chain);
        if (head != null && height <= head.height()) {
            if (!store.block(chain, height).filter(block::equals).isPresent()) {
                throw new OtherHistoryException(height);
            }
            return Optional.empty();
        }
        VerifiedBlock verified = head == null ? verifier.verifyGenesis(chain, block) : verifier.verify(head, block);
        store.write(at, verified.after().checkpoint(), verified.encoded(), verified.changed());
        heads.put(chain, verified.after());
        return Optional.of(verified.after());
    }

    /** The state of a chain after the last block that was taken. */
    public Optional<ChainState> head(ChainId chain) {
        return Optional.ofNullable(heads.get(chain));
    }

    /** Shows the ids of all that ever were members of a chain that was taken; one may come twice. */
    public void members(ChainId chain, Consumer<Bytes> seen) {
        long height = heads.get(chain).height();
        Optional<Digest> after = Optional.empty();
        List<ChainStore.RecordRow> rows = store.recordsAfter(chain, after, height, 1);
        while (!rows.isEmpty()) {
            after = Optional.of(rows.get(0).name());
            seen.accept(ChainStore.ownRecord(rows.get(0).value()).id());
            rows = store.recordsAfter(chain, after, height, 1);
        }
    }

    /** Keeps a checkpoint that was verified. */
    public void keepCheckpoint(ChainId chain, Bytes checkpoint) {
        store.keepCheckpoint(chain, checkpoint);
    }

    /**
     * Makes the signing guard of every chain for a replica key that has never signed: with any other key a second history
     * could be signed. Then everything is on disk.
     */
    public void finish(Path guards) throws IOException {
        ChainOpener.GUARDS.claim(guards);
        for (ChainId chain : heads.keySet()) {
            Digest root = ChainOpener.genesisRoot(
                    verifier, chain, store.block(chain, 0).orElseThrow());
            SigningGuard.create(guards, chain, root).close();
        }
        store.write(at);
        store.sync();
    }

    @Override
    public void close() {
        store.close();
    }

    /** Another block stands at a height: what was put together is of two histories. */
    public static final class OtherHistoryException extends Exception {
        private static final long serialVersionUID = 1L;

        private final long height;

        OtherHistoryException(long height) {
            super("another block stands at height " + height);
            this.height = height;
        }

        /** The height. */
        public long height() {
            return height;
        }
    }
}
