package dev.latchkey.gateway;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The threads that all parts of a gateway share; those that belong to one part it makes itself. */
final class GatewayThreads implements AutoCloseable {
    private static final int ASKING_THREADS = 4;
    private static final int MAX_ASKING = 128;

    private final ExecutorService workers = Executors.newFixedThreadPool(
            Math.max(2, Runtime.getRuntime().availableProcessors()), task -> daemon(task, "gateway-worker"));
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(task -> daemon(task, "gateway-timer"));
    private final ExecutorService asking = new ThreadPoolExecutor(
            ASKING_THREADS,
            ASKING_THREADS,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(MAX_ASKING),
            task -> daemon(task, "gateway-sibling"));

    /** For signatures and for reading the disk. What may wait for it is bounded by the requests in flight. */
    Executor workers() {
        return workers;
    }

    /** For what is due at a time; nothing on it takes long. */
    ScheduledExecutorService timer() {
        return timer;
    }

    /** For questions about other chains, which wait for the cloud: few at a time, and it refuses what has no room. */
    Executor asking() {
        return asking;
    }

    @Override
    public void close() {
        asking.shutdownNow();
        timer.shutdownNow();
        workers.shutdown();
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }
}
