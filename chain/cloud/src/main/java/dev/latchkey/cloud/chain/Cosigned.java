package dev.latchkey.cloud.chain;

import dev.latchkey.checkpoint.SignedCheckpoint;
import java.util.Optional;

/**
 * What a node makes of a head that another replica of its cluster signed.
 *
 * @param verdict whether it signed it too, or why not
 * @param signed that head with this node's signature, if it signed
 */
public record Cosigned(Cosigning.Verdict verdict, Optional<SignedCheckpoint> signed) {
    static Cosigned not(Cosigning.Verdict reason) {
        return new Cosigned(reason, Optional.empty());
    }
}
