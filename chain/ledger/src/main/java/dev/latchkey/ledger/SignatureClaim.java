package dev.latchkey.ledger;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.cose.EcVerifier;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * A signature that a rule asks for and that is still to be checked. Rules collect claims, so that the costly part can run
 * in parallel and apply can do without it; what must have been signed is not even written out there. Equal to another by
 * what it claims. Safe for use by many threads.
 */
public final class SignatureClaim {
    private final CoseKey key;
    private final Supplier<Bytes> message;
    private final Bytes signature;
    private final Refusal ifFalse;
    private volatile Bytes written;

    /**
     * A claim.
     *
     * @param key who must have signed
     * @param message what must have been signed; always the same
     * @param signature r ‖ s
     * @param ifFalse the refusal when it does not verify
     */
    public SignatureClaim(CoseKey key, Supplier<Bytes> message, Bytes signature, Refusal ifFalse) {
        this.key = key;
        this.message = message;
        this.signature = signature;
        this.ifFalse = ifFalse;
    }

    /** Whether the claim is true. */
    public boolean holds(EcVerifier verifier) {
        return verifier.verify(key, message(), signature);
    }

    /** r ‖ s. */
    public Bytes signature() {
        return signature;
    }

    /** The refusal when it does not verify. */
    public Refusal ifFalse() {
        return ifFalse;
    }

    private Bytes message() {
        Bytes known = written;
        if (known == null) {
            known = message.get();
            written = known;
        }
        return known;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SignatureClaim claim
                && key.equals(claim.key)
                && signature.equals(claim.signature)
                && ifFalse == claim.ifFalse
                && message().equals(claim.message());
    }

    @Override
    public int hashCode() {
        return Objects.hash(key, signature, ifFalse);
    }
}
