package dev.latchkey.cloud.chain;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cloud.raft.RaftFault;
import dev.latchkey.cloud.raft.RaftNode;
import dev.latchkey.ledger.BlockFaultException;
import dev.latchkey.ledger.BlockVerifier;
import dev.latchkey.ledger.Ledger;
import dev.latchkey.ledger.Step;
import dev.latchkey.transaction.ChainId;
import dev.latchkey.transaction.MalformedTransactionException;
import java.io.IOException;
import java.util.concurrent.CompletionStage;

/** A genesis transaction that was checked in full and may go into the log. Immutable. */
public final class ChainBirth {
    private final ChainId id;
    private final Bytes genesis;

    private ChainBirth(ChainId id, Bytes genesis) {
        this.id = id;
        this.genesis = genesis;
    }

    /**
     * Checks a genesis transaction, all signatures included.
     *
     * @throws IOException if it is none, or not signed as it must be
     */
    public static ChainBirth verified(Bytes genesis, BlockVerifier verifier) throws IOException {
        try {
            Step step = Ledger.genesis(genesis);
            ChainId id = step.state().chainId();
            verifier.verifyGenesis(id, step.block().orElseThrow().encoded());
            return new ChainBirth(id, genesis);
        } catch (MalformedTransactionException | BlockFaultException e) {
            throw new IOException("the genesis file does not hold a genesis transaction that verifies", e);
        }
    }

    /** The chain that begins with it. */
    public ChainId id() {
        return id;
    }

    Bytes genesis() {
        return genesis;
    }

    /** Puts it into the log of the group that orders it. Completes when it is applied, or with a {@link RaftFault}. */
    CompletionStage<Bytes> propose(RaftNode raft, String group) {
        return raft.submit(group, ChainCommand.begin(genesis));
    }

    /** Gives it its place in another group, by the log of the group that keeps the map. Completes as above. */
    CompletionStage<Bytes> propose(RaftNode raft, String mapGroup, int place) {
        return raft.submit(mapGroup, ChainCommand.place(genesis, place));
    }
}
