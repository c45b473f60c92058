package dev.latchkey.device;

import dev.latchkey.coap.ClientThreads;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads that any number of devices in one process share; safe for use by many threads. Close it after them.
 */
public final class DeviceThreads implements AutoCloseable {
    /** A task waits for a disk at most. */
    private static final long STOP_SECONDS = 5;

    private final ClientThreads network;
    private final ScheduledThreadPoolExecutor work;

    /**
     * @param networkThreads threads for DTLS and CoAP
     * @param workThreads threads for keys and files
     */
    public DeviceThreads(int networkThreads, int workThreads) {
        network = new ClientThreads(networkThreads);
        AtomicInteger count = new AtomicInteger();
        ThreadFactory daemons = task -> {
            Thread thread = new Thread(task, "device#" + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
        work = new ScheduledThreadPoolExecutor(workThreads, daemons);
        work.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        work.setRemoveOnCancelPolicy(true);
    }

    ClientThreads network() {
        return network;
    }

    Executor work() {
        return work;
    }

    /** Completes after a time. Who cancels it before is not held on to. */
    CompletableFuture<Void> after(Duration wait) {
        CompletableFuture<Void> later = new CompletableFuture<>();
        Future<?> timer = work.schedule(() -> later.complete(null), wait.toMillis(), TimeUnit.MILLISECONDS);
        later.whenComplete((done, cancelled) -> timer.cancel(false));
        return later;
    }

    /** What devices had begun is done when it returns: nothing is delivered and no file is written after it. */
    @Override
    public void close() {
        network.close();
        work.shutdown();
        try {
            if (!work.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
                work.shutdownNow();
            }
        } catch (InterruptedException e) {
            work.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
