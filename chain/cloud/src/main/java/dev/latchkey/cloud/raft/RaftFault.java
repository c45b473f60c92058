package dev.latchkey.cloud.raft;

/** The replicated log cannot take the entry now: this node does not lead, is stopping, or its disk failed. */
public final class RaftFault extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** A fault. */
    public RaftFault(String message, Throwable cause) {
        super(message, cause);
    }
}
