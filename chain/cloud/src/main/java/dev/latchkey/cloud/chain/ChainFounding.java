package dev.latchkey.cloud.chain;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cloud.raft.RaftNode;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.ledger.BlockVerifier;
import dev.latchkey.ledger.ChainState;
import dev.latchkey.transaction.Genesis;
import dev.latchkey.transaction.MalformedTransactionException;
import dev.latchkey.transaction.Policy;
import dev.latchkey.transaction.SignedTransaction;
import java.io.IOException;
import java.time.Clock;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;

/**
 * Takes further chains while the node runs. Thread-safe; one at a time.
 *
 * <p>A further chain is founded by those who run the network already: k operators of a chain that this node orders are
 * among the operators who signed its genesis. And it must name this node, or nobody would ever sign its checkpoints.
 */
public final class ChainFounding {
    /** Chains of one node: as many as a policy can name siblings. */
    static final int MAX_CHAINS = 64;

    private final ChainsMachine chains;
    private final Policy.Replica self;
    private final Parts parts;
    private final Semaphore turn = new Semaphore(1);

    /**
     * Foundings for a node.
     *
     * @param self the node's replica key and TLS key
     */
    public ChainFounding(ChainsMachine chains, Policy.Replica self, Parts parts) {
        this.chains = chains;
        this.self = self;
        this.parts = parts;
    }

    /**
     * What a founding needs of the node.
     *
     * @param raft the log
     * @param group the name of the chains' group
     * @param verifier checks the genesis block
     */
    public record Parts(RaftNode raft, String group, BlockVerifier verifier, Clock clock) {}

    /** Why a chain does not begin. */
    public enum Fault {
        /** The bytes are no genesis transaction. */
        MALFORMED,
        /** This node orders the chain already. */
        EXISTS,
        /** Another chain of the network has this name. */
        NAME_TAKEN,
        /** Fewer than k operators of any chain of this node and this network signed it. */
        NOT_OPERATORS,
        /** Its policy does not name this node's replica key together with its TLS key. */
        NOT_A_REPLICA,
        /** Its time is ahead of this node's clock. */
        BAD_TIME,
        /** A signature does not verify. */
        BAD_SIGNATURE,
        /** The node has as many chains as it takes. */
        TOO_MANY,
        /** Another chain is just beginning. */
        BUSY
    }

    /** The chain does not begin, and nothing has changed. */
    public static final class RefusedException extends Exception {
        private static final long serialVersionUID = 1L;

        private final Fault fault;

        RefusedException(Fault fault) {
            super(fault.name(), null, false, false);
            this.fault = fault;
        }

        /** Why. */
        public Fault fault() {
            return fault;
        }
    }

    /**
     * Begins a chain. The stage completes when its block 0 is applied, or with a {@link
     * dev.latchkey.cloud.raft.RaftFault}; then the same transaction may be sent again.
     *
     * @throws RefusedException if it may not begin
     */
    public CompletionStage<OrderedChain> found(Bytes genesis) throws RefusedException {
        if (!turn.tryAcquire()) {
            throw new RefusedException(Fault.BUSY);
        }
        CompletionStage<OrderedChain> begun;
        try {
            ChainBirth birth = checked(genesis);
            begun = birth.propose(parts.raft, parts.group)
                    .thenApply(applied -> chains.chain(birth.id()).orElseThrow());
        } catch (RefusedException | RuntimeException e) {
            turn.release();
            throw e;
        }
        return begun.whenComplete((chain, fault) -> turn.release());
    }

    private ChainBirth checked(Bytes transaction) throws RefusedException {
        SignedTransaction signed = decoded(transaction);
        if (!(signed.transaction() instanceof Genesis genesis)) {
            throw new RefusedException(Fault.MALFORMED);
        }
        if (chains.chain(genesis.chainId()).isPresent()) {
            throw new RefusedException(Fault.EXISTS);
        }
        requireSponsor(signed, genesis);
        if (!genesis.policy().replicas().nodes().contains(self)) {
            throw new RefusedException(Fault.NOT_A_REPLICA);
        }
        if (genesis.timeMillis()
                > parts.clock.instant().plus(CheckpointLine.MAX_AHEAD).toEpochMilli()) {
            throw new RefusedException(Fault.BAD_TIME);
        }
        if (chains.chains().size() >= MAX_CHAINS) {
            throw new RefusedException(Fault.TOO_MANY);
        }
        try {
            return ChainBirth.verified(transaction, parts.verifier);
        } catch (IOException e) {
            throw new RefusedException(Fault.BAD_SIGNATURE);
        }
    }

    private static SignedTransaction decoded(Bytes transaction) throws RefusedException {
        try {
            return SignedTransaction.decode(transaction);
        } catch (MalformedTransactionException e) {
            throw new RefusedException(Fault.MALFORMED);
        }
    }

    private void requireSponsor(SignedTransaction signed, Genesis genesis) throws RefusedException {
        boolean sponsored = false;
        for (OrderedChain chain : chains.chains()) {
            ChainState state = chain.line().verified();
            if (state.network().equals(genesis.network())) {
                if (state.chainName().equals(genesis.chainName())) {
                    throw new RefusedException(Fault.NAME_TAKEN);
                }
                sponsored |= signedByOperators(signed, genesis, state.policy().operators());
            }
        }
        if (!sponsored) {
            throw new RefusedException(Fault.NOT_OPERATORS);
        }
    }

    /** Only keys that genesis names as its own operators count: no other signature of it is ever checked. */
    private static boolean signedByOperators(SignedTransaction signed, Genesis genesis, Policy.Operators sponsors) {
        long count = sponsors.keys().stream()
                .filter(key -> isOperator(genesis, key) && signed.kids().contains(key.kid()))
                .count();
        return count >= sponsors.k();
    }

    private static boolean isOperator(Genesis genesis, CoseKey key) {
        return genesis.policy().operators().keys().contains(key);
    }
}
