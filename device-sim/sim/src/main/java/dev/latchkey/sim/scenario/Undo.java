package dev.latchkey.sim.scenario;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends what was begun, the last first, when the work is over or when the process is told to end (Ctrl-C, SIGTERM); safe
 * for use by many threads.
 */
public final class Undo implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Undo.class);

    private final Thread hook = new Thread(this::interrupted, "undo");
    private final Runnable onInterrupt;
    private final AtomicBoolean interrupted = new AtomicBoolean();
    // Guarded by this.
    private final Deque<AutoCloseable> begun = new ArrayDeque<>();

    /** @param onInterrupt run when the process is told to end, after everything has been ended */
    public Undo(Runnable onInterrupt) {
        this.onInterrupt = onInterrupt;
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** Whatever it is, it will be ended; at once if the end has come already. */
    public <T extends AutoCloseable> T add(T resource) {
        synchronized (this) {
            if (!interrupted.get()) {
                begun.push(resource);
                return resource;
            }
        }
        end(resource);
        return resource;
    }

    /**
     * Does not return once the process was told to end: what fails from then on fails because of that, and whoever
     * pressed Ctrl-C is told so in one line. The process ends around the thread that waits here.
     */
    public void orEnd() throws InterruptedException {
        if (interrupted.get()) {
            new CountDownLatch(1).await();
        }
    }

    private void interrupted() {
        interrupted.set(true);
        endAll();
        onInterrupt.run();
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The process ends: the hook does the work, or has done it.
            return;
        }
        endAll();
    }

    private void endAll() {
        for (AutoCloseable next = next(); next != null; next = next()) {
            end(next);
        }
    }

    private synchronized AutoCloseable next() {
        return begun.poll();
    }

    private static void end(AutoCloseable resource) {
        try {
            resource.close();
        } catch (Exception e) {
            LOG.warn("something that was begun did not end cleanly", e);
        }
    }
}
