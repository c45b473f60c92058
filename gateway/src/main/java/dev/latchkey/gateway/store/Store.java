package dev.latchkey.gateway.store;

import dev.latchkey.bytes.Bytes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.rocksdb.Checkpoint;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.RocksIteratorInterface;
import org.rocksdb.WriteBatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The durable store; safe for use by many threads. Every change goes through one thread that takes what has queued up
 * since its last write, runs it in order, writes it as one batch with one fsync, and only then tells the callers: a
 * completed future means the change survives a power cut.
 *
 * <p>After a failed write or read the store takes nothing more, for nobody knows what the disk holds: every waiting
 * and every later unit fails with {@link StoreFault}, and the process has to open it again.
 */
public final class Store implements AutoCloseable {
    /** Most units under one fsync: bounds the memory of a group and how long its first unit waits. */
    static final int MAX_GROUP = 1024;

    /** Units that may wait for the writing thread; more is overload and refused. */
    public static final int QUEUE_LIMIT = 16_384;

    /**
     * How many of them may be the gateway's own, which wait for their turn: the next group is always ready, and what devices
     * ask finds room and does not stand behind all that a mailbox holds.
     */
    static final int OWN_LIMIT = 2 * MAX_GROUP;

    private static final Logger LOG = LoggerFactory.getLogger(Store.class);
    private static final Pending<?> STOP = new Pending<>(draft -> null);

    private final Database database;
    private final DiskRoom room;
    private final SyncedWrite write;
    private final Executor callers;
    private final BlockingQueue<Pending<?>> queue = new ArrayBlockingQueue<>(QUEUE_LIMIT);
    private final Semaphore own = new Semaphore(OWN_LIMIT, true);
    private final AtomicReference<StoreFault> fault = new AtomicReference<>();
    private final AtomicLong units = new AtomicLong();
    private final AtomicLong syncs = new AtomicLong();
    private final AtomicLong reclaimed = new AtomicLong(-1);
    private final ReadOptions reads = new ReadOptions();
    private final Thread writer;
    /** Held while all files are worked on, and by who closes them. */
    private final Object whole = new Object();

    private volatile Consumer<StoreFault> faultListener = fault -> {};
    private volatile boolean closing;

    private Store(Database database, DiskRoom room, SyncedWrite write, Executor callers) {
        this.database = database;
        this.room = room;
        this.write = write;
        this.callers = callers;
        this.writer = new Thread(this::drain, "store-writer");
        writer.setDaemon(true);
    }

    /** Unpacks and loads RocksDB's native library, unless that was done; {@link #open} does it by itself. */
    public static void loadLibrary() {
        RocksDB.loadLibrary();
    }

    /**
     * Opens or makes a store.
     *
     * @param callers runs what callers attached to their futures; never the writing thread
     */
    public static Store open(Path directory, Executor callers) throws StoreException {
        return open(directory, 0, callers);
    }

    /**
     * Opens or makes a store.
     *
     * @param reserve bytes of the file system that stay free of what comes in
     * @param callers runs what callers attached to their futures; never the writing thread
     */
    public static Store open(Path directory, long reserve, Executor callers) throws StoreException {
        Database database = Database.open(directory);
        return open(database, reserve, database::writeSynced, callers);
    }

    static Store open(Database database, SyncedWrite write, Executor callers) throws StoreException {
        return open(database, 0, write, callers);
    }

    private static Store open(Database database, long reserve, SyncedWrite write, Executor callers)
            throws StoreException {
        try {
            Store store = new Store(database, new DiskRoom(database.directory(), reserve), write, callers);
            store.writer.start();
            return store;
        } catch (IOException e) {
            database.close();
            throw new StoreException("the store's file system cannot be asked: " + database.directory(), e);
        }
    }

    /** What of the store was found to be damaged when it was opened, in words; empty if nothing was. */
    public List<String> damage() {
        return database.damage();
    }

    /** Nothing that the damage took will be done differently a second time; until then each opening tells of it again. */
    public void damageSettled() throws IOException {
        Damage.settled(database.directory());
    }

    /**
     * If the file system is down to its reserve, gives back to it the room of what was deleted since the last time. Takes a
     * while, in which everything else goes on.
     */
    public void reclaim() {
        long written = syncs.get();
        if (room.forMessages() || reclaimed.getAndSet(written) == written) {
            return;
        }
        try {
            synchronized (whole) {
                if (!closing) {
                    database.reclaim();
                }
            }
        } catch (RocksDBException e) {
            LOG.warn("the room of deleted rows could not be given back", e);
        }
    }

    /** What the file system has left. */
    public DiskRoom room() {
        return room;
    }

    /** Where the store lies; files beside its own may lie in a directory below. */
    public Path directory() {
        return database.directory();
    }

    /** Queues a unit of change, or fails at once with {@link StoreBusy} when too much is waiting. Never blocks. */
    public <T> CompletableFuture<T> submit(Work<T> work) {
        Pending<T> pending = new Pending<>(work);
        if (refusedAfterFault(pending)) {
            return pending.future();
        }
        if (!queue.offer(pending)) {
            pending.future().completeExceptionally(new StoreBusy());
        }
        refuseIfFaultRaced(pending);
        return pending.future();
    }

    /** Queues a unit of change, and waits while too many such units are on their way: for the gateway's own threads only. */
    public <T> CompletableFuture<T> submitWaiting(Work<T> work) throws InterruptedException {
        Pending<T> pending = new Pending<>(work);
        if (refusedAfterFault(pending)) {
            return pending.future();
        }
        own.acquire();
        pending.future().whenComplete((result, failure) -> own.release());
        queue.put(pending);
        refuseIfFaultRaced(pending);
        return pending.future();
    }

    /** What is on disk under a key. */
    public Optional<Bytes> get(Table table, Bytes key) {
        try {
            byte[] value = database.db().get(database.columns().of(table), reads, key.toArray());
            return value == null ? Optional.empty() : Optional.of(Bytes.wrap(value));
        } catch (RocksDBException e) {
            throw readFailed(new StoreFault("a read failed", e));
        }
    }

    /** The rows on disk whose key starts with a prefix, from a key on. */
    public void scan(Table table, Bytes prefix, Bytes from, Rows rows) {
        try (RocksIterator iterator =
                database.db().newIterator(database.columns().of(table), reads)) {
            walk(iterator, prefix, from, rows);
        } catch (StoreFault e) {
            throw readFailed(e);
        }
    }

    /**
     * Makes a copy as of one moment, with everything that was acknowledged before; work goes on meanwhile. Within one file
     * system it costs no room at first: the files are linked. The directory does not exist yet, its parent does.
     */
    public void copyTo(Path directory) throws IOException {
        try (Checkpoint checkpoint = Checkpoint.create(database.db())) {
            checkpoint.createCheckpoint(directory.toString());
        } catch (RocksDBException e) {
            throw new IOException("the store cannot be copied: " + e.getMessage(), e);
        }
    }

    /** Called once, on the writing thread, when the store has failed. */
    public void onFault(Consumer<StoreFault> listener) {
        faultListener = listener;
        StoreFault happened = fault.get();
        if (happened != null) {
            listener.accept(happened);
        }
    }

    public Optional<StoreFault> fault() {
        return Optional.ofNullable(fault.get());
    }

    /** Units that are on disk since this store was opened. */
    public long units() {
        return units.get();
    }

    /** Synced writes since this store was opened; many units share one. */
    public long syncs() {
        return syncs.get();
    }

    /** Units that wait for the writing thread. */
    public int waiting() {
        return queue.size();
    }

    /** Writes what is queued, then closes; a unit that comes later fails. */
    @Override
    public void close() {
        closing = true;
        boolean interrupted = false;
        while (true) {
            try {
                queue.put(STOP);
                writer.join();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        fail(new StoreFault("the store is closed", null));
        synchronized (whole) {
            reads.close();
            database.close();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    static void walk(RocksIterator iterator, Bytes prefix, Bytes from, Rows rows) {
        for (iterator.seek(from.toArray()); iterator.isValid(); iterator.next()) {
            Bytes key = Bytes.wrap(iterator.key());
            if (!key.startsWith(prefix) || !rows.row(key, Bytes.wrap(iterator.value()))) {
                return;
            }
        }
        checkEnd(iterator);
    }

    static void checkEnd(RocksIteratorInterface iterator) {
        try {
            iterator.status();
        } catch (RocksDBException e) {
            throw new StoreFault("a read failed", e);
        }
    }

    private void drain() {
        List<Pending<?>> group = new ArrayList<>(MAX_GROUP);
        GroupPace pace = new GroupPace();
        boolean stopping = false;
        while (!stopping) {
            try {
                group.add(queue.take());
            } catch (InterruptedException e) {
                continue;
            }
            pace.await();
            queue.drainTo(group, MAX_GROUP - 1);
            pace.began(group.size());
            stopping = group.remove(STOP);
            commit(List.copyOf(group));
            group.clear();
        }
    }

    private void commit(List<Pending<?>> group) {
        StoreFault before = fault.get();
        if (before != null) {
            group.forEach(pending -> pending.future().completeExceptionally(before));
            return;
        }
        try (Draft draft = new Draft(database.db(), database.columns(), reads)) {
            group.forEach(pending -> pending.run(draft));
            draft.finish();
            if (!draft.isEmpty()) {
                try (WriteBatch batch = draft.batch()) {
                    write.write(batch);
                }
                syncs.incrementAndGet();
            }
            units.addAndGet(group.size());
            draft.hooks().forEach(Store::runHook);
        } catch (RocksDBException e) {
            stop(new StoreFault("a synced write failed", e), group);
            return;
        } catch (StoreFault e) {
            stop(e, group);
            return;
        } catch (Error e) {
            stop(new StoreFault("the writing thread failed", e), group);
            throw e;
        }
        callers.execute(() -> group.forEach(Pending::tell));
    }

    /** A file that cannot be read may hold what was acknowledged: nothing more is taken until the next start has looked. */
    private StoreFault readFailed(StoreFault happened) {
        if (fault.get() == null) {
            stop(happened, List.of());
        }
        return happened;
    }

    private void stop(StoreFault happened, List<Pending<?>> group) {
        if (Damage.isIn(happened.getCause())) {
            Damage.suspect(database.directory());
        }
        LOG.error("the store failed; nothing more is accepted until it is opened again", happened);
        fail(happened);
        group.forEach(pending -> pending.future().completeExceptionally(happened));
        faultListener.accept(happened);
    }

    private void fail(StoreFault happened) {
        fault.compareAndSet(null, happened);
        List<Pending<?>> left = new ArrayList<>();
        queue.drainTo(left);
        left.remove(STOP);
        left.forEach(pending -> pending.future().completeExceptionally(happened));
    }

    private boolean refusedAfterFault(Pending<?> pending) {
        StoreFault happened = fault.get();
        if (happened != null || closing) {
            pending.future()
                    .completeExceptionally(happened != null ? happened : new StoreFault("the store is closing", null));
            return true;
        }
        return false;
    }

    /** A unit may enter the queue just after a fault has emptied it. */
    private void refuseIfFaultRaced(Pending<?> pending) {
        StoreFault happened = fault.get();
        if (happened != null && queue.remove(pending)) {
            pending.future().completeExceptionally(happened);
        }
    }

    private static void runHook(Runnable hook) {
        try {
            hook.run();
        } catch (RuntimeException e) {
            LOG.error("what should follow a write failed", e);
        }
    }

    /** Writes a batch and returns when it is on the disk. */
    @FunctionalInterface
    interface SyncedWrite {
        void write(WriteBatch batch) throws RocksDBException;
    }
}
