package dev.latchkey.gateway.job;

import java.time.Duration;

/** What a job's work says about itself while it runs; used by the job's thread. */
public interface Progress {
    /** How much there is to do, as far as is known. */
    void total(long total);

    /** How much of it is done, in all. */
    void done(long done);

    /** What it is at, for people. */
    void message(String message);

    /** @throws JobCancelledException if the job is to end */
    void check() throws JobCancelledException;

    /** Waits, at most until the job is to end. */
    void pause(Duration longest) throws JobCancelledException, InterruptedException;
}
