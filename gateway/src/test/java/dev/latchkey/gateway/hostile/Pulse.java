package dev.latchkey.gateway.hostile;

import dev.latchkey.gateway.harness.TestDevice;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** An honest member with a session, who asks one thing after the other and takes the time; safe for use by two threads. */
final class Pulse implements AutoCloseable {
    private static final long PAUSE_NANOS = 2_000_000;

    private final TestDevice device;
    private final Thread thread;
    private final List<Long> nanos = new ArrayList<>(); // guarded by this
    private volatile boolean ended;
    private volatile Exception failure;

    Pulse(TestDevice device) {
        this.device = device;
        thread = new Thread(this::run, "pulse");
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        try {
            while (!ended) {
                long start = System.nanoTime();
                if (!device.get("/p").code().isSuccess()) {
                    throw new IllegalStateException("the honest member was refused");
                }
                synchronized (this) {
                    nanos.add(System.nanoTime() - start);
                }
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        } catch (Exception e) {
            failure = e;
        }
    }

    /** Forgets what was measured so far. */
    synchronized void reset() {
        nanos.clear();
    }

    synchronized int count() {
        return nanos.size();
    }

    /** Of the answers since the last reset, in microseconds. */
    synchronized long micros(double quantile) {
        if (failure != null) {
            throw new AssertionError("the honest member was not served", failure);
        }
        List<Long> sorted = new ArrayList<>(nanos);
        Collections.sort(sorted);
        return sorted.isEmpty() ? 0 : sorted.get((int) Math.min(sorted.size() - 1, sorted.size() * quantile)) / 1_000;
    }

    @Override
    public void close() {
        ended = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        device.close();
    }
}
