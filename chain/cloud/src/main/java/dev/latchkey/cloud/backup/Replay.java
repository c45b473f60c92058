package dev.latchkey.cloud.backup;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.checkpoint.MalformedCheckpointException;
import dev.latchkey.checkpoint.SignedCheckpoint;
import dev.latchkey.cloud.chain.ChainsRestore;
import dev.latchkey.cose.EcVerifier;
import dev.latchkey.export.ChainSource;
import dev.latchkey.export.MalformedSourceException;
import dev.latchkey.ledger.BlockFaultException;
import dev.latchkey.ledger.ChainState;
import dev.latchkey.proof.CheckpointVerifier;
import dev.latchkey.proof.PolicyChain;
import dev.latchkey.proof.ProofException;
import dev.latchkey.transaction.ChainId;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * Chains that are put together block by block, each verified in full, with every root and signature, and every checkpoint
 * against the history that it is of. For one thread.
 */
final class Replay {
    private final EcVerifier signatures;
    private final Map<ChainId, ChainsRestore> chains = new LinkedHashMap<>();

    Replay(EcVerifier signatures) {
        this.signatures = signatures;
    }

    /**
     * Begins a chain in the store of a group.
     *
     * @return whether it is a new one
     */
    boolean begin(ChainId chain, ChainsRestore group) {
        return chains.putIfAbsent(chain, group) == null;
    }

    boolean has(ChainId chain) {
        return chains.containsKey(chain);
    }

    /** Chains that were read, with the height of the last block of each. */
    Map<ChainId, Long> heights() {
        Map<ChainId, Long> heights = new LinkedHashMap<>();
        chains.forEach(
                (id, store) -> heights.put(id, store.head(id).orElseThrow().height()));
        return heights;
    }

    /** The state of a chain that was read. */
    ChainState head(ChainId chain) {
        return chains.get(chain).head(chain).orElseThrow();
    }

    /** Height of a chain's last block that is there, -1 before the first. */
    private long height(ChainId chain) {
        return chains.get(chain).head(chain).map(ChainState::height).orElse(-1L);
    }

    /** The blocks of a chain that was begun, and a checkpoint among them. */
    Checked checked(ChainId chain, Optional<Bytes> checkpoint) throws DamagedArchiveException {
        return new Checked(chain, checkpoint);
    }

    /**
     * Takes the blocks of a source, from its first, of a chain that was begun; those that are there must be the same.
     *
     * @param taken told of each block
     * @return whether it has all that was there before; if not, it does not know what follows
     */
    boolean take(ChainSource source, LongConsumer taken) throws IOException, DamagedArchiveException {
        long height = 0;
        ChainId id = source.chain();
        try {
            long known = height(id);
            ChainState signed = null;
            Checked blocksOnly = checked(id, Optional.empty());
            for (Optional<Bytes> block = source.next(); block.isPresent(); block = source.next()) {
                Optional<ChainState> after = blocksOnly.take(height, block.get());
                if (height == 0 && after.isPresent() && !source.describes(after.get())) {
                    throw new DamagedArchiveException(
                            "chain " + id.toHex() + ", height 0: what the source says of itself is not of this chain");
                }
                if (height == source.checkpointHeight()) {
                    signed = chains.get(id)
                            .head(id)
                            .filter(head -> head.height() == source.checkpointHeight())
                            .orElse(null);
                }
                taken.accept(1);
                height++;
            }
            if (signed != null) {
                Bytes checkpoint = source.checkpoint();
                requireSigned(signed, checkpoint);
                chains.get(id).keepCheckpoint(id, checkpoint);
            }
            return source.height() >= known;
        } catch (MalformedSourceException e) {
            throw new DamagedArchiveException("chain " + id.toHex() + ", height " + height + ": " + e.getMessage(), e);
        }
    }

    /** The blocks of one chain, and a checkpoint among them. */
    final class Checked {
        private final ChainId id;
        private final Optional<Bytes> checkpoint;
        private final long signedHeight;
        private ChainState signed;

        private Checked(ChainId id, Optional<Bytes> checkpoint) throws DamagedArchiveException {
            this.id = id;
            this.checkpoint = checkpoint;
            try {
                this.signedHeight = checkpoint.isEmpty()
                        ? -1
                        : SignedCheckpoint.decode(checkpoint.get()).checkpoint().height();
            } catch (MalformedCheckpointException e) {
                throw new DamagedArchiveException("chain " + id.toHex() + ": its checkpoint is malformed", e);
            }
        }

        Optional<ChainState> take(long height, Bytes block) throws DamagedArchiveException {
            try {
                Optional<ChainState> after = chains.get(id).take(id, height, block);
                if (height == signedHeight) {
                    signed = after.orElse(signed);
                }
                return after;
            } catch (BlockFaultException e) {
                throw new DamagedArchiveException(
                        "chain " + id.toHex() + ", height " + e.height() + ": " + reason(e), e);
            } catch (ChainsRestore.OtherHistoryException e) {
                throw new DamagedArchiveException(
                        "chain " + id.toHex() + ", height " + e.height() + ": another block is there already", e);
            }
        }

        void finish() throws DamagedArchiveException {
            if (signed != null) {
                requireSigned(signed, checkpoint.orElseThrow());
                chains.get(id).keepCheckpoint(id, checkpoint.get());
            } else if (checkpoint.isPresent()
                    && signedHeight > chains.get(id).head(id).orElseThrow().height()) {
                throw new DamagedArchiveException(
                        "chain " + id.toHex() + ": its checkpoint is of height " + signedHeight + ", which is missing");
            }
        }
    }

    private void requireSigned(ChainState state, Bytes checkpoint) throws DamagedArchiveException {
        String where = "chain " + state.chainId().toHex() + ", height " + state.height() + ": ";
        try {
            var verified = CheckpointVerifier.verify(
                    checkpoint,
                    PolicyChain.verify(state.chainId(), state.policyTransactions(), signatures),
                    signatures);
            if (!verified.checkpoint().equals(state.checkpoint())) {
                throw new DamagedArchiveException(where + "the checkpoint is of another history");
            }
        } catch (ProofException e) {
            throw new DamagedArchiveException(
                    where + "the checkpoint does not hold: " + words(e.reason().name()), e);
        }
    }

    private static String reason(BlockFaultException fault) {
        String name = words(fault.fault().name());
        return fault.refusal().map(refusal -> name + ", " + refusal.code()).orElse(name);
    }

    private static String words(String constant) {
        return constant.toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
