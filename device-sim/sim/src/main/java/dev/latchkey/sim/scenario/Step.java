package dev.latchkey.sim.scenario;

import dev.latchkey.device.KeyPurpose;
import java.util.Set;

/** One change of a churning fleet; immutable. */
sealed interface Step {
    /**
     * A member changes keys.
     *
     * @param which at least one
     */
    record Rotate(String name, Set<KeyPurpose> which) implements Step {}

    /** A new member takes the place of one that then leaves. */
    record Replace(String leaving, String joining) implements Step {}
}
