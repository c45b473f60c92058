package dev.latchkey.gateway.replica;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.checkpoint.MalformedCheckpointException;
import dev.latchkey.checkpoint.SignedCheckpoint;
import dev.latchkey.ledger.ChainState;

/**
 * A verified state of the chain that was handed out under a checkpoint; immutable.
 *
 * @param state the whole state at that height
 * @param checkpoint the signed checkpoint that says so, encoded
 * @param handedOutMillis when it was first handed out, milliseconds since 1970
 */
public record Head(ChainState state, Bytes checkpoint, long handedOutMillis) {
    public long height() {
        return state.height();
    }

    /** The checkpoint, decoded. */
    public SignedCheckpoint signed() {
        try {
            return SignedCheckpoint.decode(checkpoint);
        } catch (MalformedCheckpointException e) {
            throw new IllegalStateException("this replica verified it", e);
        }
    }
}
