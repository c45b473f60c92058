package dev.latchkey.gateway.replica;

import dev.latchkey.checkpoint.SignedCheckpoint;
import dev.latchkey.cose.KeyId;
import dev.latchkey.proof.VerifiedCheckpoint;

/** What is done with checkpoints besides handing them out: cosigning good ones, keeping proof of lies. It only hands on. */
public interface CheckpointWatch {
    /** Does nothing and lets every key count. */
    CheckpointWatch NONE = new CheckpointWatch() {
        @Override
        public void verified(VerifiedCheckpoint checkpoint) {
            // Nobody cosigns.
        }

        @Override
        public void suspicious(SignedCheckpoint checkpoint) {
            // Nobody keeps proof.
        }

        @Override
        public boolean counts(KeyId signer) {
            return true;
        }
    };

    /** The replicas signed it, and it says exactly what this gateway computed for that height. */
    void verified(VerifiedCheckpoint checkpoint);

    /** It differs from what this gateway computed, or came with a block that does not follow; no signature is checked yet. */
    void suspicious(SignedCheckpoint checkpoint);

    /** Whether a replica's signature still counts here: not once there is proof that it signed two histories. */
    boolean counts(KeyId signer);
}
