package dev.latchkey.ledger;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.merkle.Frontier;
import dev.latchkey.transaction.ChainId;
import dev.latchkey.transaction.Genesis;
import dev.latchkey.transaction.MalformedTransactionException;
import dev.latchkey.transaction.SignedTransaction;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * The chain's state machine. Every replica that applies the same entries makes the same blocks, byte for byte. Stateless,
 * pure, safe for use by many threads. Signatures are not checked here: the leader does so before an entry is proposed, and
 * each replica again behind apply before it signs a checkpoint.
 */
public final class Ledger {
    /** An entry without transactions makes a block only when the chain has been idle for so long. */
    public static final long IDLE_MILLIS = 3_600_000;

    private Ledger() {}

    /**
     * Block 0, a pure function of the genesis transaction.
     *
     * @throws MalformedTransactionException if it is no genesis, or is signed by others than it asks for
     */
    public static Step genesis(Bytes transaction) throws MalformedTransactionException {
        SignedTransaction signed = SignedTransaction.decode(transaction);
        if (!(signed.transaction() instanceof Genesis genesis)) {
            throw new MalformedTransactionException("a chain begins with genesis");
        }
        if (!(Rules.genesis(signed, genesis) instanceof Decision.Granted granted)) {
            throw new MalformedTransactionException("genesis is not signed by those it names");
        }
        ChainId chain = genesis.chainId();
        Draft draft = new Draft(chain, genesis.network(), genesis.chainName(), genesis.policy(), genesis.timeMillis());
        granted.change().accept(draft);
        Digest id = signed.id(chain);
        TransactionLocation location = draft.take(transaction, id);
        Bytes noNonce = Bytes.wrap(new byte[Header.NONCE_BYTES]);
        Assembly assembly = Assembly.of(draft, Digest.ZERO, Frontier.EMPTY, noNonce);
        return new Step(assembly.state(), Optional.of(assembly.block()), List.of(new Outcome.Applied(id, location)));
    }

    /** Applies an entry. Total: whatever the entry holds, there is a step and no exception. */
    public static Step apply(ChainState state, Entry entry) {
        Assembled assembled = assemble(state, entry);
        if (assembled.assembly().isEmpty()) {
            return new Step(state, Optional.empty(), assembled.outcomes());
        }
        Assembly assembly = assembled.assembly().get();
        if (Header.leadingZeroBits(assembly.block().hash()) < state.policy().difficulty()) {
            return new Step(state, Optional.empty(), refused(entry, Refusal.STALE_WORK));
        }
        return new Step(assembly.state(), Optional.of(assembly.block()), assembled.outcomes());
    }

    /** What an entry comes to before anyone asks for the work in it. */
    record Assembled(List<Outcome> outcomes, Optional<Assembly> assembly) {}

    static Assembled assemble(ChainState state, Entry entry) {
        if (!entry.chain().equals(state.chainId())) {
            return new Assembled(refused(entry, Refusal.NOT_ALLOWED), Optional.empty());
        }
        if (entry.expectedParent().isPresent() && !entry.expectedParent().get().equals(state.blockHash())) {
            return new Assembled(refused(entry, Refusal.STALE_WORK), Optional.empty());
        }
        long timeMillis = Math.max(entry.clockMillis(), state.header().timeMillis());
        if (entry.transactions().isEmpty() && timeMillis - state.header().timeMillis() < IDLE_MILLIS) {
            return new Assembled(List.of(), Optional.empty());
        }
        Draft draft = new Draft(state, timeMillis);
        List<Outcome> outcomes = new ArrayList<>();
        for (Bytes transaction : entry.transactions()) {
            outcomes.add(apply(draft, transaction));
        }
        if (draft.transactions().isEmpty() && !entry.transactions().isEmpty()) {
            return new Assembled(outcomes, Optional.empty());
        }
        Assembly assembly = Assembly.of(draft, state.blockHash(), state.history(), entry.nonce());
        return new Assembled(outcomes, Optional.of(assembly));
    }

    private static Outcome apply(Draft draft, Bytes transaction) {
        SignedTransaction signed;
        try {
            signed = SignedTransaction.decode(transaction);
        } catch (MalformedTransactionException e) {
            return new Outcome.Refused(Refusal.MALFORMED);
        }
        Digest id = signed.id(draft.chain());
        Optional<TransactionLocation> before = draft.applied(id);
        if (before.isPresent()) {
            return new Outcome.Repeated(id, before.get());
        }
        Decision decision = Rules.decide(draft, signed);
        if (decision instanceof Decision.Denied denied) {
            return new Outcome.Refused(denied.reason());
        }
        if (!draft.hasRoomFor(transaction)) {
            return new Outcome.Refused(Refusal.BLOCK_FULL);
        }
        ((Decision.Granted) decision).change().accept(draft);
        return new Outcome.Applied(id, draft.take(transaction, id));
    }

    private static List<Outcome> refused(Entry entry, Refusal reason) {
        return Collections.nCopies(entry.transactions().size(), new Outcome.Refused(reason));
    }
}
