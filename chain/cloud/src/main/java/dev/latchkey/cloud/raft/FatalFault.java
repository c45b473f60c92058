package dev.latchkey.cloud.raft;

/** What to do when the state or the log is no longer known. Called from any thread; must not block. */
@FunctionalInterface
public interface FatalFault {
    /** Begins to stop the node; {@code cause} is the fault that was met. */
    void stop(Throwable cause);
}
