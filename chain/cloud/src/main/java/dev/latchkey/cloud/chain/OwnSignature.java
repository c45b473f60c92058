package dev.latchkey.cloud.chain;

import dev.latchkey.checkpoint.SignedCheckpoint;
import java.util.Optional;

/**
 * This node's signature of a head, or why there is none.
 *
 * @param signed the signature, if there is one
 * @param reason what keeps the node from signing; {@link Alarm#NONE} if it signed or only has to wait
 */
record OwnSignature(Optional<SignedCheckpoint> signed, Alarm reason) {
    static OwnSignature of(SignedCheckpoint signed) {
        return new OwnSignature(Optional.of(signed), Alarm.NONE);
    }

    static OwnSignature not(Alarm reason) {
        return new OwnSignature(Optional.empty(), reason);
    }
}
