package dev.latchkey.gateway.directory;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.gateway.replica.MemberHandle;
import dev.latchkey.gateway.replica.Replica;
import dev.latchkey.gateway.replica.Replicas;
import dev.latchkey.gateway.store.Draft;
import dev.latchkey.gateway.store.Store;
import dev.latchkey.gateway.store.Table;
import dev.latchkey.transaction.ChainId;
import dev.latchkey.transaction.MemberRecord;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The registrations of members, in memory and on disk; one for each member and chain. Whoever is no active member any more
 * is not found from the block on that says so. Safe for use by many threads.
 */
public final class ResourceDirectory {
    private static final Logger LOG = LoggerFactory.getLogger(ResourceDirectory.class);

    private final Store store;
    private final Replicas replicas;
    private final Clock clock;
    private final DirectoryBounds bounds;
    private final ConcurrentSkipListMap<String, Registration> byId = new ConcurrentSkipListMap<>();
    private final LongAdder lookups = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final AtomicLong bytes = new AtomicLong(); // changes on the store's thread only, once opened

    private ResourceDirectory(Store store, Replicas replicas, Clock clock, DirectoryBounds bounds) {
        this.store = store;
        this.replicas = replicas;
        this.clock = clock;
        this.bounds = bounds;
    }

    /** Reads what is on disk; a row that is damaged is left out, with a warning. */
    public static ResourceDirectory open(Store store, Replicas replicas, Clock clock, DirectoryBounds bounds) {
        ResourceDirectory directory = new ResourceDirectory(store, replicas, clock, bounds);
        store.scan(Table.DIRECTORY, Bytes.EMPTY, Bytes.EMPTY, (key, row) -> {
            directory.bytes.addAndGet(row.size());
            try {
                Registration registration = Registration.decode(key, row);
                directory.byId.put(registration.id(), registration);
            } catch (MalformedCborException
                    | MalformedLinksException
                    | IllegalArgumentException
                    | IndexOutOfBoundsException e) {
                LOG.atWarn().addKeyValue("reason", e.getMessage()).log("a damaged registration is left out");
            }
            return true;
        });
        return directory;
    }

    public DirectoryBounds bounds() {
        return bounds;
    }

    /** Takes a registration in place of the member's last one; true when it is on disk, false when there is no room. */
    public CompletableFuture<Boolean> register(Registration registration) {
        return store.submit(draft -> put(draft, registration));
    }

    /** Changes a member's registration; empty if it has none, false when there is no room, or more attributes than one link holds. */
    public CompletableFuture<Optional<Boolean>> update(MemberHandle member, UnaryOperator<Registration> change) {
        return store.submit(draft -> of(member).map(change).map(after -> after.fits() && put(draft, after)));
    }

    /** Removes a member's registration; false if it has none. */
    public CompletableFuture<Boolean> remove(MemberHandle member) {
        return store.submit(draft -> {
            Optional<Registration> found = of(member);
            found.ifPresent(registration -> remove(draft, registration));
            return found.isPresent();
        });
    }

    /** The registration of a member that a path names, if it has one and it is that. */
    public Optional<Registration> of(MemberHandle member) {
        return Optional.ofNullable(byId.get(Registration.id(member))).filter(this::stands);
    }

    /** What is taken and done. */
    public DirectoryUse use() {
        return new DirectoryUse(byId.size(), bytes.get(), bounds.bytes(), lookups.sum(), refused.sum());
    }

    /** All that stand now, in the order of their ids, for one look-up. */
    public List<Registration> all() {
        lookups.increment();
        return byId.values().stream().filter(this::stands).toList();
    }

    /** Forgets what is over, and whose member is gone; of a chain that is not known yet nobody is gone. */
    public void sweep() {
        List<Registration> over = byId.values().stream()
                .filter(registration -> !stands(registration))
                .filter(registration -> registration.isOver(clock.millis()) || isKnown(registration.chain()))
                .toList();
        if (!over.isEmpty()) {
            store.submit(draft -> {
                over.stream()
                        .filter(registration -> byId.get(registration.id()) == registration)
                        .forEach(registration -> remove(draft, registration));
                return null;
            });
        }
    }

    private boolean put(Draft draft, Registration registration) {
        Bytes row = registration.encode();
        long growth = row.size() - sizeOf(draft, registration);
        if (growth > 0 && bytes.get() + growth > bounds.bytes()) {
            refused.increment();
            return false;
        }
        draft.put(Table.DIRECTORY, registration.key(), row);
        count(draft, growth);
        draft.afterCommit(() -> byId.put(registration.id(), registration));
        return true;
    }

    private void remove(Draft draft, Registration registration) {
        count(draft, -sizeOf(draft, registration));
        draft.delete(Table.DIRECTORY, registration.key());
        draft.afterCommit(() -> byId.remove(registration.id()));
    }

    private void count(Draft draft, long growth) {
        bytes.addAndGet(growth);
        draft.onUndo(() -> bytes.addAndGet(-growth));
    }

    private static long sizeOf(Draft draft, Registration registration) {
        return draft.get(Table.DIRECTORY, registration.key()).map(Bytes::size).orElse(0);
    }

    private boolean isKnown(ChainId chain) {
        return replicas.of(chain).flatMap(Replica::state).isPresent();
    }

    private boolean stands(Registration registration) {
        return !registration.isOver(clock.millis())
                && replicas.record(registration.chain(), registration.endpoint())
                        .filter(MemberRecord::isActive)
                        .filter(record -> record.id().equals(registration.member()))
                        .isPresent();
    }
}
