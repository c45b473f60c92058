package dev.latchkey.sim.fleet;

import dev.latchkey.device.DeviceSettings;
import dev.latchkey.device.DeviceThreads;
import dev.latchkey.device.KeyPurpose;
import dev.latchkey.protocol.HandOver;
import dev.latchkey.sim.measure.Meter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.PrimitiveIterator;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Handhelds in one process, each with its own keys, directory and socket, sharing threads; safe for use by many threads.
 * Its steps are taken in the order of its methods.
 */
public final class Fleet implements AutoCloseable {
    /** A gateway hands out a new checkpoint at most once a second. */
    private static final Executor A_LITTLE_LATER = CompletableFuture.delayedExecutor(200, TimeUnit.MILLISECONDS);

    /** Handhelds wait for the network most of the time. */
    private static final int NETWORK_THREADS = 2;

    /** Most of their work waits for a disk. */
    private static final int WORK_THREADS = 8;

    /** To close one waits for its turn and for the farewell to its gateway. */
    private static final int CLOSING_THREADS = 16;

    private final Path directory;
    private final Account account;
    private final DeviceSettings settings;
    private final DeviceThreads threads = new DeviceThreads(NETWORK_THREADS, WORK_THREADS);
    private final ScheduledExecutorService tempo = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "fleet-tempo");
        thread.setDaemon(true);
        return thread;
    });
    private final ExecutorService closing = Executors.newFixedThreadPool(CLOSING_THREADS, task -> {
        Thread thread = new Thread(task, "fleet-closing");
        thread.setDaemon(true);
        return thread;
    });
    private final Map<String, Handheld> handhelds = new ConcurrentHashMap<>();
    private final Map<String, Outgoing> outgoing = new ConcurrentHashMap<>();
    private final AtomicInteger sending = new AtomicInteger();
    private final CompletableFuture<Void> sent = new CompletableFuture<>();
    private final Meter meter;
    private volatile Course.Running course;

    /**
     * @param directory where each handheld gets a directory of its name
     * @param account told of everything that is sent and opened
     * @param meter told of everything else
     */
    public Fleet(Path directory, Account account, Meter meter, DeviceSettings settings) {
        this.meter = meter;
        this.directory = directory;
        this.account = account;
        this.settings = settings;
    }

    /**
     * Every handheld makes its keys and joins.
     *
     * @param handOver what the operator hands to the handheld of a name
     * @param atATime joins under way at once: a fleet that is switched on is not one that attacks
     * @param joined run after each
     */
    public CompletableFuture<Void> join(
            Collection<String> names, Function<String, HandOver> handOver, int atATime, Runnable joined) {
        return Window.over(
                names, atATime, name -> join(name, handOver.apply(name)).thenRun(joined));
    }

    /** One handheld makes its keys and joins. */
    public CompletableFuture<Handheld> join(String name, HandOver handOver) {
        long began = System.nanoTime();
        return Handheld.join(name, directory.resolve(name), handOver, settings, threads, account)
                .thenApply(handheld -> {
                    meter.event("joined", System.nanoTime() - began);
                    handhelds.put(name, handheld);
                    return handheld;
                });
    }

    /** @throws IllegalArgumentException if no handheld of that name has joined */
    public Handheld handheld(String name) {
        Handheld handheld = handhelds.get(name);
        if (handheld == null) {
            throw new IllegalArgumentException("no such handheld");
        }
        return handheld;
    }

    /** The names of all that are members now. */
    public Set<String> names() {
        return Set.copyOf(handhelds.keySet());
    }

    /**
     * Completes when the gateway hands out a checkpoint under which the whole fleet stands: until then one handheld's
     * key may be proved absent to another that asks too soon.
     */
    public CompletableFuture<Void> settled() {
        Collection<Handheld> all = handhelds.values();
        long height = all.stream()
                .mapToLong(Handheld::recordHeight)
                .max()
                .orElseThrow(() -> new IllegalStateException("nobody has joined"));
        return settledAt(all.iterator().next(), height);
    }

    /** The same for one of them, as another one asks. */
    public CompletableFuture<Void> settled(Handheld joined, Handheld asking) {
        return settledAt(asking, joined.recordHeight());
    }

    private static CompletableFuture<Void> settledAt(Handheld asking, long height) {
        return asking.checkpointHeight()
                .thenCompose(known -> known >= height
                        ? CompletableFuture.<Void>completedFuture(null)
                        : CompletableFuture.runAsync(() -> {}, A_LITTLE_LATER)
                                .thenCompose(later -> settledAt(asking, height)));
    }

    /** Every handheld connects by its own key, observes its inbox, and asks for its recipient's key with proof. */
    public CompletableFuture<Void> prove(Function<String, String> recipientOf, int atATime, Runnable proved) {
        return Window.over(
                handhelds.values(),
                atATime,
                handheld -> prove(handheld, recipientOf.apply(handheld.name())).thenRun(proved));
    }

    /** One handheld observes its inbox and asks for a recipient's key with proof. */
    public CompletableFuture<Void> prove(Handheld handheld, String recipient) {
        handheld.observe();
        return timed("proved", () -> handheld.key(recipient));
    }

    /**
     * Every handheld sends what the plan has for it, for as long as the course goes on.
     *
     * @return completes when each has tried
     */
    public CompletableFuture<Void> send(Plan plan, Course wanted) {
        course = wanted.begin(account, tempo);
        // Counted before any of them can end.
        sending.set(1);
        List<Outgoing> all = new ArrayList<>();
        for (Handheld handheld : handhelds.values()) {
            all.add(outgoing(handheld, plan.numbersOf(handheld.name())));
        }
        all.forEach(this::begin);
        oneLess();
        return sent;
    }

    private Outgoing outgoing(Handheld handheld, PrimitiveIterator.OfInt numbers) {
        sending.incrementAndGet();
        Outgoing made = new Outgoing(handheld, numbers, course);
        outgoing.put(handheld.name(), made);
        return made;
    }

    private void begin(Outgoing each) {
        each.begin().thenRun(this::oneLess);
    }

    private void oneLess() {
        if (sending.decrementAndGet() == 0) {
            sent.complete(null);
        }
    }

    /** Who sends to whom now. */
    public Contacts contacts() {
        return course.course().contacts();
    }

    /**
     * One handheld sends a reading beside what the plan has for it.
     *
     * @return completes when the account knows what became of it
     */
    public CompletableFuture<Void> send(Handheld sender, Reading reading) {
        return sender.send(reading).thenAccept(sent -> {});
    }

    /**
     * One handheld sends no more; another sends what it had left, and gets what others send to it.
     *
     * @return completes when what was on its way has arrived or failed
     */
    public CompletableFuture<Void> takeOver(Handheld leaving, Handheld taking) {
        // The one that takes over is counted before the other one is not.
        sending.incrementAndGet();
        return outgoing.remove(leaving.name()).stop().thenAccept(left -> {
            contacts().replace(leaving.name(), taking.name());
            begin(outgoing(taking, left));
            oneLess();
        });
    }

    /** A handheld changes keys; what others sealed to the old ones is still opened. */
    public CompletableFuture<Void> rotate(String name, Set<KeyPurpose> which) {
        return timed("rotated", () -> handheld(name).rotate(which));
    }

    /** A handheld moves to a sibling of its sub-network, under the same name. */
    public CompletableFuture<Void> relocate(String name, String chainName) {
        return timed("relocated", () -> handheld(name).relocate(chainName));
    }

    /** A handheld leaves the chain for good. */
    public CompletableFuture<Void> leave(Handheld leaving) {
        handhelds.remove(leaving.name());
        return timed("left", leaving::leave);
    }

    private <T> CompletableFuture<Void> timed(String kind, Supplier<CompletableFuture<T>> work) {
        long began = System.nanoTime();
        return work.get().thenAccept(done -> meter.event(kind, System.nanoTime() - began));
    }

    /**
     * All handhelds end their connections and connect anew, at once; each as soon as what it has on its way has arrived.
     *
     */
    public CompletableFuture<Void> reconnect() {
        CompletableFuture<Void> again = new CompletableFuture<>();
        List<CompletableFuture<Void>> quiet =
                outgoing.values().stream().map(each -> each.pauseUntil(again)).toList();
        return CompletableFuture.allOf(quiet.toArray(CompletableFuture[]::new))
                .thenCompose(idle -> Window.over(handhelds.values(), Integer.MAX_VALUE, handheld -> {
                    long began = System.nanoTime();
                    return CompletableFuture.supplyAsync(handheld::reopen, closing)
                            .thenCompose(opened -> opened)
                            .thenRun(() -> meter.event("reconnected", System.nanoTime() - began));
                }))
                .whenComplete((done, failure) -> again.complete(null));
    }

    @Override
    public void close() {
        tempo.shutdownNow();
        List<CompletableFuture<Void>> all = handhelds.values().stream()
                .map(handheld -> CompletableFuture.runAsync(handheld::close, closing))
                .toList();
        CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).join();
        closing.shutdown();
        threads.close();
    }
}
