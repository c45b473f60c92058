package dev.latchkey.cloud.api;

import dev.latchkey.cloud.chain.NotSigningException;
import dev.latchkey.cloud.chain.OrderedChain;
import dev.latchkey.cloud.http.Refusal;
import dev.latchkey.cloud.raft.RaftFault;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;

/** What a client is told when there is no checkpoint for its answer. Stateless. */
final class NoCheckpoint {
    private static final int STATUS = 503;
    private static final String CODE = "no-checkpoint";

    private NoCheckpoint() {}

    /** The node has signed no head of this chain. */
    static Refusal of(OrderedChain chain) {
        return new Refusal(STATUS, CODE, chain.line().reason());
    }

    /**
     * Why a wait for the log and for a checkpoint after it failed, as an exception to throw. With no-checkpoint the entry
     * is in the log all the same.
     */
    static RuntimeException cause(Throwable fault) {
        Throwable cause = fault instanceof CompletionException ? fault.getCause() : fault;
        if (cause instanceof RaftFault) {
            return Refusal.notReady();
        }
        if (cause instanceof NotSigningException) {
            return new Refusal(STATUS, CODE, cause.getMessage());
        }
        if (cause instanceof TimeoutException) {
            return new Refusal(STATUS, CODE, "it is in the log, but its checkpoint is not signed yet");
        }
        return cause instanceof RuntimeException unchecked ? unchecked : new CompletionException(cause);
    }
}
