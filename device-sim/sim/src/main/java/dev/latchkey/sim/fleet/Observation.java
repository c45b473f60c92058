package dev.latchkey.sim.fleet;

import dev.latchkey.senml.Pack;
import java.time.Instant;

/**
 * Something that was observed, ready to be sent; immutable.
 *
 * @param origin where it comes from, for people, such as {@code row 17}
 * @param at when it was observed
 * @param pack what was observed, without a base name
 */
public record Observation(String origin, Instant at, Pack pack) {}
