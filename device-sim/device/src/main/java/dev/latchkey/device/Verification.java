package dev.latchkey.device;

/** Whose word a device takes for another member's keys. Its own keys, moves and receipts are proved in both modes. */
public enum Verification {
    /**
     * Its own: a record counts with the path to it in the directory of a checkpoint that is fresh, that k replicas signed
     * and q witnesses cosigned, all of it proved from the chain id on.
     */
    SELF_VERIFIED,
    /**
     * Its gateway's, over DTLS with the key that the hand-over named or the chain proved: the fewest bytes and no
     * signature to check. The gateway can then show a key of its own in the place of a recipient's and read what is
     * sealed to it, withhold a rotation or a revocation, or say who sent a message. The device notices a record older than
     * one it has seen, and a checkpoint lower than the last; nothing else. Members that joined while the gateway's cloud was
     * away, and this device if it did, are there on that word until the chain decides.
     */
    DELEGATED
}
