package dev.latchkey.gateway.witness;

import dev.latchkey.checkpoint.SignedCheckpoint;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.cose.EcVerifier;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Counts the valid signatures of a checkpoint. Stateless. */
final class Quorum {
    private static final long MAX_SECONDS = Instant.MAX.getEpochSecond();

    private Quorum() {}

    /** Those of the keys that signed it. */
    static List<CoseKey> signers(SignedCheckpoint signed, Collection<CoseKey> keys, EcVerifier verifier) {
        return keys.stream()
                .filter(key -> part(signed, key)
                        .filter(part -> signed.verifiedBy(part, key, verifier))
                        .isPresent())
                .toList();
    }

    /** The oldest of the k newest moments, if k of the keys signed it. */
    static Optional<Instant> moment(SignedCheckpoint signed, int k, Collection<CoseKey> keys, EcVerifier verifier) {
        List<Long> moments = new ArrayList<>();
        for (CoseKey signer : signers(signed, keys, verifier)) {
            moments.add(part(signed, signer).orElseThrow().seconds());
        }
        if (moments.size() < k) {
            return Optional.empty();
        }
        moments.sort(Comparator.reverseOrder());
        return Optional.of(Instant.ofEpochSecond(Math.min(moments.get(k - 1), MAX_SECONDS)));
    }

    private static Optional<SignedCheckpoint.Part> part(SignedCheckpoint signed, CoseKey key) {
        return signed.parts().stream()
                .filter(part -> part.kid().equals(key.kid()))
                .findFirst();
    }
}
