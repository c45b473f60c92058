package dev.latchkey.cloud;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The node's own threads. Every queue is bounded; who finds one full is told so at once.
 *
 * @param workers answer requests and read the stores
 * @param checkers check signatures, in parallel; one for each core
 * @param line verifies blocks and signs checkpoints, behind apply; one thread
 * @param miners search for nonces where a chain's policy demands work; one thread, shared by turns, so that a node with
 *     two cores still answers
 * @param keeper looks after the mailboxes now and then, which may take minutes; one thread
 * @param timer what happens now and then; one thread
 */
record CloudThreads(
        ExecutorService workers,
        ExecutorService checkers,
        ExecutorService line,
        ExecutorService miners,
        ExecutorService keeper,
        ScheduledExecutorService timer)
        implements AutoCloseable {
    private static final int MAX_QUEUED = 32_768;
    private static final long STOP_SECONDS = 5;

    static CloudThreads start() {
        int cores = Runtime.getRuntime().availableProcessors();
        return new CloudThreads(
                pool("worker", Math.max(4, 2 * cores)),
                pool("checker", cores),
                Executors.newSingleThreadExecutor(named("line")),
                Executors.newSingleThreadExecutor(named("miner")),
                pool("keeper", 1),
                Executors.newSingleThreadScheduledExecutor(named("timer")));
    }

    private static ExecutorService pool(String name, int threads) {
        return new ThreadPoolExecutor(
                threads, threads, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(MAX_QUEUED), named(name));
    }

    private static ThreadFactory named(String name) {
        AtomicInteger count = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, "cloud-" + name + "-" + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    /** Lets running work end; what is still queued is dropped. */
    @Override
    public void close() {
        timer.shutdownNow();
        for (ExecutorService pool : new ExecutorService[] {checkers, line, miners, keeper, workers, timer}) {
            pool.shutdownNow();
        }
        try {
            for (ExecutorService pool : new ExecutorService[] {checkers, line, miners, keeper, workers, timer}) {
                pool.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
