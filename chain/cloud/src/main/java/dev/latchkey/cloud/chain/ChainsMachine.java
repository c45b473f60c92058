package dev.latchkey.cloud.chain;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cloud.raft.GroupMachine;
import dev.latchkey.cloud.raft.LogPosition;
import dev.latchkey.ledger.Entry;
import dev.latchkey.ledger.Ledger;
import dev.latchkey.ledger.NewBlock;
import dev.latchkey.ledger.Step;
import dev.latchkey.transaction.ChainId;
import dev.latchkey.transaction.MalformedTransactionException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Applies the entries of the chains' group: the ledger's state machine, one for each chain, and the store under it.
 * {@link #apply} is for the group's updater; the rest is thread-safe.
 */
public final class ChainsMachine implements GroupMachine, AutoCloseable {
    private final ChainStore store;
    private final ChainOpener opener;
    private final ConcurrentMap<ChainId, OrderedChain> chains = new ConcurrentHashMap<>();
    private LogPosition position;

    /** Takes the chains of the store from where it stands. */
    public ChainsMachine(ChainStore store, ChainOpener opener) {
        this.store = store;
        this.opener = opener;
        this.position = store.position();
        for (ChainId id : store.chains()) {
            chains.put(id, opener.reopen(id));
        }
    }

    /** The chain with an id. */
    public Optional<OrderedChain> chain(ChainId id) {
        return Optional.ofNullable(chains.get(id));
    }

    /** All chains. */
    public Collection<OrderedChain> chains() {
        return List.copyOf(chains.values());
    }

    @Override
    public LogPosition applied() {
        return position;
    }

    @Override
    public Bytes apply(LogPosition at, Bytes entry) {
        if (at.index() <= position.index()) {
            return Verdict.encode(List.of()); // the store has it already
        }
        ChainCommand command = ChainCommand.decode(entry);
        Bytes reply = command instanceof ChainCommand.Begin begin
                ? begin(at, begin)
                : extend(at, (ChainCommand.Extend) command);
        position = at;
        return reply;
    }

    @Override
    public void sync(LogPosition at) {
        store.write(at);
        store.sync();
    }

    @Override
    public void copyTo(Path directory) {
        store.copyTo(directory);
    }

    /** Chains that were known go on from where they stood: this node verifies for itself what the other applied. */
    @Override
    public void replaceBy(Path directory) {
        store.replaceBy(directory);
        position = store.position();
        for (ChainId id : store.chains()) {
            OrderedChain known = chains.get(id);
            if (known == null) {
                chains.put(id, opener.take(id));
            } else {
                opener.extend(known);
            }
        }
    }

    /** Closes the signing guards. */
    @Override
    public void close() throws IOException {
        for (OrderedChain chain : chains.values()) {
            chain.line().close();
        }
    }

    private Bytes begin(LogPosition at, ChainCommand.Begin begin) {
        Step step;
        try {
            step = Ledger.genesis(begin.genesis());
        } catch (MalformedTransactionException e) {
            throw new IllegalStateException("the log holds a genesis that was never checked", e);
        }
        ChainId id = step.state().chainId();
        if (chains.containsKey(id)) {
            store.write(at);
        } else {
            write(at, step);
            chains.put(id, opener.begin(step.state()));
        }
        return Verdict.encode(List.of(Verdict.of(step.outcomes().get(0))));
    }

    private Bytes extend(LogPosition at, ChainCommand.Extend command) {
        Entry entry = command.entry();
        OrderedChain chain = chains.get(entry.chain());
        if (chain == null) {
            throw new IllegalStateException("the log holds an entry of a chain that never began");
        }
        Step step = Ledger.apply(chain.applied(), entry);
        if (step.block().isPresent()) {
            write(at, step);
            chain.advance(step.state());
        } else {
            store.write(at);
        }
        return Verdict.encode(step.outcomes().stream().map(Verdict::of).toList());
    }

    private void write(LogPosition at, Step step) {
        NewBlock block = step.block().orElseThrow();
        store.write(at, step.state().chainId(), block.height(), block.encoded(), block.changed());
    }
}
