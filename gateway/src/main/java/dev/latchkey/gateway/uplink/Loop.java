package dev.latchkey.gateway.uplink;

import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread that does one thing again and again, and backs off when the cloud fails it; started and ended by its owner.
 */
final class Loop implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Loop.class);

    /** One round: some work, or some waiting for it. */
    @FunctionalInterface
    interface Turn {
        void run() throws IOException, InterruptedException;
    }

    private final Turn turn;
    private final Backoff backoff;
    private final Consumer<String> onFailure;
    private final Thread thread;
    private volatile boolean closed;

    /**
     * Makes a loop.
     *
     * @param onFailure told in words why a turn failed
     */
    Loop(String name, Turn turn, CloudTiming timing, Consumer<String> onFailure) {
        this.turn = turn;
        this.backoff = new Backoff(timing.firstRetry(), timing.longestRetry());
        this.onFailure = onFailure;
        this.thread = new Thread(this::run, name);
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Whether the thread is to end; a turn looks at it after it has published what {@link #close()} callers close. */
    boolean isEnding() {
        return closed;
    }

    /** Has the thread end after its turn. An interrupt does not wake a reader of an HTTP answer: close that as well. */
    void end() {
        closed = true;
        thread.interrupt();
    }

    /** Ends the thread and waits until it has ended. */
    @Override
    public void close() {
        end();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        while (!closed) {
            try {
                turn.run();
                backoff.reset();
            } catch (InterruptedException e) {
                LOG.debug("interrupted");
            } catch (IOException | RuntimeException e) {
                failed(e);
            }
        }
    }

    private void failed(Exception failure) {
        if (closed) {
            return;
        }
        String message = failure.getMessage();
        String reason = message == null ? failure.getClass().getSimpleName() : message;
        onFailure.accept(reason);
        Duration wait = backoff.next();
        LOG.atInfo()
                .addKeyValue("reason", reason)
                .addKeyValue("wait", wait)
                .log("the cloud cannot be used; trying again");
        try {
            Thread.sleep(wait.toMillis());
        } catch (InterruptedException e) {
            LOG.debug("interrupted");
        }
    }
}
