package dev.latchkey.coap;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TransferQueue;
import org.eclipse.californium.elements.util.ProtocolScheduledExecutorService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads of a server: one for timers, two for what runs in the background, the others for work; safe for use by many
 * threads. Californium and Scandium hand a request from job to job five times. What a thread hands on, that thread does
 * itself as soon as the job is done, without a lock and without waking anybody; only what comes from elsewhere goes through
 * the queue that all share.
 */
final class ServerThreads extends ScheduledThreadPoolExecutor implements ProtocolScheduledExecutorService {
    private static final Logger LOG = LoggerFactory.getLogger(ServerThreads.class);
    private static final int BACKGROUND_THREADS = 2;

    /** What one job may leave to its thread; more is for all. */
    private static final int MOST_OWN = 64;

    /** A request is some six jobs: who sends more than others does not keep a thread to himself. */
    private static final int MOST_OWN_IN_A_ROW = 8;

    /** For a thread that waits and has to look whether it shall end; it passes it on. */
    private static final Runnable WAKE = () -> {};

    private final TransferQueue<Runnable> shared = new LinkedTransferQueue<>();
    private final List<Worker> workers = new ArrayList<>();
    private final ScheduledThreadPoolExecutor background;

    /** A thread for work. */
    private final class Worker extends Thread {
        private final Queue<Runnable> own = new ArrayDeque<>();

        Worker(String name) {
            super(name);
        }

        boolean keeps(ServerThreads pool, Runnable job) {
            return pool == ServerThreads.this && own.size() < MOST_OWN && own.add(job);
        }

        @Override
        public void run() {
            int row = 0;
            while (true) {
                Runnable job = row < MOST_OWN_IN_A_ROW ? own.poll() : null;
                row = job == null ? 0 : row + 1;
                if (job == null) {
                    job = shared.poll();
                }
                if (job == null) {
                    job = own.poll();
                }
                if (job == null && isShutdown()) {
                    shared.add(WAKE);
                    return;
                }
                run(job == null ? next() : job);
            }
        }

        private Runnable next() {
            try {
                return shared.take();
            } catch (InterruptedException e) {
                return WAKE;
            }
        }

        private void run(Runnable job) {
            try {
                job.run();
            } catch (RuntimeException | Error e) {
                LOG.error("a job of the server failed", e);
            }
        }
    }

    /**
     * Starts them.
     *
     * @param threads for timers and work, at least 2
     * @param name what each thread's name begins with
     */
    ServerThreads(int threads, String name) {
        super(1, factory(name + "timer"));
        setRemoveOnCancelPolicy(true);
        background = new ScheduledThreadPoolExecutor(BACKGROUND_THREADS, factory(name + "background"));
        background.setRemoveOnCancelPolicy(true);
        for (int i = 0; i < threads - 1; i++) {
            workers.add(new Worker(name + i));
        }
        workers.forEach(Thread::start);
    }

    private static ThreadFactory factory(String name) {
        return job -> new Thread(job, name);
    }

    @Override
    public void execute(Runnable job) {
        if (Thread.currentThread() instanceof Worker && ((Worker) Thread.currentThread()).keeps(this, job)) {
            return;
        }
        if (isShutdown()) {
            throw new RejectedExecutionException("the server stops");
        }
        shared.add(job);
        if (isShutdown() && shared.remove(job)) {
            throw new RejectedExecutionException("the server stops");
        }
    }

    @Override
    public Future<?> submit(Runnable job) {
        return submit(job, null);
    }

    @Override
    public <T> Future<T> submit(Runnable job, T result) {
        FutureTask<T> task = new FutureTask<>(job, result);
        execute(task);
        return task;
    }

    @Override
    public <T> Future<T> submit(Callable<T> job) {
        FutureTask<T> task = new FutureTask<>(job);
        execute(task);
        return task;
    }

    @Override
    public ScheduledFuture<?> scheduleBackground(Runnable job, long delay, TimeUnit unit) {
        return background.schedule(job, delay, unit);
    }

    @Override
    public <V> ScheduledFuture<V> scheduleBackground(Callable<V> job, long delay, TimeUnit unit) {
        return background.schedule(job, delay, unit);
    }

    @Override
    public ScheduledFuture<?> scheduleBackgroundAtFixedRate(Runnable job, long first, long period, TimeUnit unit) {
        return background.scheduleAtFixedRate(job, first, period, unit);
    }

    @Override
    public ScheduledFuture<?> scheduleBackgroundWithFixedDelay(Runnable job, long first, long delay, TimeUnit unit) {
        return background.scheduleWithFixedDelay(job, first, delay, unit);
    }

    @Override
    public ScheduledExecutorService getBackgroundExecutor() {
        return background;
    }

    /** What is queued is still done, and what the jobs leave to their threads. */
    @Override
    public void shutdown() {
        background.shutdown();
        super.shutdown();
        shared.add(WAKE);
    }

    @Override
    public List<Runnable> shutdownNow() {
        shutdown();
        List<Runnable> left = new ArrayList<>(background.shutdownNow());
        left.addAll(super.shutdownNow());
        shared.drainTo(left);
        left.removeIf(job -> job == WAKE);
        shared.add(WAKE);
        workers.forEach(Thread::interrupt);
        return left;
    }

    @Override
    public boolean isTerminated() {
        return super.isTerminated() && workers.stream().noneMatch(Thread::isAlive);
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
        long deadline = System.nanoTime() + unit.toNanos(timeout);
        boolean ended = super.awaitTermination(timeout, unit);
        for (Worker worker : workers) {
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            worker.join(Math.max(1, left));
            ended &= !worker.isAlive();
        }
        return ended;
    }
}
