package dev.latchkey.proof;

import java.time.Duration;
import java.time.Instant;
import java.util.OptionalInt;

/**
 * What a verifier demands of a checkpoint beside the k signatures: that they are fresh, and so many fresh cosignatures.
 *
 * @param now the verifier's time
 * @param within how old a signature may be to count as fresh
 * @param witnesses how many fresh cosignatures; if none is given, the q of the policy
 */
public record Demand(Instant now, Duration within, OptionalInt witnesses) {
    /** How old a signature may be, unless somebody says otherwise. */
    public static final Duration FRESH = Duration.ofMinutes(10);

    public Demand {
        if (within.isNegative() || witnesses.orElse(0) < 0) {
            throw new IllegalArgumentException("a demand is out of range");
        }
    }

    /** What the policy asks for, not older than {@link #FRESH}. */
    public static Demand ofPolicy(Instant now) {
        return new Demand(now, FRESH, OptionalInt.empty());
    }

    /** The same with another number of cosignatures than the policy's. */
    public Demand withWitnesses(int q) {
        return new Demand(now, within, OptionalInt.of(q));
    }
}
