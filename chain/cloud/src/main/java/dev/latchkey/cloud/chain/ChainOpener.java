package dev.latchkey.cloud.chain;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.checkpoint.Checkpoint;
import dev.latchkey.cloud.store.StoreFault;
import dev.latchkey.cloud.store.StoreFormat;
import dev.latchkey.cose.EcVerifier;
import dev.latchkey.cose.Signer;
import dev.latchkey.host.StateKeeper;
import dev.latchkey.ledger.BlockFaultException;
import dev.latchkey.ledger.BlockVerifier;
import dev.latchkey.ledger.ChainState;
import dev.latchkey.ledger.MalformedSnapshotException;
import dev.latchkey.ledger.RestoredState;
import dev.latchkey.ledger.VerifiedBlock;
import dev.latchkey.merkle.HistoryTree;
import dev.latchkey.merkle.Rfc9162;
import dev.latchkey.transaction.ChainId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings chains into being: new ones from block 0, known ones from their stored state and the store's blocks. For one thread at a time.
 */
public final class ChainOpener {
    private static final Logger LOG = LoggerFactory.getLogger(ChainOpener.class);
    static final StoreFormat GUARDS = new StoreFormat("latchkey-guards", 1);

    private final Path guards;
    private final CheckpointLine.Parts parts;

    /**
     * An opener.
     *
     * @param guards the directory of the signing guards; no backup restores it
     * @param verifier checks the node's own blocks
     * @param signatures checks what other replicas sign
     * @param replica signs checkpoints
     * @param fellows the other replicas
     * @param scrub how much of what is older is read back with a checkpoint
     * @param lineExecutor where blocks are verified and checkpoints signed; never a Ratis thread
     */
    public ChainOpener(
            Path guards,
            ChainStore store,
            BlockVerifier verifier,
            EcVerifier signatures,
            Signer replica,
            Fellows fellows,
            Clock clock,
            ScrubSettings scrub,
            Executor lineExecutor)
            throws IOException {
        GUARDS.claim(guards);
        this.guards = guards;
        this.parts =
                new CheckpointLine.Parts(store, verifier, signatures, replica, fellows, clock, scrub, lineExecutor);
    }

    /** A chain whose block 0 has just been written. */
    OrderedChain begin(ChainState genesis) {
        try {
            Optional<SigningGuard> guard = SigningGuard.open(guards, genesis.chainId());
            if (guard.isEmpty()) {
                guard = Optional.of(SigningGuard.create(guards, genesis.chainId(), genesis.historyRoot()));
            }
            return started(genesis, genesisStart(genesis, guard));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static CheckpointLine.Start genesisStart(ChainState genesis, Optional<SigningGuard> guard) {
        return new CheckpointLine.Start(genesis, genesisHistory(genesis), guard, 0);
    }

    private static HistoryTree genesisHistory(ChainState genesis) {
        HistoryTree history = new HistoryTree();
        history.append(Rfc9162.leafHash(genesis.headerBytes()));
        return history;
    }

    /**
     * A chain of the store. What the guard says was signed was verified before: it comes from the stored state, if that is
     * not beyond it, and from the blocks after that, which are replayed without their signatures; what lies behind is
     * replayed here and verified in full by the line.
     */
    OrderedChain reopen(ChainId id) {
        try {
            Optional<SigningGuard> guard = SigningGuard.open(guards, id);
            long signed = guard.map(g -> g.last().height()).orElse(0L);
            Optional<RestoredState> restored =
                    restored(id).filter(state -> state.state().height() <= signed);
            Replay replay;
            if (restored.isPresent()) {
                replay = new Replay(restored.get(), signed);
            } else {
                Bytes first = parts.store().block(id, 0).orElseThrow();
                ChainState genesis = parts.verifier().replayGenesis(id, first).after();
                boolean alone = parts.store().block(id, 1).isEmpty();
                if (guard.isEmpty() && alone) {
                    return begin(
                            genesis); // the crash came between block 0 and its guard: there is only one history yet
                }
                replay = new Replay(new RestoredState(genesis, genesisHistory(genesis)), signed);
            }
            replay.run();
            long stored =
                    restored.map(state -> StateKeeper.position(state.state())).orElse(0L);
            return started(replay.applied, new CheckpointLine.Start(replay.verified, replay.history, guard, stored));
        } catch (BlockFaultException e) {
            throw damaged(id, e);
        } catch (StoreFault e) {
            throw new DamagedChainException(Finding.of(id, 0, parts.store().blocksName(), e));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private DamagedChainException damaged(ChainId id, BlockFaultException fault) {
        return new DamagedChainException(Finding.of(id, parts.store().blocksName(), fault));
    }

    /** A chain that came with another member's store, which this node has never had: it has signed nothing of it. */
    OrderedChain take(ChainId id) {
        try {
            if (SigningGuard.open(guards, id).isEmpty()) {
                Bytes first = parts.store().block(id, 0).orElseThrow();
                SigningGuard.create(guards, id, genesisRoot(parts.verifier(), id, first))
                        .close();
            }
            return reopen(id);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The history root with which a guard begins: that of block 0, which came from the node's own store. */
    static Digest genesisRoot(BlockVerifier verifier, ChainId id, Bytes first) {
        try {
            return verifier.replayGenesis(id, first).after().historyRoot();
        } catch (BlockFaultException e) {
            throw new DamagedChainException(Finding.of(id, "blocks", e));
        }
    }

    /** Moves a chain on over the blocks that came with another member's store; the line verifies them afterwards. */
    void extend(OrderedChain chain) {
        try {
            ChainState before = chain.applied();
            Replay replay = new Replay(before);
            replay.run();
            if (replay.applied.height() > before.height()) {
                chain.advance(replay.applied);
            }
        } catch (BlockFaultException e) {
            throw damaged(chain.id(), e);
        }
    }

    private Optional<RestoredState> restored(ChainId id) {
        try {
            return parts.store().stateFile(id).read(height -> parts.store().block(id, height));
        } catch (MalformedSnapshotException | IOException e) {
            LOG.warn("the stored state is of no use, the blocks are replayed: reason={}", e.getMessage());
            return Optional.empty();
        }
    }

    private OrderedChain started(ChainState applied, CheckpointLine.Start start) {
        OrderedChain chain = new OrderedChain(applied, start, parts);
        chain.line().wake();
        return chain;
    }

    /** One pass over the stored blocks after a state. */
    private final class Replay {
        private final long signedHeight;
        private final HistoryTree history;
        private ChainState applied;
        private ChainState verified;
        private BlockFaultException fault;
        private Optional<Checkpoint> head = Optional.empty();

        Replay(RestoredState from, long signedHeight) {
            this.signedHeight = signedHeight;
            this.applied = from.state();
            this.verified = from.state();
            this.history = from.history();
        }

        /** What is applied only; the line has its own history. */
        Replay(ChainState from) {
            this(new RestoredState(from, new HistoryTree()), -1);
        }

        void run() throws BlockFaultException {
            head = parts.store().head(applied.chainId());
            compare(applied);
            ChainStore store = parts.store();
            try {
                store.blocks(applied.chainId(), applied.height() + 1, Long.MAX_VALUE - 1, this::take);
            } catch (StoreFault e) {
                throw new DamagedChainException(
                        Finding.of(applied.chainId(), applied.height() + 1, store.blocksName(), e));
            }
            if (fault != null) {
                throw fault;
            }
            long last = applied.height();
            head.filter(written -> written.height() > last).ifPresent(written -> {
                throw new DamagedChainException(new Finding(
                        Alarm.BAD_BLOCK,
                        written.chain(),
                        last + 1,
                        parts.store().blocksName(),
                        "blocks",
                        "blocks up to height " + written.height(),
                        "none"));
            });
        }

        /** A block that was changed in the store may follow from its parent all the same; then the head that it makes is another. */
        private void compare(ChainState state) {
            head.filter(written -> written.height() == state.height() && !written.equals(state.checkpoint()))
                    .ifPresent(written -> {
                        throw new DamagedChainException(Difference.of(state.checkpoint(), written)
                                .finding(Alarm.BAD_BLOCK, written, parts.store().blocksName()));
                    });
        }

        private boolean take(long height, Bytes block) {
            try {
                VerifiedBlock next = parts.verifier().replay(applied, block);
                applied = next.after();
                compare(applied);
                if (height <= signedHeight) {
                    history.append(next.historyLeaf());
                    verified = applied;
                }
                return true;
            } catch (BlockFaultException e) {
                fault = e;
                return false;
            }
        }
    }

    /** The store's own blocks do not follow from each other: the disk is damaged or was tampered with. */
    public static final class DamagedChainException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        DamagedChainException(Finding finding) {
            super("the node does not start: " + finding.text());
        }
    }
}
