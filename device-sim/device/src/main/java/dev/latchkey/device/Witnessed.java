package dev.latchkey.device;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.cose.EcVerifier;

/** A verifier that remembers whether any signature was not good; used by one thread. */
final class Witnessed implements EcVerifier {
    private final EcVerifier verifier;
    private boolean allGood = true;

    Witnessed(EcVerifier verifier) {
        this.verifier = verifier;
    }

    @Override
    public boolean verify(CoseKey key, Bytes message, Bytes signature) {
        boolean good = verifier.verify(key, message, signature);
        allGood &= good;
        return good;
    }

    boolean allGood() {
        return allGood;
    }
}
