package dev.latchkey.gateway.witness;

import dev.latchkey.checkpoint.SignedCheckpoint;

/** Brings to the cloud what a witness has to say about one chain; it only hands on. */
public interface WitnessOutlet {
    /** A new cosignature of this gateway; it takes the place of an earlier one that has not left yet. */
    void cosigned(SignedCheckpoint own);

    /** A proven lie of a replica. */
    void proven(ProvenLie lie);
}
