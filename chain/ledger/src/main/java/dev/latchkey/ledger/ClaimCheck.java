package dev.latchkey.ledger;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cose.EcVerifier;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;

/** Checks many signatures, on the caller's thread and as far as it is free on an executor. Stateless. */
final class ClaimCheck {
    private ClaimCheck() {}

    /** Whether every claim holds. One that stands in the list again, as a voucher of many joins does, is checked once. */
    static boolean allHold(List<SignatureClaim> all, EcVerifier verifier, Executor helpers) {
        Map<Bytes, SignatureClaim> bySignature = new HashMap<>();
        List<SignatureClaim> claims = new ArrayList<>();
        for (SignatureClaim claim : all) {
            if (!claim.equals(bySignature.putIfAbsent(claim.signature(), claim))) {
                claims.add(claim);
            }
        }
        return SharedWork.all(claims.size(), i -> claims.get(i).holds(verifier), helpers);
    }
}
