package dev.latchkey.gateway.job;

/** Somebody has asked the job to end. */
public final class JobCancelledException extends Exception {
    private static final long serialVersionUID = 1L;

    JobCancelledException() {
        super("cancelled");
    }
}
