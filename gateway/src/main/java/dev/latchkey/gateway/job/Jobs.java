package dev.latchkey.gateway.job;

import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * The jobs of this run of the gateway: one of a kind at a time, and those that ended last; safe for use by many threads.
 */
public final class Jobs implements AutoCloseable {
    /** What a kind of job does, and what its progress counts. */
    public record Offer(String unit, JobWork work) {}

    private final Map<JobKind, Offer> offers;
    private final int kept;
    private final Clock clock;
    private final LongConsumer changed;
    private final Deque<Job> jobs = new ArrayDeque<>(); // guarded by this, newest last
    private long last; // guarded by this
    private boolean closed; // guarded by this

    /**
     * Makes them ready.
     *
     * @param kept how many jobs that ended are remembered
     * @param changed told the id of a job whenever it has come further; must be quick
     */
    public Jobs(Map<JobKind, Offer> offers, int kept, Clock clock, LongConsumer changed) {
        this.offers = new EnumMap<>(offers);
        this.kept = kept;
        this.clock = clock;
        this.changed = changed;
    }

    /** Whether this gateway can do such a job, as it is configured. */
    public boolean offers(JobKind kind) {
        return offers.containsKey(kind);
    }

    /** Starts one that is offered; empty while another of its kind runs. */
    public Optional<JobStatus> start(JobKind kind) {
        Job job;
        synchronized (this) {
            if (closed
                    || jobs.stream()
                            .anyMatch(
                                    other -> other.isRunning() && other.status().kind() == kind)) {
                return Optional.empty();
            }
            Offer offer = offers.get(kind);
            last++;
            job = new Job(
                    last,
                    kind,
                    offer.unit(),
                    offer.work(),
                    clock,
                    one -> changed.accept(one.status().id()));
            jobs.addLast(job);
            forgetOldest();
            // Under the lock, so that close() finds it running or not at all.
            job.start();
        }
        changed.accept(job.status().id());
        return Optional.of(job.status());
    }

    /** All that are remembered, newest first. */
    public synchronized List<JobStatus> all() {
        forgetOldest();
        List<JobStatus> all = new ArrayList<>();
        jobs.descendingIterator().forEachRemaining(job -> all.add(job.status()));
        return all;
    }

    public Optional<JobStatus> get(long id) {
        return find(id).map(Job::status);
    }

    /** Has one end soon; false if it is over already or unknown. */
    public boolean cancel(long id) {
        return find(id).filter(Job::cancel).isPresent();
    }

    /** Ends those that run. */
    @Override
    public void close() {
        List<Job> running;
        synchronized (this) {
            closed = true;
            running = List.copyOf(jobs);
        }
        running.forEach(Job::close);
    }

    private synchronized Optional<Job> find(long id) {
        forgetOldest();
        return jobs.stream().filter(job -> job.status().id() == id).findFirst();
    }

    private void forgetOldest() {
        long over = jobs.stream().filter(job -> !job.isRunning()).count() - kept;
        for (Job job : List.copyOf(jobs)) {
            if (over > 0 && !job.isRunning()) {
                jobs.remove(job);
                over--;
            }
        }
    }
}
