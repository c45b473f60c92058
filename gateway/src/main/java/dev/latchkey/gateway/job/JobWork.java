package dev.latchkey.gateway.job;

import java.io.IOException;

/** The work of one kind of job. */
@FunctionalInterface
public interface JobWork {
    /**
     * Does it, on a thread of its own.
     *
     * @return what came of it, for people
     * @throws JobCancelledException if it was ended; then nothing is left half done
     * @throws IOException if it failed, with a message for people
     */
    String run(Progress progress) throws IOException, JobCancelledException, InterruptedException;
}
