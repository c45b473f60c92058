package dev.latchkey.gateway.job;

import dev.latchkey.gateway.job.JobStatus.State;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One run of one job; safe for use by many threads. */
final class Job implements Progress {
    private static final Logger LOG = LoggerFactory.getLogger(Job.class);
    private static final int MAX_TEXT = 500;

    private final Clock clock;
    private final Consumer<Job> changed;
    private final Thread thread;
    private JobStatus status; // guarded by this
    private boolean cancelled; // guarded by this

    Job(long id, JobKind kind, String unit, JobWork work, Clock clock, Consumer<Job> changed) {
        this.clock = clock;
        this.changed = changed;
        this.status = new JobStatus(
                id, kind, State.RUNNING, unit, 0, 0, "", Optional.empty(), clock.millis(), OptionalLong.empty());
        this.thread = new Thread(() -> run(work), "gateway-job-" + kind);
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    synchronized JobStatus status() {
        return status;
    }

    synchronized boolean isRunning() {
        return status.state() == State.RUNNING;
    }

    /** @return false if it is over already */
    boolean cancel() {
        synchronized (this) {
            if (!isRunning()) {
                return false;
            }
            cancelled = true;
            notifyAll();
        }
        return true;
    }

    /** Ends it and waits until it has. */
    void close() {
        if (cancel()) {
            thread.interrupt();
        }
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void total(long total) {
        long done = status().done();
        update(done, total, status().message());
    }

    @Override
    public void done(long done) {
        update(done, status().total(), status().message());
    }

    @Override
    public void message(String message) {
        update(status().done(), status().total(), message);
    }

    @Override
    public synchronized void check() throws JobCancelledException {
        if (cancelled) {
            throw new JobCancelledException();
        }
    }

    @Override
    public synchronized void pause(Duration longest) throws JobCancelledException, InterruptedException {
        if (!cancelled) {
            wait(Math.max(1, longest.toMillis()));
        }
        check();
    }

    private void run(JobWork work) {
        try {
            end(State.DONE, work.run(this), Optional.empty());
        } catch (JobCancelledException | InterruptedException e) {
            end(State.CANCELLED, "", Optional.empty());
        } catch (IOException | RuntimeException e) {
            fail(String.valueOf(e.getMessage()));
        } catch (Error e) {
            // Nobody waits for this thread; a job that stays "running" would keep the next one of its kind away.
            fail(e.toString());
        }
    }

    private void fail(String reason) {
        LOG.atWarn()
                .addKeyValue("job", status().kind())
                .addKeyValue("reason", reason)
                .log("a job failed");
        end(State.FAILED, "", Optional.of(cut(reason)));
    }

    private void update(long done, long total, String message) {
        synchronized (this) {
            status = new JobStatus(
                    status.id(),
                    status.kind(),
                    status.state(),
                    status.unit(),
                    done,
                    total,
                    cut(message),
                    status.error(),
                    status.startedMillis(),
                    status.endedMillis());
        }
        changed.accept(this);
    }

    private void end(State state, String message, Optional<String> error) {
        synchronized (this) {
            status = new JobStatus(
                    status.id(),
                    status.kind(),
                    state,
                    status.unit(),
                    status.done(),
                    status.total(),
                    message.isEmpty() ? status.message() : cut(message),
                    error,
                    status.startedMillis(),
                    OptionalLong.of(clock.millis()));
        }
        changed.accept(this);
    }

    private static String cut(String text) {
        return text.substring(0, Math.min(text.length(), MAX_TEXT));
    }
}
