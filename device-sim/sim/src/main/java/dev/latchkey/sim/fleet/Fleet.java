package dev.latchkey.sim.fleet;

import dev.latchkey.device.DeviceSettings;
import dev.latchkey.device.DeviceThreads;
import dev.latchkey.protocol.HandOver;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Handhelds in one process, each with its own keys, directory and socket, sharing threads; safe for use by many threads.
 * Its steps are taken in the order of its methods.
 */
public final class Fleet implements AutoCloseable {
    /** Joins and key queries that are under way at once: a fleet that is switched on is not one that attacks. */
    private static final int AT_A_TIME = 4;
    /** A gateway hands out a new checkpoint at most once a second. */
    private static final Executor A_LITTLE_LATER = CompletableFuture.delayedExecutor(200, TimeUnit.MILLISECONDS);

    /** Handhelds wait for the network most of the time. */
    private static final int NETWORK_THREADS = 2;

    /** Most of their work waits for a disk. */
    private static final int WORK_THREADS = 8;

    private final Path directory;
    private final Plan plan;
    private final Account account;
    private final DeviceSettings settings;
    private final DeviceThreads threads = new DeviceThreads(NETWORK_THREADS, WORK_THREADS);
    private final Map<String, Handheld> handhelds = new ConcurrentHashMap<>();
    private final Latencies joins = new Latencies();

    /**
     * @param directory where each handheld gets a directory of its name
     * @param account told of everything that is sent and opened
     */
    public Fleet(Path directory, Plan plan, Account account, DeviceSettings settings) {
        this.directory = directory;
        this.plan = plan;
        this.account = account;
        this.settings = settings;
    }

    /**
     * Every handheld makes its keys and joins.
     *
     * @param handOver what the operator hands to the handheld of a name
     * @param joined run after each
     */
    public CompletableFuture<Void> join(Function<String, HandOver> handOver, Runnable joined) {
        return Window.over(plan.members(), AT_A_TIME, name -> {
            long began = System.nanoTime();
            return Handheld.join(name, directory.resolve(name), handOver.apply(name), settings, threads, account)
                    .thenAccept(handheld -> {
                        joins.add(System.nanoTime() - began);
                        handhelds.put(name, handheld);
                        joined.run();
                    });
        });
    }

    /**
     * Completes when the gateway hands out a checkpoint under which the whole fleet stands: until then one handheld's
     * key may be proved absent to another that asks too soon.
     */
    public CompletableFuture<Void> settled() {
        long height = handhelds.values().stream()
                .mapToLong(Handheld::recordHeight)
                .max()
                .orElseThrow(() -> new IllegalStateException("nobody has joined"));
        return settledAt(handhelds.values().iterator().next(), height);
    }

    private static CompletableFuture<Void> settledAt(Handheld asking, long height) {
        return asking.checkpointHeight()
                .thenCompose(known -> known >= height
                        ? CompletableFuture.<Void>completedFuture(null)
                        : CompletableFuture.runAsync(() -> {}, A_LITTLE_LATER)
                                .thenCompose(later -> settledAt(asking, height)));
    }

    /** Every handheld connects by its own key, observes its inbox, and asks for its recipient's key with proof. */
    public CompletableFuture<Void> prove(Runnable proved) {
        return Window.over(handhelds.values(), AT_A_TIME, handheld -> {
            handheld.observe();
            return handheld.key(plan.recipientOf(handheld.name())).thenRun(proved);
        });
    }

    /** Every handheld sends what the plan has for it; completes when each has tried. */
    public CompletableFuture<Void> send() {
        List<CompletableFuture<Void>> all = handhelds.values().stream()
                .map(handheld -> handheld.send(plan.of(handheld.name()).iterator()))
                .toList();
        return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new));
    }

    /** How long joins took, from the first handshake to the receipt that the gateway's verified block stands behind. */
    public Latencies joins() {
        return joins;
    }

    @Override
    public void close() {
        handhelds.values().forEach(Handheld::close);
        threads.close();
    }
}
