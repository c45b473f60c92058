package dev.latchkey.cloud.chain;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.checkpoint.Checkpoint;
import dev.latchkey.checkpoint.SignedCheckpoint;
import dev.latchkey.ledger.ChainState;
import java.time.Instant;

/**
 * A head that this node has verified and signed. Immutable.
 *
 * @param state the chain at that head
 * @param signed the checkpoint with this node's signature, and those of witnesses
 * @param encoded the checkpoint's bytes
 * @param signedAt the moment of this node's signature
 */
public record Published(ChainState state, SignedCheckpoint signed, Bytes encoded, Instant signedAt) {
    static Published of(ChainState state, SignedCheckpoint signed, Instant moment) {
        return new Published(state, signed, signed.encode(), moment);
    }

    /** The head's height. */
    public long height() {
        return state.height();
    }

    /** What was signed. */
    public Checkpoint checkpoint() {
        return signed.checkpoint();
    }

    /** How many of the policy's witnesses signed it. */
    public int witnesses() {
        return (int) state.policy().witnesses().gateways().stream()
                .filter(witness -> signed.parts().stream()
                        .anyMatch(part -> part.kid().equals(witness.sig().kid())))
                .count();
    }
}
