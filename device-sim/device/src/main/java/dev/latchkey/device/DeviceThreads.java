package dev.latchkey.device;

import dev.latchkey.coap.ClientThreads;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads that any number of devices in one process share; safe for use by many threads. Close it after them.
 */
public final class DeviceThreads implements AutoCloseable {
    private final ClientThreads network;
    private final ScheduledExecutorService work;

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
        work = Executors.newScheduledThreadPool(workThreads, daemons);
    }

    ClientThreads network() {
        return network;
    }

    Executor work() {
        return work;
    }

    /** Completes after a time. */
    CompletableFuture<Void> after(Duration wait) {
        CompletableFuture<Void> later = new CompletableFuture<>();
        work.schedule(() -> later.complete(null), wait.toMillis(), TimeUnit.MILLISECONDS);
        return later;
    }

    @Override
    public void close() {
        network.close();
        work.shutdownNow();
    }
}
