package dev.latchkey.cloud.chain;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cloud.raft.GroupMachine;
import dev.latchkey.transaction.ChainId;
import dev.latchkey.transaction.MemberRecord;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.BiPredicate;
import java.util.stream.Collectors;

/**
 * The chains of a node, over all groups that order them, and the map that says which group orders which. Thread-safe.
 *
 * <p>The map is decided once for each chain, when it is founded, and never changes: it is in the log and the store of the
 * first group, so it is the same on every member. A chain of the first group itself needs no row in it.
 */
public final class ChainPool implements StoredChains, AutoCloseable {
    private final List<String> groups;
    private final List<ChainsMachine> machines = new ArrayList<>(); // filled before the node starts
    private final ConcurrentMap<ChainId, OrderedChain> chains = new ConcurrentHashMap<>();
    private final ConcurrentMap<ChainId, Integer> places = new ConcurrentHashMap<>();
    private final ConcurrentMap<ChainId, PlacedChain> pending = new ConcurrentHashMap<>();
    private final ConcurrentMap<ChainId, CompletableFuture<OrderedChain>> awaited = new ConcurrentHashMap<>();
    private volatile Runnable onPlaced = () -> {};

    /** A pool of groups with these names, in this order for ever. */
    public ChainPool(List<String> groups) {
        this.groups = List.copyOf(groups);
    }

    /** A machine for the next group; one for each, before the node starts. */
    public ChainsMachine add(ChainStore store, ChainOpener opener) {
        ChainsMachine machine = new ChainsMachine(this, machines.size(), store, opener);
        machines.add(machine);
        return machine;
    }

    /** What each group applies, by its name. */
    public Map<String, GroupMachine> machines() {
        Map<String, GroupMachine> byName = new LinkedHashMap<>();
        for (int i = 0; i < machines.size(); i++) {
            byName.put(groups.get(i), machines.get(i));
        }
        return byName;
    }

    /** The groups' names. */
    public List<String> groups() {
        return groups;
    }

    /** The name of the group that orders a chain, if the chain has begun or has its place. */
    public Optional<String> group(ChainId chain) {
        return Optional.ofNullable(places.get(chain)).map(groups::get);
    }

    /** Which group orders which chain, by the groups' names. */
    public Map<ChainId, String> places() {
        return places.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, each -> groups.get(each.getValue())));
    }

    /** Chains that have their place in a group and have not begun there. */
    public Collection<PlacedChain> pending() {
        return List.copyOf(pending.values());
    }

    /** What to do when a chain got its place; must not block. */
    public void onPlaced(Runnable action) {
        onPlaced = action;
    }

    /** The chain with an id. */
    public Optional<OrderedChain> chain(ChainId id) {
        return Optional.ofNullable(chains.get(id));
    }

    /** All chains. */
    public Collection<OrderedChain> chains() {
        return List.copyOf(chains.values());
    }

    /** Completes when a chain has begun here. Completes on a group's updater, so dependents belong on another thread. */
    CompletableFuture<OrderedChain> begun(ChainId id) {
        CompletableFuture<OrderedChain> wait = awaited.computeIfAbsent(id, unused -> new CompletableFuture<>());
        OrderedChain there = chains.get(id);
        if (there != null) {
            wait.complete(there);
            awaited.remove(id);
        }
        return wait;
    }

    /** A chain of a group is about to be opened: its line may ask for its group before {@link #begun} says that it is there. */
    void opens(int group, ChainId chain) {
        places.put(chain, group);
    }

    /** A chain of a group began, or was found in its store. */
    void begun(int group, OrderedChain chain) {
        places.put(chain.id(), group);
        chains.put(chain.id(), chain);
        pending.remove(chain.id());
        CompletableFuture<OrderedChain> wait = awaited.remove(chain.id());
        if (wait != null) {
            wait.complete(chain);
        }
    }

    /** A chain got its place. */
    void placed(PlacedChain place) {
        if (place.group() < 0 || place.group() >= groups.size()) {
            throw new IllegalStateException("the log puts a chain in a group that is not there");
        }
        Integer before = places.putIfAbsent(place.id(), place.group());
        if (before != null && before != place.group()) {
            throw new IllegalStateException("a chain is in two groups");
        }
        if (!chains.containsKey(place.id())) {
            pending.put(place.id(), place);
            if (chains.containsKey(place.id())) {
                pending.remove(place.id()); // it began just now
            }
            onPlaced.run();
        }
    }

    private ChainStore store(ChainId chain) {
        Integer group = places.get(chain);
        return machines.get(group == null ? 0 : group).store();
    }

    @Override
    public Optional<Bytes> block(ChainId chain, long height) {
        return store(chain).block(chain, height);
    }

    @Override
    public void blocks(ChainId chain, long from, long to, BiPredicate<Long, Bytes> visitor) {
        store(chain).blocks(chain, from, to, visitor);
    }

    @Override
    public Optional<MemberRecord> recordAt(ChainId chain, String name, long height) {
        return store(chain).recordAt(chain, name, height);
    }

    @Override
    public List<Bytes> recordsBefore(ChainId chain, MemberRecord newest, int limit) {
        return store(chain).recordsBefore(chain, newest, limit);
    }

    /** Closes the signing guards. */
    @Override
    public void close() throws IOException {
        for (OrderedChain chain : chains.values()) {
            chain.line().close();
        }
    }
}
