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

/**
 * Applies the entries of one chains' group: the ledger's state machine, one for each chain of the group, and the store
 * under it. {@link #apply} is for the group's updater; the rest is thread-safe.
 */
public final class ChainsMachine implements GroupMachine, AutoCloseable {
    private final ChainPool pool;
    private final int group;
    private final ChainStore store;
    private final ChainOpener opener;
    private LogPosition position;

    /** The only group of a node: takes the chains of the store from where it stands. */
    public ChainsMachine(ChainStore store, ChainOpener opener) {
        this(new ChainPool(List.of("chains")), 0, store, opener);
    }

    ChainsMachine(ChainPool pool, int group, ChainStore store, ChainOpener opener) {
        this.pool = pool;
        this.group = group;
        this.store = store;
        this.opener = opener;
        this.position = store.position();
        for (ChainId id : store.chains()) {
            pool.opens(group, id);
            pool.begun(group, opener.reopen(id));
        }
        store.places().forEach(pool::placed);
    }

    /** The chain with an id, whichever group of the node orders it. */
    public Optional<OrderedChain> chain(ChainId id) {
        return pool.chain(id);
    }

    /** All chains of the node. */
    public Collection<OrderedChain> chains() {
        return pool.chains();
    }

    /** All chains of the node, and the groups that order them. */
    public ChainPool pool() {
        return pool;
    }

    ChainStore store() {
        return store;
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
        Bytes reply;
        if (command instanceof ChainCommand.Begin begin) {
            reply = begin(at, begin);
        } else if (command instanceof ChainCommand.Place place) {
            reply = place(at, place);
        } else {
            reply = extend(at, (ChainCommand.Extend) command);
        }
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
            Optional<OrderedChain> known = pool.chain(id);
            if (known.isEmpty()) {
                pool.opens(group, id);
                pool.begun(group, opener.take(id));
            } else {
                opener.extend(known.get());
            }
        }
        store.places().forEach(pool::placed);
    }

    /** Closes the signing guards of the node. */
    @Override
    public void close() throws IOException {
        pool.close();
    }

    private Bytes begin(LogPosition at, ChainCommand.Begin begin) {
        Step step;
        try {
            step = Ledger.genesis(begin.genesis());
        } catch (MalformedTransactionException e) {
            throw new IllegalStateException("the log holds a genesis that was never checked", e);
        }
        ChainId id = step.state().chainId();
        if (store.knows(id)) {
            store.write(at);
        } else {
            write(at, step);
            pool.opens(group, step.state().chainId());
            pool.begun(group, opener.begin(step.state()));
        }
        return Verdict.encode(List.of(Verdict.of(step.outcomes().get(0))));
    }

    /** A chain that has its place already keeps it. Only this store is asked: another group may be ahead or behind. */
    private Bytes place(LogPosition at, ChainCommand.Place command) {
        PlacedChain place = PlacedChain.of(command.group(), command.genesis());
        if (store.knows(place.id())) {
            store.write(at);
        } else {
            store.write(at, place);
            pool.placed(place);
        }
        return Verdict.encode(List.of());
    }

    private Bytes extend(LogPosition at, ChainCommand.Extend command) {
        Entry entry = command.entry();
        OrderedChain chain = pool.chain(entry.chain())
                .orElseThrow(() -> new IllegalStateException("the log holds an entry of a chain that never began"));
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
        store.write(at, step.state().checkpoint(), block.encoded(), block.changed());
    }
}
