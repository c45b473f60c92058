package dev.latchkey.cloud.chain;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cloud.raft.RaftNode;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.ledger.BlockVerifier;
import dev.latchkey.ledger.ChainState;
import dev.latchkey.transaction.ChainId;
import dev.latchkey.transaction.Genesis;
import dev.latchkey.transaction.MalformedTransactionException;
import dev.latchkey.transaction.Policy;
import dev.latchkey.transaction.SignedTransaction;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Takes further chains while the node runs. Thread-safe. On the member that leads the first group of the chains' pool: it
 * gives each chain its place in the group that has the fewest, once and for ever; whoever leads that group begins it there.
 *
 * <p>A further chain is founded by those who run the network already: k operators of a chain that this node orders are
 * among the operators who signed its genesis. And it must name this node, or nobody would ever sign its checkpoints.
 */
public final class ChainFounding {
    /** Foundings at one time. */
    private static final int MAX_UNDER_WAY = 64;

    private final ChainPool chains;
    private final Policy.Replica self;
    private final Parts parts;
    /** Chains whose first entry is on its way into their group's log. */
    private final Set<ChainId> proposed = ConcurrentHashMap.newKeySet();
    /** Chains that are just beginning, each with its place; guarded by itself. */
    private final Map<ChainId, PlacedChain> underWay = new HashMap<>();

    /**
     * Foundings for a node.
     *
     * @param self the node's replica key and TLS key
     */
    public ChainFounding(ChainPool chains, Policy.Replica self, Parts parts) {
        this.chains = chains;
        this.self = self;
        this.parts = parts;
    }

    /**
     * What a founding needs of the node.
     *
     * @param raft the log
     * @param verifier checks the genesis block
     * @param maxChains chains that the node takes
     */
    public record Parts(RaftNode raft, BlockVerifier verifier, Clock clock, int maxChains) {}

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
        /** It is just beginning, or too many others are. */
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
     * Begins a chain. The stage completes when its block 0 is applied here, or with a {@link
     * dev.latchkey.cloud.raft.RaftFault}; then the same transaction may be sent again.
     *
     * @throws RefusedException if it may not begin
     */
    public CompletionStage<OrderedChain> found(Bytes genesis) throws RefusedException {
        return begin(checked(genesis));
    }

    /**
     * Begins a chain that was checked: one of the settings, or one that k operators signed. Where it is placed already it
     * stays; the stage completes as above.
     *
     * @throws RefusedException with {@link Fault#BUSY} or {@link Fault#NAME_TAKEN}
     */
    public CompletionStage<OrderedChain> begin(ChainBirth birth) throws RefusedException {
        PlacedChain place = place(birth);
        CompletionStage<Bytes> placed;
        try {
            placed = place.group() == 0
                    ? birth.propose(parts.raft, chains.groups().get(0))
                    : chains.group(birth.id()).isPresent()
                            ? CompletableFuture.completedFuture(Bytes.EMPTY)
                            : birth.propose(parts.raft, chains.groups().get(0), place.group());
        } catch (RuntimeException e) {
            forget(birth.id());
            throw e;
        }
        return placed.thenCompose(done -> chains.begun(birth.id())).whenComplete((done, fault) -> forget(birth.id()));
    }

    /** Where this node leads its group, begins each chain that has its place there and has not begun. Never blocks. */
    public void beginPlaced() {
        for (PlacedChain place : chains.pending()) {
            String group = chains.groups().get(place.group());
            if (parts.raft.isReady(group) && proposed.add(place.id())) {
                parts.raft
                        .submit(group, ChainCommand.begin(place.genesis()))
                        .whenComplete((done, fault) -> proposed.remove(place.id()));
            }
        }
    }

    private void forget(ChainId id) {
        synchronized (underWay) {
            underWay.remove(id);
        }
    }

    /** The place of a chain that begins: the one it has, or in the group with the fewest. */
    private PlacedChain place(ChainBirth birth) throws RefusedException {
        synchronized (underWay) {
            if (underWay.containsKey(birth.id()) || underWay.size() >= MAX_UNDER_WAY) {
                throw new RefusedException(Fault.BUSY);
            }
            PlacedChain place = PlacedChain.of(0, birth.genesis());
            for (PlacedChain other : beginning()) {
                if (!other.id().equals(place.id())
                        && other.network().equals(place.network())
                        && other.name().equals(place.name())) {
                    throw new RefusedException(Fault.NAME_TAKEN);
                }
            }
            int group = chains.group(birth.id()).map(chains.groups()::indexOf).orElseGet(this::emptiest);
            PlacedChain chosen = PlacedChain.of(group, birth.genesis());
            underWay.put(chosen.id(), chosen);
            return chosen;
        }
    }

    private List<PlacedChain> beginning() {
        List<PlacedChain> all = new ArrayList<>(chains.pending());
        all.addAll(underWay.values());
        return all;
    }

    private int emptiest() {
        int[] counts = new int[chains.groups().size()];
        Map<ChainId, String> places = chains.places();
        places.values().forEach(group -> counts[chains.groups().indexOf(group)]++);
        for (PlacedChain each : underWay.values()) {
            if (!places.containsKey(each.id())) {
                counts[each.group()]++;
            }
        }
        int best = 0;
        for (int i = 1; i < counts.length; i++) {
            best = counts[i] < counts[best] ? i : best;
        }
        return best;
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
                > parts.clock.instant().plus(SigningHand.MAX_AHEAD).toEpochMilli()) {
            throw new RefusedException(Fault.BAD_TIME);
        }
        if (chains.chains().size() + chains.pending().size() >= parts.maxChains) {
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
                sponsored = sponsored
                        || signedByOperators(signed, genesis, state.policy().operators());
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
