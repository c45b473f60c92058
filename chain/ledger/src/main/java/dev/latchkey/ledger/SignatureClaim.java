package dev.latchkey.ledger;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.cose.EcVerifier;

/**
 * A signature that a rule asks for and that is still to be checked. Rules collect claims, so that the costly part can run
 * in parallel and apply can do without it.
 *
 * @param key who must have signed
 * @param message what must have been signed
 * @param signature r ‖ s
 * @param ifFalse the refusal when it does not verify
 */
public record SignatureClaim(CoseKey key, Bytes message, Bytes signature, Refusal ifFalse) {
    /** Whether the claim is true. */
    public boolean holds(EcVerifier verifier) {
        return verifier.verify(key, message, signature);
    }
}
